"""What every answer carries: nothing of another origin, nothing inline, nothing kept by a shared computer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
A_YEAR_SECONDS = 31_536_000


async def with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers; pages are never stored, static files for as long as their hash holds."""
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
