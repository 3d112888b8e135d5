"""Outcomes Workbench: where are we now, what evidence have we, where are we heading, place by place.

The words of the project are defined in `outcomes.model`. Notebooks start from `outcomes.notebook`;
the command line starts from `outcomes.cli`.
"""

__version__ = "0.1.0"
