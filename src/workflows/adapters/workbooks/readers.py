"""From a written cell to its typed value: one reader for each kind of column (列的读法)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from workflows.adapters.workbooks import dates, identity, vocabulary
from workflows.adapters.workbooks.cells import (
    is_empty,
    mask_phone,
    read_count,
    read_label,
    read_month,
    read_name,
    read_names,
    read_phone,
    read_term_years,
    read_text,
    read_yuan,
    shown,
)
from workflows.adapters.workbooks.identity import mask_identity_number
from workflows.adapters.workbooks.refusal import BadCell, Fact
from workflows.adapters.workbooks.rows import Flag, Plain, Value
from workflows.kernel.approximate import ApproximateDay

_SHOWN_CHARACTERS = 60


@dataclass(slots=True)
class Context:
    """What a reader may know beside its cell, and where it puts what it noticed."""

    today: date
    heading: str = ""
    flags: list[Flag] = field(default_factory=list)

    def flag(self, rule: str, **facts: Fact) -> None:
        """Note something about the cell that does not refuse the row."""
        self.flags.append(Flag(rule, self.heading, facts))


Reader = Callable[[Plain, Context], Value]


def masked(reader: str, written: Plain) -> str:
    """Return a cell for a message: identity and phone numbers masked, long texts cut."""
    text = shown(written)
    if reader == "identity":
        return mask_identity_number(text)
    if reader == "phone":
        return mask_phone(text)
    if reader == "money":
        return "＊" * min(len(text), 6)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _day(written: Plain, context: Context) -> Value:
    return dates.read_day(written, context.today)


def _past_day(written: Plain, context: Context) -> Value:
    day = dates.read_past(written, context.today)
    if isinstance(day, ApproximateDay):
        first, last = day.first.isoformat(), day.last.isoformat()
        context.flag("input-approximate", text=day.text, first=first, last=last)
    return day


def _born(written: Plain, context: Context) -> Value:
    return dates.read_day(written, context.today, dates.EARLIEST_BIRTH)


def _span_first(written: Plain, context: Context) -> Value:
    return _span(written, context, 0)


def _span_last(written: Plain, context: Context) -> Value:
    return _span(written, context, 1)


def _span(written: Plain, context: Context, end: int) -> Value:
    span = dates.read_span(written, context.today)
    if span[0] != span[1]:
        first, last, taken = span[0].isoformat(), span[1].isoformat(), span[end].isoformat()
        context.flag("input-date-range", first=first, last=last, taken=taken)
    return span[end]


def _identity(written: Plain, context: Context) -> Value:
    number = identity.read_identity_number(written, context.today)
    if not identity.area_known(number):
        context.flag("input-area-code", masked=mask_identity_number(number))
    return number


def _phone(written: Plain, context: Context) -> Value:
    text, plausible = read_phone(written)
    if not plausible:
        context.flag("input-phone", masked=mask_phone(text))
    return text


def _person(written: Plain, context: Context) -> Value:
    names = read_names(written)
    return names[0] if len(names) == 1 else "、".join(names) or None


def _term(written: Plain, context: Context) -> Value:
    years = read_term_years(written)
    if years is None:
        context.flag("input-term", text=masked("term", written))
    return years


def _number(written: Plain, context: Context) -> Value:
    try:
        return read_count(written)
    except BadCell:
        context.flag("input-count", text=masked("number", written))
        return None


def _eligible(written: Plain, context: Context) -> Value:
    count = read_count(written)
    if not count:
        raise BadCell("count-zero")
    return count


def _attending(written: Plain, context: Context) -> Value:
    count = read_count(written)
    if not count:
        context.flag("input-nobody")
    return count


def _kind(written: Plain, context: Context) -> Value:
    kind = vocabulary.read_kind(written)
    if kind is None:
        context.flag("input-kind", text=masked("kind", written))
    return kind


def _posts(written: Plain, context: Context) -> Value:
    posts, understood = vocabulary.read_posts(written)
    if not understood:
        context.flag("input-post", text=masked("posts", written))
    return posts


def _sex(written: Plain, context: Context) -> Value:
    sex = vocabulary.read_sex(written)
    if sex is None:
        context.flag("input-sex", text=masked("sex", written))
    return sex


READERS: dict[str, Reader] = {
    "attending": _attending,
    "born": _born,
    "day": _day,
    "eligible": _eligible,
    "identity": _identity,
    "kind": _kind,
    "label": lambda written, _context: read_label(written),
    "money": lambda written, _context: read_yuan(written),
    "month": lambda written, _context: read_month(written),
    "dues_role": lambda written, _context: vocabulary.read_dues_role(written),
    "meeting": lambda written, _context: vocabulary.read_meeting_type(written),
    "name": lambda written, _context: read_name(written),
    "number": _number,
    "past_day": _past_day,
    "people": lambda written, _context: read_names(written),
    "person": _person,
    "phone": _phone,
    "posts": _posts,
    "sex": _sex,
    "span_first": _span_first,
    "span_last": _span_last,
    "term": _term,
    "text": lambda written, _context: read_text(written),
}


def is_blank(reader: str, written: Plain) -> bool:
    """Say whether a cell says nothing; in free text a lone ``/`` or 无 is text."""
    return (
        written is None
        or (isinstance(written, str) and not written.strip())
        or (reader != "text" and is_empty(written))
    )
