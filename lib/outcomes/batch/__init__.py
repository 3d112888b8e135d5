"""The run: plans pages, makes what changed, proves each, publishes them with a manifest.

Talks to notebooks by parameters and by the signed page only; computes no statistic. The only
writer of outputs/.
"""

from outcomes.batch.execute import Limits
from outcomes.batch.making import RunReport
from outcomes.batch.plan import Task, check_everything, plan
from outcomes.batch.progress import Progress
from outcomes.batch.run import Stopped, explain_pages, run_pages

__all__ = [
    "Limits",
    "Progress",
    "RunReport",
    "Stopped",
    "Task",
    "check_everything",
    "explain_pages",
    "plan",
    "run_pages",
]
