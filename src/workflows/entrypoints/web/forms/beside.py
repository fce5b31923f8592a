"""Two who are to be merged, side by side, as the form and its check show them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from workflows.domain.person.member_commands import MergePersons
from workflows.entrypoints.masking import masked
from workflows.entrypoints.web.forms.act import Act
from workflows.entrypoints.web.words import value_word, word
from workflows.kernel.errors import WrongUsage

SIDES = ("keep", "other")


def beside_of(act: Act) -> list[dict[str, Any]]:
    """Return two who are to be merged fact by fact; nothing of any other act, nor while nobody is meant."""
    request = act.request() if act.command == MergePersons.verb() else None
    if request is None or act.person_id is None or not isinstance(request.command, MergePersons):
        return []
    with suppress(WrongUsage):
        rows = act.backing.answering.beside(act.person_id, request.command)["rows"]
        return [{**row, **{side: _told(row["fact"], row[side]) for side in SIDES}} for row in rows]
    return []


def _told(name: str, value: Any) -> str:
    """Return a fact of somebody in words, numbers masked."""
    if value in (None, "", []):
        return "没有写"
    if isinstance(value, list):
        return "、".join(word("post", one) for one in value)
    if name == "stage":
        return word("stage", value)
    return str(masked(name, value_word(name, str(value))))
