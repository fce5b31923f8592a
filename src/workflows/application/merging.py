"""合并重复的人: who is meant, what forbids it, what becomes of all that either was entered with."""

from __future__ import annotations

from uuid import UUID

from workflows.application.books import Books
from workflows.application.folding import state_of
from workflows.application.named_together import named_together
from workflows.application.residents import Consequence
from workflows.application.streams import kind_of
from workflows.application.structuring import Planned
from workflows.domain.act import step_of
from workflows.domain.person.member_commands import MergePersons
from workflows.domain.person.member_events import PersonsMerged
from workflows.domain.person.merging import contradictions, noted, noticed, refused
from workflows.domain.person.state import Person
from workflows.domain.unit.change import Change
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import EventRetracted, FactCorrected, Recorded
from workflows.policies.findings import Finding


def planned(command: MergePersons, keep: UUID, books: Books) -> Planned:
    """Return what stands in the way of a merger, and what it comes to.

    Raises:
        WrongUsage: ``person-unknown``, ``person-ambiguous``: nobody, or several, are called like that.
    """
    other = other_of(command, keep, books)
    hurdles = (*_in_the_way(keep, other, books), *found_between(keep, other, books))
    told = () if any(one.severity == "block" for one in hurdles) else _consequences(keep, other, books)
    return Planned(Change(units=(other,), hurdles=hurdles), (), told)


def event_of(command: MergePersons, plan: Planned) -> PersonsMerged:
    """Return the event of a merger thought through."""
    return PersonsMerged(merged_on=command.on, other=plan.change.units[0], reason=command.reason)


def other_of(command: MergePersons, keep: UUID, books: Books) -> UUID:
    """Return who is meant: by an id, else by a name among all people, nearest to the one kept first."""
    text = command.other.strip()
    try:
        wanted = UUID(text)
    except ValueError:
        return _named(text, keep, books)
    if kind_of(books.reading.load(wanted)) != "person":
        raise WrongUsage("person-unknown", person=text, people=[])
    return wanted


def _named(name: str, keep: UUID, books: Books) -> UUID:
    near = list(books.reading.directory.units_of(keep))
    for units in (near, [one for one in books.below(None) if one not in near]):
        found = dict.fromkeys(p for unit in units for p in books.named(unit).get(name, ()) if p != keep)
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise WrongUsage("person-ambiguous", person=name, people=[_told(p, books) for p in found])
    raise WrongUsage("person-unknown", person=name, people=[])


def _told(person_id: UUID, books: Books) -> dict[str, str]:
    person = books.person_state(person_id)
    unit = books.unit_state(person.unit_id).name if person.unit_id else ""
    return {
        "name": person.profile.name or "",
        "unit": unit,
        "stage": person.stage.value,
        "id": str(person_id),
    }


# --- what stands in the way -----------------------------------------------------------------------------


def _in_the_way(keep: UUID, other: UUID, books: Books) -> tuple[Finding, ...]:
    """Return what forbids a merger whatever is known of the two: each is one person, merged once."""
    merged = books.merged
    if keep == other:
        return (refused("merge-self", keep=str(keep)),)
    found = []
    if other in merged.into:
        found.append(refused("merge-again", other=str(other), into=str(merged.into[other])))
    if keep in merged.into:
        found.append(refused("merge-into-merged", keep=str(keep), into=str(merged.into[keep])))
    if theirs := merged.others(other):
        found.append(refused("merge-chain", other=str(other), others=[str(one) for one in theirs]))
    return tuple(found)


def found_between(keep: UUID, other: UUID, books: Books) -> tuple[Finding, ...]:
    """Return what speaks against two being one person, and what differs and yet may be."""
    if _in_the_way(keep, other, books):
        return ()
    one, two = books.person_state(keep), books.person_state(other)
    found = contradictions(one, two, _together(keep, other, books))
    return (*found, *noticed(one, two), *named_together(keep, other, books))


def _together(keep: UUID, other: UUID, books: Books) -> Person:
    """Return the person that two would be."""
    records = [*books.records_of(keep), *books.records_of(other)]
    both = state_of(keep, records, merged=books.merged.also(keep, other))
    if not isinstance(both, Person):
        raise TypeError(f"{keep} is no person")
    return both


# --- what it comes to -----------------------------------------------------------------------------------


def _consequences(keep: UUID, other: UUID, books: Books) -> tuple[Consequence, ...]:
    both, two = _together(keep, other, books), books.person_state(other)
    acts = {act.source.event_id: act for act in two.acts}
    told = [Consequence("records", "carried", other, to=keep, name=str(len(two.acts)))]
    for event_id in both.told_twice:
        if (act := acts.get(event_id)) is not None:
            told.append(Consequence("act", "closed", other, to=keep, name=f"{step_of(act.event)} {act.on}"))
    before = books.person_state(keep).unit_id
    told.append(
        Consequence("belonging", "carried", keep, unit_id=before, to=both.unit_id, name=both.stage.value)
    )
    told.append(Consequence("link", "carried", other, to=keep))
    told.append(Consequence("later", "carried", other, to=keep))
    return tuple(told)


# --- taken back -----------------------------------------------------------------------------------------


def check_amended(target: Recorded, field: str | None, books: Books) -> None:
    """Refuse to correct who was merged, and to bring a merger back that can be no more.

    Raises:
        WrongUsage: ``correct-structure``, ``merge-not-again``.
    """
    if isinstance(target.event, PersonsMerged) and field not in (None, "reason", "merged_on", "on"):
        raise WrongUsage("correct-structure", field=field, position=target.position)
    merger = _brought_back(target, books)
    if merger is None or not isinstance(merger.event, PersonsMerged) or field is not None:
        return
    keep, other = merger.stream_id, merger.event.other
    found = (*_in_the_way(keep, other, books), *found_between(keep, other, books))
    if any(one.severity == "block" for one in found):
        raise WrongUsage("merge-not-again", position=merger.position)


def _brought_back(target: Recorded, books: Books) -> Recorded | None:
    """Return the merger that would hold again if a retraction were withdrawn, None where none would."""
    seen: Recorded | None = target
    is_back = False
    while seen is not None and isinstance(seen.event, EventRetracted):
        seen, is_back = books.reading.find_event(seen.event.event_id), not is_back
    return seen if is_back and seen is not None and isinstance(seen.event, PersonsMerged) else None


def of_retraction(target: Recorded, books: Books) -> list[Finding]:
    """Return the note that records made since a merger, now withdrawn, stay with the one who was kept."""
    if not isinstance(target.event, PersonsMerged):
        return []
    later = [r for r in books.reading.load(target.stream_id) if r.position > target.position]
    count = sum(not isinstance(r.event, EventRetracted | FactCorrected | PersonsMerged) for r in later)
    people = {"keep": str(target.stream_id), "other": str(target.event.other)}
    return [noted("merge-apart-later" if count else "merge-apart", count=count, **people)]
