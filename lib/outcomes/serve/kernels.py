"""Visitors' kernels: started warm, over local sockets, ended when nobody needs them."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from tornado.log import app_log
from traitlets.config import Config

from outcomes import paths
from outcomes.kernels.provisioner import PRELOAD
from outcomes.parameters import load_parameters
from outcomes.serve.sessions import ENDED, Sessions
from outcomes.serve.settings import SECRETS, Settings

WARM, ORDINARY = "outcomes", "python3"
APPS = ("ipywidgets", "outcomes.apps.how_are_we_doing", "outcomes.apps.turn_the_curve")
"""What a live page imports beyond what every page does: loaded before a visitor comes."""


class Kernels:
    """The kernels of all open pages.

    Parameters
    ----------
    settings : Settings
        How the server serves.
    """

    def __init__(self, settings: Settings):
        self.sessions = Sessions(
            settings.max_sessions, idle=60 * settings.idle_minutes, lost=settings.lost_seconds
        )
        self._scratch = Path(tempfile.mkdtemp(prefix="outcomes-"))
        self.manager = _manager(self._scratch)
        self.name = WARM if WARM in KernelSpecManager().find_kernel_specs() else ORDINARY
        self._defaults = defaults(settings.run_file)

    async def warm_up(self) -> None:
        """Start and end one kernel, so that the first visitor finds the libraries loaded."""
        kernel_id = str(uuid4())
        self.sessions.open(kernel_id)
        with contextlib.suppress(Exception):
            await self.start(kernel_id, query="")
        await self.end(kernel_id)

    async def start(self, kernel_id: str, *, query: str):
        """Start a kernel for a page with a query string, and return its manager.

        Raises
        ------
        RuntimeError
            If the page was left in the meantime.
        """
        await ensure_async(
            self.manager.start_kernel(
                kernel_id=kernel_id, kernel_name=self.name, env=self._environment(query)
            )
        )
        if kernel_id not in self.sessions:
            await self._shut_down(kernel_id)
            raise RuntimeError("the page was left before its kernel had started")
        return self.manager.get_kernel(kernel_id)

    async def end(self, kernel_id: str, code: int = ENDED) -> None:
        """End a page's kernel, and tell whoever is connected why."""
        for socket in self.sessions.close(kernel_id):
            socket.close(code)
        await self._shut_down(kernel_id)

    async def sweep(self) -> None:
        """End the pages that nobody needs any more, and those whose kernel has died."""
        for kernel_id, code in self.sessions.overdue().items():
            await self.end(kernel_id, code)
        for kernel_id in self.sessions.ids():
            if kernel_id in self.manager and not await self._alive(kernel_id):
                app_log.warning("A page's kernel has died: %s", kernel_id)
                await self.end(kernel_id)

    async def end_all(self) -> None:
        """End every kernel, also one that is being started, and leave no file behind."""
        making = [self.sessions.made(kernel_id) for kernel_id in self.sessions.ids()]
        await asyncio.gather(*(self.end(kernel_id) for kernel_id in self.sessions.ids()))
        await asyncio.gather(*filter(None, making), return_exceptions=True)
        for kernel_id in self.manager.list_kernel_ids():
            await self._shut_down(kernel_id)
        shutil.rmtree(self._scratch, ignore_errors=True)

    async def _alive(self, kernel_id: str) -> bool:
        return await ensure_async(self.manager.get_kernel(kernel_id).is_alive())

    async def _shut_down(self, kernel_id: str) -> None:
        if kernel_id in self.manager:
            with contextlib.suppress(KeyError, web.HTTPError):
                await ensure_async(self.manager.shutdown_kernel(kernel_id, now=True))

    def _environment(self, query: str) -> dict[str, str]:
        """Return a kernel's surroundings: the server's own without its secrets, and the query."""
        own = {name: value for name, value in os.environ.items() if name not in SECRETS}
        return {
            **own,
            "OUTCOMES_HOME": str(paths.home()),
            **({"OUTCOMES_APP_DEFAULTS": self._defaults} if self._defaults else {}),
            "QUERY_STRING": query,
            "SERVER_SOFTWARE": "outcomes",
            "IPYTHONDIR": str(self._scratch / "ipython"),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }


def defaults(run_file: Path | None) -> str:
    """Return a run's first page as a query string, or an empty one without a run file."""
    if run_file is None:
        return ""
    parameters = load_parameters()
    page = parameters.pages(parameters.run(run_file))[0]
    asked = {name: value for name, value in page.model_dump().items() if name != "outcome"}
    return urlencode({name: value for name, value in asked.items() if value})


def _manager(scratch: Path) -> AsyncMappingKernelManager:
    """Return Jupyter's manager of kernels, for kernels that talk over local sockets.

    A kernel that dies is not started again: its page's state would be gone, and nobody would say so.
    """
    kernel = {"autorestart": False}
    if os.name != "nt":
        kernel["transport"] = "ipc"
    config = Config(
        {
            "KernelManager": kernel,
            "AsyncIOLoopKernelManager": kernel,
            "WarmProvisioner": {"preload": [*PRELOAD, *APPS]},
        }
    )
    return AsyncMappingKernelManager(
        config=config, root_dir=str(paths.home()), connection_dir=str(scratch)
    )
