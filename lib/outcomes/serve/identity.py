"""Who may come in: anyone on this machine, whoever knows a word, or whom JupyterHub lets in."""

from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider, User
from jupyter_server.auth.security import passwd
from tornado import web

from outcomes.errors import ParameterError
from outcomes.serve.handlers import Login
from outcomes.serve.settings import Settings

HASHES = ("argon2:", "sha1:", "sha256:")


class Anyone(IdentityProvider):
    """Asks nobody anything, and sets no cookie."""

    auth_enabled = False
    login_available = False
    logout_available = False

    def get_user(self, handler: web.RequestHandler) -> User:
        """Return the same visitor for everyone."""
        return User("visitor")


def provider(settings: Settings) -> IdentityProvider:
    """Return who decides who may come in, as the settings ask."""
    if settings.behind_hub:
        return _hub()
    if not (settings.token or settings.password):
        return Anyone(token="")
    known = settings.password.startswith(HASHES)
    hashed = settings.password if known or not settings.password else passwd(settings.password)
    return PasswordIdentityProvider(
        hashed_password=hashed,
        token=settings.token,
        allow_password_change=False,
        cookie_options={"samesite": "Lax"},
    )


def _hub() -> IdentityProvider:
    """Return JupyterHub's own way of saying who a visitor is, set up by what it tells a service."""
    try:
        from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
    except ImportError:
        raise ParameterError(
            "this server is to run behind JupyterHub, whose package is not installed here. "
            "Run: python -m pip install jupyterhub"
        ) from None
    return JupyterHubIdentityProvider()


def addresses(people: IdentityProvider) -> list[tuple]:
    """Return the addresses at which visitors say who they are, below the server's own."""
    if isinstance(people, PasswordIdentityProvider):
        return [("login", Login)]
    if isinstance(people, Anyone):
        return []
    return [(address.lstrip("/"), *rest) for address, *rest in people.get_handlers()]
