"""Serving the pages: one process, this machine only until people can sign in."""

from __future__ import annotations

from ipaddress import ip_address

import uvicorn

from workflows.entrypoints.web.desk import Backing
from workflows.entrypoints.web.site import create_app
from workflows.kernel.errors import WrongUsage

LOCAL_NAMES = frozenset({"localhost"})


def is_local(host: str) -> bool:
    """Say whether an address is reached from this machine alone."""
    if host.lower() in LOCAL_NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_other_hosts(host: str) -> None:
    """Refuse to be reached from other machines: there is no sign-in yet.

    Raises:
        WrongUsage: ``host`` is no loopback address.
    """
    if not is_local(host):
        raise WrongUsage("host-not-loopback", host=host)


def serve(app: Backing, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the pages until told to stop.

    Raises:
        WrongUsage: ``host`` is no loopback address.
    """
    refuse_other_hosts(host)
    uvicorn.run(create_app(app), host=host, port=port, workers=1, log_level="warning", access_log=False)
