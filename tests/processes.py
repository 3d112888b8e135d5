"""What tests ask of processes that may end at any moment."""

import psutil


def running(process: psutil.Process) -> bool:
    """Whether a process runs: one that has ended and that nobody asked after does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
