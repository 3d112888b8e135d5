"""Every committed notebook runs top to bottom with its defaults, as JupyterLab runs it."""

import tempfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from outcomes.model import PAGE_MIME

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAMES = sorted(
    path.relative_to(NOTEBOOKS).as_posix()
    for path in NOTEBOOKS.rglob("*.ipynb")
    if not {".ipynb_checkpoints", "explore", "apps"} & set(path.parts)
)
"""Live pages sign nothing; tests/apps runs them."""


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_runs_with_its_defaults_from_its_own_folder(own_home, monkeypatch, name):
    # JupyterLab starts a kernel in the notebook's folder, and nothing tells it where the home is.
    monkeypatch.delenv("OUTCOMES_HOME")
    path = own_home / "notebooks" / name
    notebook = nbformat.read(path, as_version=4)
    sockets = Path(tempfile.mkdtemp()) / "kernel"
    client = NotebookClient(
        notebook,
        timeout=120,
        resources={"metadata": {"path": str(path.parent)}},
        config=Config({"KernelManager": {"transport": "ipc", "ip": str(sockets)}}),
    )
    client.execute()
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert [o for o in outputs if o.output_type in ("stream", "error")] == []
    (signed,) = [o.data[PAGE_MIME] for o in outputs if PAGE_MIME in o.get("data", {})]
    assert signed["page"]["locality"] == "X10000001"
    assert signed["notice"] == "sample data, not a real place"
