"""The run: plans pages, executes them by papermill, proves each, publishes them with a manifest.

Talks to notebooks by parameters and by the signed page only; computes no statistic. The only
writer of outputs/.
"""

from outcomes.batch.plan import Task, check_everything, plan
from outcomes.batch.run import RunReport, run_pages

__all__ = ["RunReport", "Task", "check_everything", "plan", "run_pages"]
