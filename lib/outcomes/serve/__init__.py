"""Live pages on the web: the server behind `outcomes serve`.

Voilà's front end and executor, behind handlers of our own: every address that the server answers is
one of a short list, and whatever goes to or comes from a visitor's kernel is one of a short list of
messages. Computes nothing; the pages do, each in a kernel of its own.
"""

from outcomes.serve.server import serve
from outcomes.serve.settings import Settings

__all__ = ["Settings", "serve"]
