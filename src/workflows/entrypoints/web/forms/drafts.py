"""What was filled in on the way to a check, kept while the program runs: its page can be gone back to.

Browsers do not store our pages: an answer to a posting could not be shown again without posting it again.
"""

from __future__ import annotations

from collections import OrderedDict
from http import HTTPStatus
from secrets import token_urlsafe
from threading import Lock

from fastapi.responses import RedirectResponse

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.guard import COOKIE, TOKEN, token_of
from workflows.entrypoints.web.forms.posted import Posted

DRAFT = "draft"
MOST_KEPT, KEY_BYTES = 100, 16


class Drafts:
    """What was posted but not recorded, by a key nobody guesses; read by the browser that posted it alone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[str, Posted]] = OrderedDict()

    def keep(self, owner: str, posted: Posted) -> str:
        """Keep what was posted by the browser with this token; return its key. The oldest are forgotten."""
        key = token_urlsafe(KEY_BYTES)
        with self._lock:
            self._kept[key] = owner, posted
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return key

    def find(self, owner: str, key: str) -> Posted | None:
        """Return what this browser posted under a key, None where there is no such."""
        with self._lock:
            kept_by, posted = self._kept.get(key, ("", None))
        return posted if owner and kept_by == owner else None


def to_draft(ask: Ask, posted: Posted, path: str = "") -> RedirectResponse:
    """Lead to the page that shows what was posted: it can be shown again and gone back to."""
    posted.is_draft = True
    drafts: Drafts = ask.request.app.state.drafts
    key = drafts.keep(posted.one(TOKEN), posted)
    return RedirectResponse(f"{path or ask.request.url.path}?{DRAFT}={key}", HTTPStatus.SEE_OTHER)


def drafted(ask: Ask) -> Posted | None:
    """Return what the address says was posted before by this browser, None where it is none or forgotten."""
    key = ask.text(DRAFT)
    if not key:
        return None
    drafts: Drafts = ask.request.app.state.drafts
    return drafts.find(token_of(ask.request, ask.request.cookies.get(COOKIE, "")), key)
