"""What every address has in common: headers, who may come in, and plain words when it fails."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.httputil import url_concat

from outcomes.serve.files import style

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PAPER = {**POLICY, "script-src": "'none'", "connect-src": "'none'", "img-src": "data:"}
"""For published pages, which have no script."""
WORDS = {
    400: ("This address cannot be read", "It may be cut short, or too long."),
    403: ("This page is not open to you", "The request did not come from a page of this site."),
    404: ("There is no such page", "The link may be old, or a letter may be missing in it."),
    405: ("This page cannot be asked that way", "Open it by its address."),
    503: (
        "All places are taken",
        "As many people as this server can serve have a page open now. Try again in a minute: pages "
        "that nobody uses are closed.",
    ),
}
SORRY = ("Something went wrong here", "It is not your doing, and it was written down. Try again.")

_templates = Environment(
    loader=PackageLoader("outcomes.serve", "template"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def policy(rules: dict[str, str]) -> str:
    """Return a content security policy as a header has it."""
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class Guarded(JupyterHandler):
    """An address of ours."""

    rules = POLICY

    @property
    def kernels(self):
        """The visitors' kernels."""
        return self.settings["kernels"]

    @property
    def content_security_policy(self) -> str:
        """What this page may load, and from where."""
        return policy(self.rules)

    def set_default_headers(self) -> None:
        """Set the headers of every answer."""
        for name, value in SAFE.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", self.content_security_policy)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Server", "outcomes")

    def set_cors_headers(self) -> None:
        """Let no other site read an answer, not even one that knows the token."""

    def skip_check_origin(self) -> bool:
        """Look at where a request comes from, token or not."""
        return False

    async def prepare(self, **kwargs: object) -> None:
        """Let in whom we know; take a token out of the address, where it would be copied."""
        await super().prepare(**kwargs)
        if self._finished or self.request.method != "GET" or not self.token_authenticated:
            return
        if "token" in self.request.query_arguments:
            others = [
                (name, self.decode_argument(value))
                for name, values in self.request.query_arguments.items()
                for value in values
                if name != "token"
            ]
            self.redirect(url_concat(self.request.path, others))

    def require(self, kernel_id: str) -> None:
        """Stop with 404 where no page with this kernel is open."""
        if kernel_id not in self.kernels.sessions or kernel_id not in self.kernels.manager:
            raise web.HTTPError(404)

    def page(self, template: str, **context: object) -> str:
        """Return a page made from a template."""
        return _templates.get_template(template).render(
            base=self.base_url, style=style(), **context
        )

    def write_error(self, status_code: int, **_: object) -> None:
        """Say in plain words what went wrong, and nothing of how."""
        title, words = WORDS.get(status_code, SORRY)
        if status_code == 503:
            self.set_header("Retry-After", "60")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.page("message.html.j2", title=title, words=words))

    def log_exception(self, typ: object, value: object, tb: object) -> None:
        """Write down what is ours; a wrong address is no event."""
        if not isinstance(value, web.HTTPError) or value.status_code >= 500:
            super().log_exception(typ, value, tb)


class Missing(Guarded):
    """Every address that is none of ours."""

    async def prepare(self, **_: object) -> None:
        """Say so, to anyone."""
        raise web.HTTPError(404 if self.check_host() else 403)

    get = post = None


class Health(Guarded):
    """Whether the server answers."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say ok."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok\n")


class Login(Guarded, LoginFormHandler):
    """Where a visitor gives the password or the token."""

    def _render(self, message: dict | None = None) -> None:
        self.finish(
            self.page(
                "login.html.j2",
                next=self.get_argument("next", default=self.base_url),
                wrong=message is not None,
                form=self.xsrf_form_html(),
            )
        )


class Close(Guarded):
    """Told by a page that it is being left. Who knows a kernel's id may end it."""

    def check_xsrf_cookie(self) -> None:
        """Look only at where the request comes from: there may be no cookie."""
        if not self.check_origin():
            raise web.HTTPError(403)

    async def post(self, kernel_id: str) -> None:
        """End the page's kernel."""
        await self.kernels.end(kernel_id)
        self.set_status(204)


KERNEL = r"(?P<kernel_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
