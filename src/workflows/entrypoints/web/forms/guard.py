"""Who may record through a page: this machine alone, from a page of ours, with the token of its form.

There is no sign-in yet: what a page records is recorded as the actor of the settings.
"""

from __future__ import annotations

from http import HTTPStatus
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from workflows.entrypoints.web.headers import is_local
from workflows.entrypoints.web.problems import PageProblem

COOKIE, TOKEN = "zhibu_form", "token"
COOKIE_BYTES, LONGEST_COOKIE = 24, 100
OURS = frozenset({"same-origin", "none"})
"""What ``Sec-Fetch-Site`` says of a page of ours; browsers send it over plain http to this machine only."""

DEFAULT_PORTS = {"http": 80, "https": 443}
FROM_ELSEWHERE = "这次提交不是从本系统的页面来的"
NOTHING_RECORDED = "什么也没有登记。请从待办或者发展党员打开要办的事，重新填写"


def actor_of(request: Request) -> str:
    """Return as whom pages record, "" where they only show."""
    return str(request.app.state.actor or "")


def may_record(request: Request) -> bool:
    """Say whether pages here record: an actor is set, and the server is bound to this machine alone."""
    bound_to, *_ = request.scope.get("server") or ("",)
    return bool(actor_of(request)) and is_local(str(bound_to))


def refuse_to_record(request: Request) -> None:
    """Refuse to show or take a form where pages do not record.

    Raises:
        PageProblem: 403.
    """
    if not may_record(request):
        raise PageProblem(
            HTTPStatus.FORBIDDEN,
            "不能在网页上登记",
            "还没有登录功能，只有在本机打开的网页才能登记",
            "请在装有本系统的电脑上打开，或者用命令行 zhibu record 登记",
        )


def refuse_strangers(request: Request) -> None:
    """Refuse what was not posted from a page of ours.

    Raises:
        PageProblem: 403, the origin is another, or nobody knows which.
    """
    told = request.headers.get("origin") or request.headers.get("referer") or ""
    site = request.headers.get("sec-fetch-site")
    if (site is not None and site not in OURS) or _place(told) != _here(request):
        raise PageProblem(HTTPStatus.FORBIDDEN, "不能提交", FROM_ELSEWHERE, NOTHING_RECORDED)


def _here(request: Request) -> tuple[str, str, int | None]:
    return _place(f"{request.url.scheme}://{request.headers.get('host', '')}")


def _place(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address; of ``null`` or nothing what is nowhere."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "?", parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return "", "?", None


def token_of(request: Request, cookie: str) -> str:
    """Return the token of the forms of one browser: bound to its cookie by a key of the books."""
    recording: Any = request.app.state.backing.recording
    return str(recording.identity.digest(f"web-form/{cookie}"))


def refuse_without_token(request: Request, token: str) -> None:
    """Refuse what carries no token, or that of another browser.

    Raises:
        PageProblem: 403.
    """
    cookie = request.cookies.get(COOKIE, "")
    known = token_of(request, cookie) if 0 < len(cookie) <= LONGEST_COOKIE else ""
    if not known or not compare_digest(known.encode(), token.encode()):
        raise PageProblem(
            HTTPStatus.FORBIDDEN,
            "不能提交",
            "这张表不是在这个浏览器里打开的，或者打开得太久了",
            NOTHING_RECORDED,
        )


class Pass:
    """What a form needs to be taken back: a cookie of this browser (kept, or made now) and its token."""

    def __init__(self, request: Request) -> None:
        told = request.cookies.get(COOKIE, "")
        self.is_new = not 0 < len(told) <= LONGEST_COOKIE
        self.cookie = token_urlsafe(COOKIE_BYTES) if self.is_new else told
        self.token = token_of(request, self.cookie)

    def onto(self, response: Response) -> None:
        """Have the browser keep the cookie until it is closed; no script reads it, no other site sends it."""
        if self.is_new:
            response.set_cookie(COOKIE, self.cookie, httponly=True, samesite="lax", path="/")
