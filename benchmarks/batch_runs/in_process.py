"""Makes pages in one Python process: `loop` by papermill and nbconvert, `floor` by exec alone.

    python in_process.py loop|floor TASKS.json

The floor has no kernel, no messages, no notebook file and no web page: only the cells of each page,
run in a fresh namespace, with what they display dropped into a list. It prints its results.
"""

import json
import sys
import time
from pathlib import Path

import nbformat


def loop(tasks: list[dict]) -> None:
    """Execute each page in the ordinary kernel and write its web page."""
    import papermill
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(exclude_input=True)
    for task in tasks:
        papermill.execute_notebook(
            task["notebook"],
            task["made"],
            parameters=task["page"],
            kernel_name="python3",
            progress_bar=False,
        )
        html, _ = exporter.from_filename(task["made"])
        Path(task["made"]).with_suffix(".html").write_text(html, encoding="utf-8")


def floor(tasks: list[dict]) -> None:
    """Run the cells of each page and print the seconds, imports left out, and the results."""
    from IPython.core.interactiveshell import InteractiveShell

    import outcomes.notebook  # noqa: F401

    InteractiveShell.instance()
    sources = {task["notebook"]: _cells(task["notebook"]) for task in tasks}
    results = {}
    started = time.perf_counter()
    for task in tasks:
        results[task["name"]] = _page(sources[task["notebook"]], task["page"])
    print(json.dumps({"seconds": time.perf_counter() - started, "results": results}))


def _cells(path: str) -> list[str | None]:
    """Return the code cells of a notebook; None stands for the one with the parameters."""
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    return [None if "parameters" in c.metadata.get("tags", []) else c.source for c in cells]


def _page(cells: list[str | None], settings: dict) -> list[dict]:
    from IPython.utils.capture import capture_output

    from outcomes.model import PAGE_MIME

    namespace = {"__name__": "__main__"}
    with capture_output() as shown:
        for source in cells:
            if source is None:
                namespace |= settings
            else:
                exec(compile(source, "cell", "exec"), namespace)
    return [o.data[PAGE_MIME] for o in shown.outputs if PAGE_MIME in o.data][-1]["results"]


if __name__ == "__main__":
    {"loop": loop, "floor": floor}[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text()))
