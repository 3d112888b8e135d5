"""The server: its addresses, its start, and its end."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import webbrowser
from collections.abc import Callable

from jupyter_server.auth.authorizer import AllowAllAuthorizer
from tornado.httpserver import HTTPServer
from tornado.ioloop import PeriodicCallback
from tornado.log import app_log
from tornado.web import Application

from outcomes.errors import RunError
from outcomes.serve import files, identity
from outcomes.serve.channel import Channel, ChannelHandler
from outcomes.serve.handlers import KERNEL, Close, Health, Missing
from outcomes.serve.kernels import Kernels
from outcomes.serve.live import Live, Model
from outcomes.serve.pages import Find, Front, Paper
from outcomes.serve.published import Published
from outcomes.serve.settings import Settings

SWEEP = 1000
"""Milliseconds between two looks at which pages are still needed."""
LARGEST_MESSAGE = 2_000_000
"""Bytes of what a page may say at once: a scenario file is some thousand."""
PING = 30_000
"""Milliseconds between two questions whether a page is still there, and for its answer."""
LARGEST_HEAD = 16_384
LARGEST_BODY = 65_536


def application(settings: Settings, kernels: Kernels) -> Application:
    """Return the server's addresses."""
    base, people = settings.base_url, identity.provider(settings)
    addresses = [
        ("", Front),
        ("health", Health),
        (r"apps/([a-z0-9_]+)", Live),
        (rf"apps/close/{KERNEL}", Close),
        ("published/find", Find),
        (r"published/(.+)", Paper),
        (rf"files/{files.version()}/(.+)", files.Shipped),
        (rf"api/kernels/{KERNEL}", Model),
        (rf"api/kernels/{KERNEL}/channels", ChannelHandler),
    ]
    addresses += identity.addresses(people)
    return Application(
        [(base + address, *handler) for address, *handler in addresses],
        default_handler_class=Missing,
        base_url=base,
        kernels=kernels,
        kernel_manager=kernels.manager,
        published=Published(settings.run_file),
        identity_provider=people,
        authorizer=AllowAllAuthorizer(identity_provider=people),
        kernel_websocket_connection_class=Channel,
        allow_remote_access=not settings.local or settings.behind_hub,
        local_hostnames=["localhost"],
        cookie_secret=secrets.token_bytes(32),
        login_url=f"{base}login",
        websocket_max_message_size=LARGEST_MESSAGE,
        ws_ping_timeout=PING,
        log_function=_log,
    )


def serve(settings: Settings, *, say: Callable[[str], None], browser: bool = False) -> None:
    """Serve until stopped; then end every kernel.

    Parameters
    ----------
    settings : Settings
        How.
    say : callable
        Is told the address.
    browser : bool
        Whether to open it in a browser.

    Raises
    ------
    ParameterError
        If these settings may not be served.
    RunError
        If the port is taken.
    """
    settings.check()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    asyncio.run(_serve(settings, say, browser))


async def _serve(settings: Settings, say: Callable[[str], None], browser: bool) -> None:
    kernels = Kernels(settings)
    try:
        listening = _listen(settings)
        address = f"http://{settings.host}:{listening.getsockname()[1]}{settings.base_url}"
        server = HTTPServer(
            application(settings, kernels),
            max_header_size=LARGEST_HEAD,
            max_body_size=LARGEST_BODY,
            xheaders=settings.behind_hub,
        )
        server.add_socket(listening)
        await kernels.warm_up()
        say(address)
        if browser:
            webbrowser.open(address)
        sweep = PeriodicCallback(kernels.sweep, SWEEP)
        sweep.start()
        await _told_to_stop()
        sweep.stop()
        server.stop()
    finally:
        await kernels.end_all()


def _listen(settings: Settings) -> socket.socket:
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family = min(each[0] for each in found)
        listening = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        named = isinstance(error, socket.gaierror)
        why = error.strerror if named else os.strerror(error.errno)
        raise RunError(
            f"cannot listen on {settings.host}, port {settings.port}: {why}. Give another with "
            "--port, or --port 0 for any that is free."
        ) from None
    listening.setblocking(False)
    return listening


async def _told_to_stop() -> None:
    """Wait for Ctrl-C or the system's request to end."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _log(handler: object) -> None:
    """Note what the server failed at; what visitors look at is nobody's business."""
    if handler.get_status() >= 500 and handler.get_status() != 503:
        app_log.error("%s %s", handler.get_status(), handler.request.path)
