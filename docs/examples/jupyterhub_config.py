"""JupyterHub with the live pages as one of its services: whom the hub knows may open them.

Run it with `jupyterhub -f jupyterhub_config.py`. Everything that a council must decide is marked.
"""

import shutil

c = get_config()  # noqa: F821

# Where people come in. For the network, put TLS in front: see "TLS" in docs/deploying.md.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"

# Decide: how people sign in. A council has an identity provider: OAuthenticator speaks to it.
c.JupyterHub.authenticator_class = "pam"

# Decide: who may. Here, everyone who can sign in.
c.Authenticator.allow_all = True

c.JupyterHub.services = [
    {
        "name": "outcomes",
        # Only the hub's proxy reaches this address; it adds who is asking.
        "url": "http://127.0.0.1:8866",
        "command": [shutil.which("outcomes"), "serve", "--no-browser", "--port", "8866"],
        # Decide: the project's folder.
        "environment": {"OUTCOMES_HOME": "/srv/outcomes"},
        "oauth_no_confirm": True,
    }
]

# Whoever may sign in may open the live pages. Nobody gets a server of their own.
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", "access:services!service=outcomes"]},
]
