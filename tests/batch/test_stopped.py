"""Runs that are stopped, killed or cut off: what was made is kept, and the run is carried on."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from outcomes.batch import Stopped, run_pages
from outcomes.batch.staging import Staging

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has other signals"),
]

RUN = "parameters/runs/quick.yml"


def until(condition, what: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def stopped(quick, *words: str):
    """Start a run that comes to stand at a gate with five of its pages made; return both."""
    gate = quick.gate("environment")
    run = quick.start(RUN, "--workers", "2", *words)
    ids = quick.waiting(gate)
    until(lambda: quick.done() == 5, "all pages but one are made")
    return run, gate, ids


def test_ctrl_c_says_in_one_line_how_to_carry_on_and_resume_makes_only_the_rest(quick):
    assert quick.run(RUN, "--only", "best_start")[0] == 0
    before = tree(quick.out)
    run, gate, ids = stopped(quick, "--force")
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert (run.returncode, said) == (
        130,
        f"stopped: 5 of 6 pages are done; carry on with: outcomes run {RUN} --resume\n",
    )
    assert tree(quick.out) == before
    until(lambda: not any(map(alive, ids)), "kernel and worker are gone")
    gate.touch()
    code, out, err = quick.run("--resume")
    assert (code, err) == (0, "")
    assert re.search(
        r"^1 page made in \d+ s, 5 unchanged and not made again\n5 pages of these", out, re.M
    )
    quick.all_right()


def test_a_run_that_was_killed_is_carried_on_by_running_it_again(quick):
    run, gate, ids = stopped(quick)
    run.kill()
    run.communicate(timeout=60)
    until(lambda: not any(map(alive, ids)), "kernel and worker are gone")
    assert not quick.out.exists()
    gate.touch()
    code, out, err = quick.run()
    assert (code, err) == (0, "")
    assert "\n5 pages of these had the interrupted run made\n" in out
    quick.all_right()


def test_carrying_on_takes_the_choices_of_the_interrupted_run(quick):
    gate = quick.gate("environment")
    run = quick.start(RUN, "--only", "environment", "--out", "elsewhere/mine")
    quick.waiting(gate)
    run.kill()
    run.communicate(timeout=60)
    gate.touch()
    assert quick.run(RUN, "--resume")[::2] == (
        12,
        f"Error: no run of {RUN} was interrupted: there is nothing to carry on. Leave out "
        "--resume.\n",
    )
    code, _, err = quick.run("--resume", "--out", "elsewhere/mine")
    assert (code, err) == (0, "")
    pages = {path.stem for path in (quick.home / "elsewhere" / "mine").rglob("*.ipynb")}
    assert pages == {"environment--nation"}


def test_force_begins_from_nothing(quick):
    run, gate, _ = stopped(quick)
    run.kill()
    run.communicate(timeout=60)
    gate.touch()
    code, out, err = quick.run(RUN, "--force")
    assert (code, err) == (0, "")
    assert re.search(r"^6 pages made in \d+ s$", out, re.M)


def test_nothing_to_carry_on_is_told(quick):
    assert quick.run("--resume") == (
        12,
        "",
        "Error: no run was interrupted: there is nothing to carry on. Leave out --resume.\n",
    )
    code, _, said = quick.run("--resume", "--force")
    assert code == 2
    assert said.endswith(
        "Error: --resume carries on what the interrupted run was asked; leave out --only, "
        "--locality, --as-of, --force and --explain\n"
    )


def test_a_second_run_of_the_same_name_is_refused_while_one_goes_on(quick):
    run, gate, _ = stopped(quick)
    code, out, said = quick.run()
    assert (code, out) == (12, "")
    assert re.fullmatch(
        r"Error: a run into outputs/quick is going on since [0-9T:+-]+. Wait until it is done, or "
        r"choose another folder with --out.\n",
        said,
    )
    gate.touch()
    assert run.communicate(timeout=60)[1] == ""
    assert run.returncode == 0
    quick.all_right()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no command to mount a small disk")
    if done.returncode:
        pytest.skip(f"mounting a small disk is not permitted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_stops_a_run_and_leaves_the_run_before(quick, small_disk):
    out = small_disk / "mine"
    assert run_pages(quick.run_file, out=out, workers=2).failed == ()
    before = tree(out)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 60_000))
    code, printed, said = quick.run(RUN, "--force", "--out", str(out))
    assert code == 12
    found = re.fullmatch(
        rf"stopped: the disk is full \({re.escape(str(small_disk))}\): (\d) of 6 pages are done; "
        rf"carry on with: outcomes run {RUN} --resume --out {re.escape(str(out))}\n",
        said,
    )
    assert found, said
    assert tree(out) == before
    filler.unlink()
    code, printed, said = quick.run("--resume", "--out", str(out))
    assert (code, said) == (0, "")
    assert f"{found[1]} unchanged and not made again" in printed or found[1] == "0"
    assert sorted(path.name for path in small_disk.iterdir()) == [".runs", "mine"]


def test_an_interrupt_from_within_is_the_same(quick):
    def interrupt(done, of, page):
        raise KeyboardInterrupt

    with pytest.raises(Stopped) as caught:
        run_pages(quick.run_file, progress=interrupt)
    assert str(caught.value) == (
        f"stopped: 1 of 6 pages are done; carry on with: outcomes run {RUN} --resume"
    )
    assert len(Staging(quick.out).pages()) == 1
    assert run_pages(None, resume=True).carried_on == 1
    quick.all_right()
