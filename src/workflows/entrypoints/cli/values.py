"""What the arguments of several commands have in common: days, horizons of knowledge, tables of fields."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click

from workflows.entrypoints.cli.frame import option
from workflows.kernel.approximate import read_approximate
from workflows.kernel.clock import FIRST_DAY, LAST_DAY, LOCAL, can_be_asked, end_of_day
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known

F = TypeVar("F", bound=Callable[..., Any])


_WRITTEN = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")


def read_day(text: str | None) -> date | None:
    """Return a day written as 2026-06-30, 2026年6月30日, 2026.6.30 or 2026/6/30.

    Raises:
        WrongUsage: ``day-form``: not written so; ``day-unreadable``: no day of the calendar.
    """
    if text is None:
        return None
    try:
        return _day(text)
    except ValueError as error:
        code = "day-unreadable" if _digits(text) else "day-form"
        raise WrongUsage(code, value=text) from error


def read_asked(text: str | None) -> date | None:
    """Return the day a question is about.

    Raises:
        WrongUsage: as :func:`read_day`; ``day-beyond``: the books cannot hold such a day.
    """
    day = read_day(text)
    if day is not None and not can_be_asked(day):
        raise WrongUsage("day-beyond", day=day.isoformat(), first=str(FIRST_DAY), last=str(LAST_DAY))
    return day


def read_day_told(text: str | None) -> date | str | None:
    """Return a day, or the words that tell one roughly (``1998年``); whether they may is for the command.

    Raises:
        WrongUsage: as :func:`read_day`.
    """
    try:
        return read_day(text)
    except WrongUsage:
        if text is not None and read_approximate(text, earliest=date.min, latest=date.max) is not None:
            return text
        raise


def _day(text: str) -> date:
    found = _digits(text)
    return date(*map(int, found.groups())) if found else date.fromisoformat(text.strip())


def _digits(text: str) -> re.Match[str] | None:
    return _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())


def read_known(text: str | None, given_as: str = "--known-on") -> Known:
    """Return a horizon of knowledge: a day to its end (Asia/Shanghai), a moment, or ``@POSITION``.

    ``given_as``: the option by which it was given.

    Raises:
        WrongUsage: none of the three.
    """
    if text is None:
        return None
    try:
        if text.startswith("@"):
            return int(text[1:])
        if "T" in text or ":" in text:
            moment = datetime.fromisoformat(text)
            known = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
        else:
            known = end_of_day(_day(text))
    except ValueError as error:
        raise WrongUsage("known-on-unreadable", value=text, option=given_as) from error
    if not can_be_asked(known.date()):
        raise WrongUsage("day-beyond", day=text, first=str(FIRST_DAY), last=str(LAST_DAY))
    return known


def read_table(text: str) -> Mapping[str, Any]:
    """Return the fields given as a JSON object.

    Raises:
        WrongUsage: no JSON, or no table.
    """
    try:
        table = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise WrongUsage("json-unreadable", line=error.lineno, column=error.colno) from error
    if not isinstance(table, dict):
        raise WrongUsage("json-table")
    return table


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a table; a key given twice is refused, since nobody can say which was meant."""
    table = dict(pairs)
    if len(table) < len(pairs):
        twice = sorted({key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1})
        raise WrongUsage("json-key-twice", keys="、".join(twice))
    return table


def by_structure(function: F) -> F:
    """Add ``--structure``: by the tree of the day asked for, or by today's."""
    return option("--structure", type=click.Choice(["then", "now"]), default="then")(function)


def asked_of(function: F) -> F:
    """Add ``--on`` (also ``--as-of``) and ``--known-on``, which every reading command takes."""
    with_day = option("--on", "--as-of", "on", metavar="DATE", told="on")(function)
    return option("--known-on", "known_on", metavar="WHEN")(with_day)
