"""Serving the pages: one process, this machine only until people can sign in."""

from __future__ import annotations

import uvicorn

from workflows.entrypoints.web.desk import Backing
from workflows.entrypoints.web.headers import is_local
from workflows.entrypoints.web.site import create_app
from workflows.kernel.errors import WrongUsage


def refuse_other_hosts(host: str) -> None:
    """Refuse to be reached from other machines: there is no sign-in yet.

    Raises:
        WrongUsage: ``host`` is no loopback address.
    """
    if not is_local(host):
        raise WrongUsage("host-not-loopback", host=host)


def serve(app: Backing, host: str = "127.0.0.1", port: int = 8000, *, actor: str = "") -> None:
    """Serve the pages until told to stop; they record as ``actor``, without one they only show.

    Raises:
        WrongUsage: ``host`` is no loopback address.
    """
    refuse_other_hosts(host)
    uvicorn.run(
        create_app(app, actor=actor), host=host, port=port, workers=1, log_level="warning", access_log=False
    )
