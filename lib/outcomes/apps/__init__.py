"""Live pages for people who do not code: widgets that join results, charts, tables and sentences.

An app is a Python object that shows itself in a cell; Voilà serves it, JupyterLab shows it too. What
it says comes from the same calls as a published page. It keeps its state in the page's address and
changes nothing that another visitor sees.
"""
