"""Commands of which some days are known only roughly (约日): the words as given, read into two ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from workflows.application.commands import commands, days_of_event, parse
from workflows.domain.act import Command
from workflows.domain.person.commands import Personal, RegisterMember
from workflows.kernel.approximate import ApproximateDay, NotYet, TooEarly, read_approximate
from workflows.kernel.clock import FIRST_DAY
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, day_field

ON = "on"

FIRST_BIRTH = date(1900, 1, 1)
"""No birth on the books can be older."""

DayTold = date | str | ApproximateDay


class Told(NamedTuple):
    """A command, and what it tells of days known only roughly, by field; the fields hold the latest day."""

    command: Command
    approx: Mapping[str, ApproximateDay]


def read_rough(text: str, *, field: str = ON, latest: date) -> ApproximateDay | None:
    """Return the day that words tell roughly, None where they tell a whole day or none at all.

    ``latest`` is the day by which it surely lay behind.

    Raises:
        WrongUsage: ``day-in-future`` or ``day-too-early``: it lies wholly after ``latest``, or before
            anything on the books.
    """
    earliest = FIRST_BIRTH if field == "born_on" else FIRST_DAY
    try:
        return read_approximate(text, earliest=earliest, latest=latest)
    except NotYet as error:
        raise WrongUsage("day-in-future", day=text, today=latest.isoformat()) from error
    except TooEarly as error:
        raise WrongUsage("day-too-early", day=text, first=earliest.isoformat()) from error


def told(
    name: str, fields: Mapping[str, Any], on: DayTold | None, *, latest: date, of_case: bool = False
) -> Told:
    """Return the command ``name`` from fields in JSON form, of which days of the past may be rough.

    A text that tells a day roughly (``1998年``) stands for it where the command takes one. ``latest`` is the
    day by which what is told surely lay behind: today. ``of_case``: a case was named, see
    :func:`workflows.application.commands.parse`.

    Raises:
        WrongUsage: as :func:`workflows.application.commands.parse` and :func:`read_rough`.
    """
    kind = commands().get(name)
    roughly = kind.roughly if kind is not None else frozenset[str]()
    given: dict[str, Any] = dict(fields)
    day: Any = on
    if kind is not None and day is None:
        day = next((given.pop(alias) for alias in days_of_event(name) if alias in given), None)
    if ON in given and day is None:
        day = given.pop(ON)
    approx: dict[str, ApproximateDay] = {}
    if ON in roughly and (rough := _rough(day, ON, latest)) is not None:
        approx[ON], day = rough, rough.ordered_on
    known = day if isinstance(day, date) else latest
    for field in sorted(roughly - {ON}, reverse=True):  # full_since before admitted_on
        by_then = latest
        if kind is RegisterMember and field == "admitted_on":
            by_then = _given_day(given.get("full_since")) or known
        rough = _rough(given.get(field), field, latest)
        if rough is not None and rough.first == FIRST_DAY:  # unknown but for the day by which it was so
            rough = _rough(given[field], field, min(latest, by_then))
        if rough is not None:
            approx[field], given[field] = rough, rough.ordered_on
    command = parse(name, given, day, of_case=of_case)
    if ON in roughly and day is None:
        source = next((f for f in ("admitted_on", "full_since") if given.get(f)), None)
        if source in approx:
            approx[ON] = approx[source]
    return Told(command, approx)


def _rough(value: Any, field: str, latest: date) -> ApproximateDay | None:
    if isinstance(value, ApproximateDay):
        return value
    return read_rough(value, field=field, latest=latest) if isinstance(value, str) else None


def _given_day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def check_rough(command: Command, approx: Mapping[str, ApproximateDay], *, as_history: bool) -> None:
    """Refuse a rough day where none can stand.

    Raises:
        WrongUsage: ``rough-not-here``: the field takes exact days; ``rough-live``: an act of today is done
            on a day that is known, only what is entered late may have a rough one.
    """
    verb = command.verb()
    for field, day in approx.items():
        if field not in command.roughly:
            raise WrongUsage("rough-not-here", command=verb, field=field, value=day.text)
    if ON in approx and not as_history and not command.of_the_past:
        raise WrongUsage("rough-live", command=verb, value=approx[ON].text)


def as_key(command: Personal, approx: Mapping[str, ApproximateDay]) -> Personal:
    """Return a description by which someone may be known: a birth day known only roughly is no mark."""
    return msgspec.structs.replace(command, born_on=None) if "born_on" in approx else command


# --- corrections --------------------------------------------------------------------------------------------


def corrected_roughly(event: Event, field: str, value: Any, *, latest: date) -> ApproximateDay | None:
    """Return the day that a correction tells roughly of a field (its public name), None of any other value.

    Raises:
        WrongUsage: as :func:`read_rough`.
    """
    kind = commands().get(getattr(type(event), "step", ""))
    if not isinstance(value, str) or kind is None:
        return None
    named = ON if field == day_field(type(event)) else field
    return read_rough(value, field=named, latest=latest) if named in kind.roughly else None


def with_birth(part: dict[str, Any], rough: ApproximateDay | None) -> dict[str, Any]:
    """Return a profile in JSON form whose birth day is rough, or exact where ``rough`` is None."""
    born = {} if rough is None else {"born_on": rough.ordered_on.isoformat(), "born_approx": rough.as_json()}
    return {**{name: value for name, value in part.items() if name != "born_approx"}, **born}


def same_value(event: Event, field: str, value: Any, rough: ApproximateDay | None) -> bool:
    """Say whether a field holds a value already, told as roughly."""
    return bool(getattr(event, field) == value and event.approximate(field) == rough)


def as_stored(value: Any, rough: ApproximateDay | None) -> Any:
    """Return a corrected value in the form in which it is stored."""
    return msgspec.to_builtins(value) if rough is None else rough.as_json()
