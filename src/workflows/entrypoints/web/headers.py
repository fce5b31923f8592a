"""What every answer carries: nothing of another origin, nothing inline, nothing kept by a shared computer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
A_YEAR_SECONDS = 31_536_000
NOT_FROM_HERE = "不能显示这一页：还没有登录功能，只许用本机地址访问。请改用 http://127.0.0.1 加端口。"


LOCAL_NAMES = frozenset({"localhost"})


def is_local(host: str) -> bool:
    """Say whether an address is reached from this machine alone."""
    if host.lower() in LOCAL_NAMES:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_asked_locally(request: Request) -> bool:
    """Say whether the browser was told an address of this machine.

    A name of somebody else's that leads here would let their page read ours (there is no sign-in yet).
    """
    try:
        return is_local(urlsplit(f"//{request.headers.get('host', '')}").hostname or "")
    except ValueError:
        return False


async def with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers; pages are never stored, static files for as long as their hash holds."""
    if not is_asked_locally(request):
        return with_ours(request, PlainTextResponse(NOT_FROM_HERE, HTTPStatus.MISDIRECTED_REQUEST))
    return with_ours(request, await call_next(request))


def with_ours(request: Request, response: Response) -> Response:
    """Return the response with the headers added."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    is_static = request.url.path.startswith("/static/") and "v" in request.query_params
    kept = f"public, max-age={A_YEAR_SECONDS}, immutable" if is_static else "no-store"
    response.headers.setdefault("Cache-Control", kept)
    response.headers.setdefault("Vary", "HX-Request")
    return response
