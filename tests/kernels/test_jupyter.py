"""Jupyter's own programs find the kernel and use it unmodified."""

import json
import os
import subprocess
import sys
import urllib.request

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

TOKEN = "a-token-of-this-test"


def notebook(*cells: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "outcomes", "language": "python", "display_name": ""}
    made.cells[0].metadata["tags"] = ["parameters"]
    return made


PARENT = "import psutil; print('nursery' in ' '.join(psutil.Process().parent().cmdline()), place)"


def test_the_kernel_and_its_provisioner_are_found():
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(listed.stdout)["kernelspecs"]["outcomes"]["spec"]
    assert found["display_name"] == "Python 3 (outcomes)"
    spec = KernelSpecManager().get_kernel_spec("outcomes")
    assert KernelProvisionerFactory.instance().is_provisioner_available(spec)


def test_what_jupyter_imports_is_light():
    code = "import outcomes.kernels.provisioner, sys; print({'numpy', 'pandas', 'IPython'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_nbclient_runs_a_notebook_in_a_warm_kernel():
    made = notebook("place = 'A'", PARENT)
    NotebookClient(made, kernel_name="outcomes", timeout=60).execute()
    assert made.cells[1].outputs[0].text == "True A\n"


def test_papermill_runs_a_notebook_in_a_warm_kernel(tmp_path):
    nbformat.write(notebook("place = 'A'", PARENT), tmp_path / "in.ipynb")
    done = papermill.execute_notebook(
        str(tmp_path / "in.ipynb"), None, parameters={"place": "B"},
        kernel_name="outcomes", progress_bar=False,
    )  # fmt: skip
    assert done.cells[-1].outputs[0].text == "True B\n"


@pytest.fixture
def server(tmp_path, until):
    """A Jupyter server on a free port, and a way to ask it."""
    runtime = tmp_path / "jupyter_runtime_dir"
    command = [
        sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        "--port=0", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={tmp_path}",
    ]  # fmt: skip
    with (
        (tmp_path / "log").open("w", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=os.environ) as process,
    ):
        until(lambda: [*runtime.glob("jpserver-*.json")], "the server to start")
        (about,) = runtime.glob("jpserver-*.json")
        until(lambda: about.read_text(encoding="utf-8").endswith("}"), "the server's address")
        address = json.loads(about.read_text(encoding="utf-8"))["url"]

        def ask(path: str, body: dict | None = None) -> object:
            request = urllib.request.Request(
                f"{address}api/{path}",
                data=json.dumps(body).encode() if body else None,
                headers={"Authorization": f"token {TOKEN}"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)

        until(lambda: answers(ask), "the server to answer")
        yield process, ask
        process.kill()


def answers(ask) -> bool:
    try:
        return bool(ask("status"))
    except OSError:
        return False


def test_a_jupyter_server_starts_warm_kernels_and_leaves_none_when_killed(server, until_gone):
    process, ask = server
    started = [ask("kernels", {"name": "outcomes"})["id"] for _ in range(2)]
    assert {kernel["id"] for kernel in ask("kernels")} == set(started)
    (nursery,) = psutil.Process(process.pid).children()
    kernels = nursery.children()
    assert "outcomes.kernels.nursery" in nursery.cmdline()
    assert len(kernels) == 2
    process.kill()
    until_gone(nursery, *kernels)
