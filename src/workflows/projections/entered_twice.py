"""可能重复登记的人: who of a unit and all below may be one person; two of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from workflows.application.merging import other_of
from workflows.domain.person.events import Profile
from workflows.domain.person.member_commands import MergePersons
from workflows.domain.person.merging import may_be_born_together, written
from workflows.domain.person.state import Person
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.projections import standing
from workflows.projections.naming import masked_profile, plain
from workflows.projections.opening import Answer, Opened, Opening

SAME_NUMBER, SAME_BIRTH, SAME_UNIT = "number", "name_born", "name_unit"
"""Why two may be one: one identity number; name and birth day; one name in one unit, a birth day unknown."""

COMPARED = (
    "unit",
    "stage",
    "applied_on",
    "activist_since",
    "target_on",
    "member_from",
    "full_since",
    "stopped_on",
)


class EnteredTwice(Opening):
    """Answers who may have been entered twice."""

    def entered_twice(self, unit_id: UUID | None, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer the pairs among the people of a unit and all below, who was entered first in front."""
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            people = [p for p in self._people(opened, opened.books.below(unit_id, day)) if p.at(day).acts]
            found = sorted(pairs(people), key=lambda pair: _place(pair[1], opened))
            rows = [
                {"because": why, "one": _brief(one, opened, day), "other": _brief(other, opened, day)}
                for why, one, other in found
            ]
            return self._answer(opened, rows, day, known_on)

    def may_be(self, person_id: UUID, on: date | None = None) -> list[dict[str, Any]]:
        """Return who may be the same person, among the units they belonged to and those beside them."""
        day = on or today(self.clock)
        with self.opened(None, day) as opened:
            books = opened.books
            one = books.one(person_id)
            homes = list(opened.reading.directory.units_of(one))
            above = [line[1] for home in homes if len(line := books.line_of(home, day)) > 1]
            near = dict.fromkeys([*homes, *(unit for top in above for unit in books.below(top))])
            mine = books.person_state(one)
            told = (
                (why_one(mine, other), other) for other in self._people(opened, list(near)) if other.id != one
            )
            return [
                {"because": why, **_brief(other, opened, day)} for why, other in told if why and other.acts
            ]

    def beside(self, person_id: UUID, command: MergePersons) -> Answer:
        """Answer who is kept and who is meant by a merger: ``rows`` of ``fact, keep, other, differs``.

        Raises:
            WrongUsage: nobody, or several, are meant.
        """
        day = today(self.clock)
        with self.opened(None, day) as opened:
            books = opened.books
            two = [books.person(one) for one in (person_id, other_of(command, books.one(person_id), books))]
            keep, other = two
            more = _facts(keep, opened, day), _facts(other, opened, day)
            return self._answer(opened, rows_beside(keep.profile, other.profile, *more), day, None)


def rows_beside(
    keep: Profile,
    other: Profile,
    of_keep: Mapping[str, Any] | None = None,
    of_other: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return what two tell, fact by fact; days of birth that may be the same do not differ."""
    mine, theirs = {**_papers(keep), **(of_keep or {})}, {**_papers(other), **(of_other or {})}
    born_apart = may_be_born_together(keep, other) is False

    def differs(name: str) -> bool:
        both = bool(mine.get(name) and theirs.get(name)) and mine[name] != theirs[name]
        return both and (name != "born_on" or born_apart)

    names = [name for name in dict.fromkeys([*mine, *theirs]) if mine.get(name) or theirs.get(name)]
    return [{"fact": n, "keep": mine.get(n), "other": theirs.get(n), "differs": differs(n)} for n in names]


def _papers(profile: Profile) -> dict[str, Any]:
    """Return what papers tell of somebody, a birth day known only roughly in its words."""
    told = masked_profile(profile, full=True)
    if (rough := told.pop("born_on_approx", None)) is not None:
        told["born_on"] = rough["text"]
    return told


def pairs(people: Iterable[Person]) -> Iterator[tuple[str, Person, Person]]:
    """Yield two who may be one, and why; each pair once, who was entered first in front."""
    alike: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        if person.profile.name:
            alike.setdefault(("name", written(person.profile.name)), []).append(person)
        if person.profile.id_number:
            alike.setdefault(("number", person.profile.id_number.upper()), []).append(person)
    seen: set[frozenset[UUID]] = set()
    for group in alike.values():
        for one, other in combinations(sorted(group, key=_entered), 2):
            why = why_one(one, other)
            if why and (pair := frozenset((one.id, other.id))) not in seen:
                seen.add(pair)
                yield why, one, other


def why_one(one: Person, other: Person) -> str:
    """Return why two may be one person, "" where nothing says so or papers tell them apart."""
    mine, theirs = one.profile, other.profile
    if mine.id_number and theirs.id_number:
        return SAME_NUMBER if mine.id_number.upper() == theirs.id_number.upper() else ""
    if not mine.name or written(mine.name) != written(theirs.name):
        return ""
    born = may_be_born_together(mine, theirs)
    if born is None:
        return SAME_UNIT if one.unit_id is not None and one.unit_id == other.unit_id else ""
    return SAME_BIRTH if born else ""


def _place(person: Person, opened: Opened) -> tuple[str, str, str]:
    return opened.naming.unit(person.unit_id) or "", person.profile.name or "", str(person.id)


def _entered(person: Person) -> int:
    return min((act.source.position for act in person.acts), default=0)


def _brief(person: Person, opened: Opened, day: date) -> dict[str, Any]:
    born = person.profile.born_on
    return {
        "person": person.profile.name,
        "person_id": str(person.id),
        "unit": opened.naming.unit(person.unit_on(day)),
        "unit_id": str(person.unit_on(day)) if person.unit_on(day) else None,
        "stage": person.stage_on(day).value,
        "born": born.isoformat()[:4] if born else None,
        "records": len(person.acts),
    }


def _facts(person: Person, opened: Opened, day: date) -> dict[str, Any]:
    """Return what tells a person from another besides papers: course, and when they were first entered."""
    unit_id, books = person.unit_on(day), opened.books
    unit = books.unit_state(unit_id) if unit_id is not None else None
    held = standing.posts_held(unit, books, day)
    state = plain(standing.of_person(person, held, books.rules_for(unit_id, day), opened.naming, on=day))
    first: Sequence[Any] = sorted(person.acts, key=lambda act: act.source.position)[:1]
    return {
        **{name: state.get(name) for name in COMPARED},
        "posts": state.get("posts"),
        "records": len(person.acts),
        "entered_on": first[0].source.recorded_on.isoformat() if first else None,
    }
