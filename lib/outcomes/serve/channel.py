"""The line between a page and its kernel, and the few messages that may pass.

What a page says is read, checked, and written anew: what was checked is what the kernel gets. What a
kernel says passes if a page needs it; an error stays in the server's log.
"""

import json

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.log import app_log

from outcomes.serve.handlers import Guarded

PROTOCOL = "v1.kernel.websocket.jupyter.org"
FROM_PAGE = {
    "kernel_info_request",
    "comm_info_request",
    "comm_open",
    "comm_msg",
    "comm_close",
}
FROM_KERNEL = {
    "kernel_info_reply",
    "comm_info_reply",
    "comm_open",
    "comm_msg",
    "comm_close",
    "status",
}
CONTROL = "jupyter.widget.control"
"""The only comm that a page opens: it asks for the state of the widgets that are there."""
KEPT = ("msg_id", "msg_type", "session", "date", "version")
FAILED = json.dumps({"outcomes": "failed"})
"""What the page's script is told when a choice could not be worked out."""


MOST_PARTS = 64
"""Offsets that a message begins with: a channel, four parts, and what a page sends as bytes."""


def checked(message: bytes) -> list[bytes]:
    """Return the parts of a page's message as its kernel may get them.

    Raises
    ------
    ValueError
        If it is not a message that a page may send.
    """
    # Jupyter's reader believes any number of parts, and would count up to it.
    if not 4 <= int.from_bytes(message[:8], "little") <= MOST_PARTS:
        raise ValueError("it cannot be read")
    try:
        channel, parts = deserialize_msg_from_ws_v1(message)
        header, _, about, content = (json.loads(part) for part in parts[:4])
        kind = header["msg_type"]
        kept = {name: header[name] for name in KEPT if isinstance(header.get(name), str)}
        version = {name: str(about[name]) for name in ("version",) if name in about}
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise ValueError("it cannot be read") from None
    if not isinstance(content, dict) or not isinstance(kind, str):
        raise ValueError("its parts are not what they should be")
    if channel != "shell" or kind not in FROM_PAGE:
        raise ValueError(f"{kind!r} on {channel!r} is not one that a page may send")
    if kind == "comm_open" and content.get("target_name") != CONTROL:
        raise ValueError(f"it would open {content.get('target_name')!r}")
    own = [{**kept, "username": "visitor"}, {}, version, content]
    return [*(json.dumps(part).encode() for part in own), *parts[4:]]


class Channel(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel."""

    limit_rate = False

    def handle_incoming_message(self, incoming_msg: bytes) -> None:
        """Hand on what a page may say; drop the rest, with a line in the log."""
        if not self.channels:
            return
        try:
            parts = checked(incoming_msg if isinstance(incoming_msg, bytes) else b"")
        except ValueError as why:
            app_log.warning("A page's message was not passed on: %s", str(why)[:200])
            return
        if b'"comm_msg"' in parts[0]:
            self.websocket_handler.heard()
        self.session.send_raw(self.channels["shell"], parts)

    def handle_outgoing_message(self, stream: object, outgoing_msg: list) -> None:
        """Hand on what a page needs; keep errors and prints for the log."""
        _, parts = self.session.feed_identities(outgoing_msg)
        kind = json.loads(bytes(parts[1]))["msg_type"]
        if kind in FROM_KERNEL:
            super().handle_outgoing_message(stream, outgoing_msg)
        elif kind == "error":
            told = json.loads(bytes(parts[4]))
            app_log.error("A page's choice failed:\n%s", "\n".join(told.get("traceback", [])))
            self.websocket_handler.write_message(FAILED)
        elif kind == "stream":
            app_log.info("A page said: %s", json.loads(bytes(parts[4])).get("text", "").rstrip())


class ChannelHandler(Guarded, KernelWebsocketHandler):
    """The address of a page's connection."""

    kernel_websocket_connection_class = Channel

    async def get(self, kernel_id: str) -> None:
        """Open the connection, if this is an open page's kernel."""
        self.require(kernel_id)
        await super().get(kernel_id)

    async def open(self, kernel_id: str) -> None:
        """Note the connection; one that does not speak the protocol is closed."""
        if self.selected_subprotocol != PROTOCOL:
            self.close(1002)
            return
        self.kernels.sessions.connect(kernel_id, self)
        await super().open(kernel_id)

    def heard(self) -> None:
        """Note that the visitor chose something."""
        self.kernels.sessions.hear(self.kernel_id)

    def on_close(self) -> None:
        """Note the end of the connection."""
        self.kernels.sessions.disconnect(self.kernel_id, self)
        if self.connection:
            super().on_close()
