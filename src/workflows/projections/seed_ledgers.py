"""党员教育管理台账、特色党建台账: in the parts of the plan (s000a-ledger-2, -4), from what is recorded alone.

Nothing is asked for because of a ledger: each row is an event, or a count of events, that was recorded for
its own sake. A part without any is told with the acts that would fill it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.person import away_events as away
from workflows.domain.person import member_events as mv
from workflows.domain.person.state import Person
from workflows.domain.site.events import SiteNamed
from workflows.domain.site.state import Site
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import meeting_facts
from workflows.domain.unit.meeting_events import DocumentFiled, HeartToHeartTalkHeld
from workflows.domain.unit.state import Unit
from workflows.kernel.events import Event
from workflows.policies.kinds.sums import in_yuan
from workflows.projections import roster
from workflows.projections.naming import Naming
from workflows.projections.timelines import facts_of

Row = dict[str, Any]
EDUCATION, FEATURES = "党员教育管理台账", "特色党建台账"
LEDGERS_OF_THE_SEED = (EDUCATION, FEATURES)


class Part(NamedTuple):
    """A part of a ledger: the acts that fill it, and by which words a document belongs to it."""

    name: str
    acts: tuple[str, ...]
    words: tuple[str, ...] = ()


PARTS: Mapping[str, tuple[Part, ...]] = {
    EDUCATION: (
        Part("statistics", ("register_member", "approve_admission")),
        Part("register", ("register_member", "approve_admission")),
        Part("dues", ("record_dues",)),
        Part("orglife", ("hold_meeting", "hold_talk")),
        Part("regime", ("hold_meeting",)),
        Part("training", ("record_training",)),
        Part("appraisal", ("hold_meeting", "file_document"), ("民主评议", "评议")),
        Part("unfit", ("order_correction", "strike_off")),
        Part("membership", ("stop_membership", "restore_membership", "register_absence", "bar_rights")),
        Part("transfer", ("transfer_person", "examine_transfer_file")),
        Part("letters", ("file_document",), ("来信", "来访", "信访", "举报")),
        Part("study", ("file_document",), ("education_report", "学习", "教育", "培训")),
    ),
    FEATURES: (
        Part("practice", ("hold_meeting",)),
        Part("features", ("file_document", "name_site"), ("特色", "品牌", "做法", "亮点")),
        Part("experience", ("file_document",), ("经验", "典型", "案例")),
    ),
}

_OF_PEOPLE: Mapping[type[Event], str] = {
    mv.TrainingRecorded: "training",
    mv.CorrectionOrdered: "unfit",
    mv.CorrectionConcluded: "unfit",
    mv.MemberStruckOff: "unfit",
    mv.MembershipStopped: "membership",
    mv.MembershipRestored: "membership",
    mv.DeathRecorded: "membership",
    mv.RightsBarred: "membership",
    away.AbsenceRegistered: "membership",
    away.AbsenceEnded: "membership",
    away.CertificateIssued: "membership",
    away.ContactLost: "membership",
    away.ContactMade: "membership",
    mv.PersonTransferred: "transfer",
    mv.PersonCarried: "transfer",
    mv.TransferFileExamined: "transfer",
    away.ReceiptRecorded: "transfer",
}
_MEETINGS = {
    "organizational_life": "orglife",
    "democratic_appraisal": "appraisal",
    **dict.fromkeys(
        ("branch_assembly", "committee_meeting", "cell_meeting", "party_lecture", "theme_party_day"), "regime"
    ),
}
_NOT_TOLD = frozenset({"base_fen", "held_on", "type", "eligible", "attachments"})
ONE_DAY = timedelta(days=1)


def rows(
    name: str, books: Books, naming: Naming, people: Sequence[Person], units: Sequence[UUID],
    *, on: date, year: int,
) -> list[Row]:  # fmt: skip
    """Return the rows of one of the ledgers, of a year up to a day: by unit, part and day."""
    order = {part.name: place for place, part in enumerate(PARTS[name])}
    place = {unit: number for number, unit in enumerate(units)}
    told = _education if name == EDUCATION else _features
    found = list(told(books, naming, people, units, on, year))
    found.sort(key=lambda r: (place[UUID(r["unit_id"])], order[r["part"]], r["on"], r["position"] or 0))
    return found


def parts(name: str, found: Iterable[Row]) -> list[Row]:
    """Return every part with how many rows it has, and by which acts it is filled."""
    told = list(found)
    return [
        {
            "part": part.name,
            "rows": sum(row["part"] == part.name for row in told),
            "acts": list(part.acts),
            "words": [word for word in part.words if not word.isascii()],
        }
        for part in PARTS[name]
    ]


# --- 党员教育管理台账 ---------------------------------------------------------------------------------


def _education(
    books: Books, naming: Naming, people: Sequence[Person], units: Sequence[UUID], on: date, year: int
) -> Iterator[Row]:
    here, span = frozenset(units), (date(year, 1, 1), min(on, date(year, 12, 31)))
    for unit_id in units:
        unit = books.unit_state(unit_id).at(on)
        yield from _meetings(unit, books, naming, span)
        yield from _documents(unit, naming, span, PARTS[EDUCATION])
    for unit_id, members in _homes(people, here).items():
        if books.unit_state(unit_id).exists_on(span[1]):
            yield from _statistics(unit_id, members, books, naming, span)
    for person in people:
        yield from _of_a_person(person.at(on), naming, here, span)


def _homes(people: Iterable[Person], here: frozenset[UUID]) -> dict[UUID, list[Person]]:
    """Return the people who ever belonged to each of the units."""
    found: dict[UUID, list[Person]] = {}
    for person in people:
        for unit_id in dict.fromkeys(entry.unit_id for entry in person.units):
            if unit_id in here and unit_id is not None:
                found.setdefault(unit_id, []).append(person)
    return found


def _statistics(
    unit_id: UUID, people: Sequence[Person], books: Books, naming: Naming, span: tuple[date, date]
) -> Iterator[Row]:
    """Yield the numbers of a unit at the end of the span, and each member with how they became one."""
    first, last = span
    counted = books.roster(unit_id, last)
    only = frozenset({unit_id})
    changes = roster.changes(people, naming, since=first - ONE_DAY, until=last, units=only)
    if counted is not None:
        facts = {
            "full_members": counted.full,
            "probationary_members": counted.probationary,
            "joined_members": sum(one["change"] == "joined" for one in changes),
            "left_members": sum(one["change"] == "left" for one in changes),
        }
        latest = max(changes, key=lambda one: one["position"] or 0, default=None)
        yield {
            **_head(unit_id, naming, "statistics", last),
            "event": latest["event"] if latest else None,
            "position": latest["position"] if latest else None,
            "facts": facts,
        }
    for person in people:
        if roster.is_counted(person, last, only):
            yield from _member(person.at(last), unit_id, naming)


def _member(cut: Person, unit_id: UUID, naming: Naming) -> Iterator[Row]:
    admitted, full = cut.admitted, cut.full_from
    act = (admitted or full or (None, None))[1]
    if act is not None:
        facts = {
            "stage": cut.stage.value,
            "full_since": full[0].isoformat() if full else None,
        }
        yield {**_row(act, unit_id, naming, "register", cut), "facts": facts}


def _of_a_person(
    cut: Person, naming: Naming, here: frozenset[UUID], span: tuple[date, date]
) -> Iterator[Row]:
    """Yield what was recorded of a member in the span, in each unit it concerns; dues as one sum."""
    for act in cut.acts:
        part = _OF_PEOPLE.get(type(act.event))
        if part is None or not span[0] <= act.on <= span[1]:
            continue
        before, after = act.on - ONE_DAY, act.on
        if not {cut.stage_on(before), cut.stage_on(after)} & set(roster.MEMBERS):
            continue
        homes = dict.fromkeys((cut.unit_on(before), cut.unit_on(after)))
        for home in homes:
            if home in here and home is not None:
                yield {**_row(act, home, naming, part, cut), "facts": _facts(act.event, naming)}
    yield from _dues(cut, naming, here, span)


def _dues(cut: Person, naming: Naming, here: frozenset[UUID], span: tuple[date, date]) -> Iterator[Row]:
    paid: dict[UUID, list[tuple[mv.DuesRecorded, OnBooks]]] = {}
    for event, act in cut.each(mv.DuesRecorded):
        home = cut.unit_on(act.on)
        if home in here and home is not None and span[0] <= act.on <= span[1]:
            paid.setdefault(home, []).append((event, act))
    for home, told in paid.items():
        sums = [event.amount_fen for event, _ in told if event.amount_fen is not None]
        months = sorted({event.month for event, _ in told})
        facts = {
            "paid_months": len(months),
            "last_month": months[-1],
            "paid": in_yuan(sum(sums)) if sums else None,
        }
        yield {**_row(told[-1][1], home, naming, "dues", cut), "facts": facts}


def _meetings(unit: Unit, books: Books, naming: Naming, span: tuple[date, date]) -> Iterator[Row]:
    for event, act in unit.each(ev.MeetingHeld):
        if span[0] <= act.on <= span[1]:
            for part in dict.fromkeys(_MEETINGS[one] for one in event.types if one in _MEETINGS):
                yield _meeting(event, act, unit, books, naming, part)
    for talk, act in unit.each(HeartToHeartTalkHeld):
        if span[0] <= act.on <= span[1]:
            yield {**_row(act, unit.id, naming, "orglife"), "facts": _facts(talk, naming)}


def _meeting(event: ev.MeetingHeld, act: OnBooks, unit: Unit, books: Books, naming: Naming, part: str) -> Row:
    told = meeting_facts(event, unit, books)
    facts = {
        "type": list(event.types),
        "eligible": told["eligible"],
        "attending": event.attending,
        "topics": list(event.topics),
        "grades": facts_of(event, naming).get("grades"),
    }
    return {
        **_row(act, unit.id, naming, part),
        "facts": {key: value for key, value in facts.items() if value not in (None, [])},
    }


def _documents(unit: Unit, naming: Naming, span: tuple[date, date], wanted: Sequence[Part]) -> Iterator[Row]:
    """Yield the documents of a unit that belong to a part: the first whose words kind or title has."""
    for event, act in unit.each(DocumentFiled):
        if span[0] <= act.on <= span[1]:
            text = f"{event.kind} {event.title or ''}"
            part = next((p.name for p in wanted if any(word in text for word in p.words)), None)
            if part is not None:
                yield {**_row(act, unit.id, naming, part), "facts": _facts(event, naming)}


# --- 特色党建台账 -----------------------------------------------------------------------------------


def _features(
    books: Books, naming: Naming, people: Sequence[Person], units: Sequence[UUID], on: date, year: int
) -> Iterator[Row]:
    span = date(year, 1, 1), min(on, date(year, 12, 31))
    for unit_id in units:
        unit = books.unit_state(unit_id).at(on)
        for event, act in unit.each(ev.MeetingHeld):
            if "theme_party_day" in event.types and span[0] <= act.on <= span[1]:
                yield _meeting(event, act, unit, books, naming, "practice")
        yield from _documents(unit, naming, span, PARTS[FEATURES])
    for entry in books.files_of(Site.kind, units):
        file = books.file_state(entry.id).at(on)
        for named, act in file.each(SiteNamed):
            if span[0] <= act.on <= span[1]:
                facts = {"case_subject": entry.subject, "site_level": named.level}
                yield {**_row(act, entry.unit_id, naming, "features"), "facts": facts}


# --- rows -------------------------------------------------------------------------------------


def _row(act: OnBooks, unit_id: UUID, naming: Naming, part: str, person: Person | None = None) -> Row:
    source = act.source
    return {
        **_head(unit_id, naming, part, act.on),
        "person": naming.person(person.id) if person is not None else None,
        "person_id": str(person.id) if person is not None else None,
        "event": source.event,
        "event_id": str(source.event_id),
        "position": source.position,
        "recorded_on": source.recorded_on.isoformat(),
    }


def _head(unit_id: UUID, naming: Naming, part: str, on: date) -> Row:
    return {
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id),
        "part": part,
        "on": on.isoformat(),
        "person": None,
        "person_id": None,
        "event": None,
        "event_id": None,
        "position": None,
        "recorded_on": None,
    }


def _facts(event: Event, naming: Naming) -> dict[str, Any]:
    told = facts_of(event, naming)
    day = event.effective_on.isoformat()
    return {
        key: value
        for key, value in told.items()
        if value not in (None, [], "", False)
        and key not in _NOT_TOLD
        and not (key.endswith("_on") and value == day)
    }
