"""Where a stream is shown: the page of a unit, of a case, or of somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from workflows.application.case_files import file_kind_of
from workflows.domain.case_acts import FileOpened
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.web.cases.kinds import BY_KIND
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.words import word
from workflows.kernel.events import Recorded


class Place(NamedTuple):
    """The page of a stream, what it is called, and under which entry of the menu it stands."""

    path: str
    name: str
    here: str
    is_person: bool = False


def place_of(record: Recorded, desk: Desk) -> Place:
    """Return where the stream of a record is shown; of a case taken back the list of its kind."""
    text = str(record.stream_id)
    if text in desk.unit_by_id:
        return Place(f"/units/{text}", desk.unit_by_id[text].name, "/units")
    if text in desk.files:
        kind = BY_KIND[desk.files[text].kind]
        return Place(kind.place(text), desk.name_of(text) or kind.noun, kind.here)
    gone = BY_KIND.get(file_kind_of(record.event.topic()) or "")
    if gone is not None:
        subject = mask_text(record.event.subject) if isinstance(record.event, FileOpened) else gone.noun
        return Place(gone.path, subject, gone.here)
    name = desk.name_of(text) or "（姓名已删除）"
    return Place(f"/people/{text}", name, "/pipeline", is_person=True)


def case_of(row: Mapping[str, Any], desk: Desk) -> str:
    """Return the page of the case that a row of limits is about, "" where it is about none."""
    if row.get("person_id"):
        return ""
    if row.get("proposal"):
        proposed = desk.files.get(str(row["proposal"]["file_id"]))
        return BY_KIND[proposed.kind].place(proposed.id) if proposed is not None else ""
    named = desk.file_named.get((str(row["unit_id"]), mask_text(str(row["subject"]))))
    return BY_KIND[named.kind].place(named.id) if named is not None else ""


class Choice(NamedTuple):
    """One way to decide what is proposed: the command, and its form with what is known filled in."""

    word: str
    path: str


def choices_of(row: Mapping[str, Any], desk: Desk) -> list[Choice]:
    """Return where one decides what a row proposes; none of a row that proposes nothing."""
    told, found = row.get("proposal") or {"offers": ()}, list[Choice]()
    entry = desk.files.get(str(told.get("file_id")))
    for offer in told["offers"]:
        command, unit_id = str(offer["command"]), offer["unit_id"]
        if offer["subject"] and entry is not None:
            path = f"{BY_KIND[entry.kind].place(entry.id)}/acts/{command}?unit={unit_id}"
        else:
            path = f"/units/{unit_id}/acts/{command}?{urlencode(offer['with'])}"
        found.append(Choice(word("command", command), path))
    return found
