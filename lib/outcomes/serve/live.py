"""A live page: its frame at once, and what its cells show when a kernel of its own has run them.

The browser loads Voilà's front end while the kernel works; that asks for the kernel, and is answered
when the cells have run.
"""

import asyncio
import json
from uuid import uuid4

from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError
from tornado import web
from tornado.log import app_log
from voila.execute import VoilaExecutor

from outcomes.serve import files
from outcomes.serve.handlers import Guarded
from outcomes.serve.kernels import Kernels
from outcomes.serve.notebooks import App, apps

LONGEST = 60
"""Seconds that a cell may take."""
SHOWN = ("display_data", "execute_result")
FAILURES = (CellExecutionError, CellControlSignal, DeadKernelError, RuntimeError, TimeoutError)


class Live(Guarded):
    """The address of a live page."""

    def get(self, name: str) -> None:
        """Send the page's frame and start its kernel, or say that all places are taken."""
        app = apps().get(name)
        if app is None:
            raise web.HTTPError(404)
        if self.request.headers.get("Sec-Fetch-Dest", "document") != "document":
            raise web.HTTPError(403)  # another site's picture or frame would start kernels here
        if self.kernels.sessions.full:
            raise web.HTTPError(503)
        kernel_id = str(uuid4())
        made = asyncio.create_task(outputs(app, self.kernels, kernel_id, self.request.query))
        self.kernels.sessions.open(kernel_id, made)
        front = f"{self.base_url}files/{files.version()}"
        config = front_end(self.base_url, front, kernel_id)
        self.finish(self.page("live.html.j2", title=app.title, front=front, config=config))


class Model(Guarded):
    """What Voilà's front end asks of a kernel before it connects."""

    async def get(self, kernel_id: str) -> None:
        """Say that the kernel is there, once it is ready, and what its cells show."""
        made = self.kernels.sessions.made(kernel_id)
        shown = await asyncio.shield(made) if made and not made.cancelled() else None
        if shown is None:
            await self.kernels.end(kernel_id)
            raise web.HTTPError(404)
        self.kernels.sessions.begun(kernel_id)
        self.finish({"id": kernel_id, "name": self.kernels.name, "outputs": shown})


async def outputs(app: App, kernels: Kernels, kernel_id: str, query: str) -> list[dict] | None:
    """Return what an app's cells show, or None if one of them failed; the log says why."""
    try:
        kernel = await kernels.start(kernel_id, query=query)
        notebook = app.cells()
        runner = VoilaExecutor(notebook, km=kernel, timeout=LONGEST)
        client = await runner.async_start_new_kernel_client()
        try:
            for number, cell in enumerate(notebook.cells):
                await runner.async_execute_cell(cell, number, store_history=False)
        finally:
            client.stop_channels()
    except FAILURES:
        if kernel_id in kernels.sessions:
            app_log.exception("The page %s could not be made", app.name)
        return None
    shown = [output for cell in notebook.cells for output in cell.outputs]
    return [{**output, "trusted": True} for output in shown if output.output_type in SHOWN]


def front_end(base: str, front: str, kernel_id: str) -> str:
    """Return what Voilà's front end reads, safe to stand in a script element."""
    config = {
        "baseUrl": base,
        "appUrl": "apps/",
        "kernelId": kernel_id,
        "fullStaticUrl": f"{front}/static",
        "fullLabextensionsUrl": f"{front}/extensions",
        "fullMathjaxUrl": f"{front}/mathematics.js",
        "federated_extensions": files.extensions(),
        "terminalsAvailable": False,
        "progressiveRendering": False,
    }
    return json.dumps(config).replace("<", "\\u003c")
