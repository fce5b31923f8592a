"""The questions of a story: what is asked, with which arguments, and what the author expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from workflows.kernel.clock import FIRST_DAY, LAST_DAY
from workflows.kernel.errors import WrongUsage

QUESTIONS = ("deadlines", "compliance", "pipeline", "state", "scores", "bulletin")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be said with a question."""

    unit: str | None = None
    person: str | None = None
    subject: str | None = None
    on: date | None = None
    as_of: date | None = None
    known_on: Any = None
    status: str | None = None
    period: str | None = None


class Question(msgspec.Struct, frozen=True):
    """A question: what is asked, with which arguments, and what the author expects."""

    ask: str
    arguments: dict[str, Any]
    expect: dict[str, Any] | None = None


def questions(asked: Sequence[dict[str, Any]]) -> Iterator[Question]:
    """Yield the questions (the ``[[ask]]`` tables of a story) in the order of the file.

    Raises:
        WrongUsage: a question says too much, or a day lies outside the calendar.
    """
    for table in asked:
        (name,) = set(table) & set(QUESTIONS)
        try:
            msgspec.convert(table[name], Asked)
        except msgspec.ValidationError as error:
            raise WrongUsage("story-table", detail=f"[[ask]] {name}: {error}") from error
        if not isinstance(table[name].get("known_on", ""), date | str):
            raise WrongUsage("story-table", detail=f"[[ask]] {name}: known_on")
        for key in ("on", "as_of"):
            if isinstance(day := table[name].get(key), date) and not FIRST_DAY <= day <= LAST_DAY:
                raise WrongUsage("day-too-late", day=day.isoformat(), last=LAST_DAY.isoformat())
        yield Question(name, dict(table[name]), table.get("expect"))
