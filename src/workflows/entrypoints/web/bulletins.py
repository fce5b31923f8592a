"""通报: the bulletin of a campaign or of a period as a Word document, at the horizon of the page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from workflows.entrypoints.bulletins import paper_of
from workflows.entrypoints.documents import DOCX, as_docx
from workflows.entrypoints.masking import as_shown
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.export import attached
from workflows.entrypoints.web.problems import PageProblem
from workflows.entrypoints.web.words import WORDING
from workflows.kernel.errors import WrongUsage


def of_campaign(ask: Ask, file_id: UUID) -> Response:
    """Return what a decided campaign came to.

    Raises:
        PageProblem: 404, no grade of it stands at this horizon.
    """
    day, known, asked = ask.horizon.as_of, ask.horizon.known_on, ask.app.answering.bulletin
    return _saved(ask, lambda: asked(file_id, day, known))


def of_period(ask: Ask, unit_id: UUID | None, period: str, rule: str | None) -> Response:
    """Return what was left undone in a period in a unit and all below, by one rule or by all.

    Raises:
        PageProblem: 404, nothing had to be done in it by then.
    """
    day, known, asked = ask.horizon.as_of, ask.horizon.known_on, ask.app.answering.undone
    return _saved(ask, lambda: asked(unit_id, period, day, known, rule=rule))


def _saved(ask: Ask, asked: Callable[[], dict[str, Any]]) -> Response:
    try:
        told = paper_of(as_shown(asked()), WORDING)
    except WrongUsage as wrong:
        raise PageProblem(HTTPStatus.NOT_FOUND, *WORDING.problem(wrong)) from wrong
    return attached(as_docx(told), DOCX, f"{told['title']}-{ask.horizon.as_of}.docx")
