"""沿革: the names a unit bore, what it came out of, what became of it, each with its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from workflows.entrypoints.web.words import WORDING, kind_word, word


@dataclass(frozen=True, slots=True)
class Former:
    """A name borne from a day to another, both included."""

    name: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another unit: from which day on, what happened, and where it is shown."""

    on: str
    told: str
    path: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a unit was and where it went, as its page tells it."""

    former: Sequence[Former]
    before: Sequence[Link]
    after: Sequence[Link]
    changes: Sequence[Link]
    ended_on: str | None

    @property
    def last_day(self) -> str:
        """Return the last day on which the unit was there, "" where it still is."""
        return _day_before(self.ended_on) if self.ended_on else ""

    @property
    def is_told(self) -> bool:
        """Say whether there is anything to tell: most units are what they were at first."""
        return bool(self.former or self.before or self.after or self.changes or self.ended_on)


def lineage_of(answer: Mapping[str, Any]) -> Lineage:
    """Return what an answer about the past of a unit tells."""
    return Lineage(
        former=former_names(answer),
        before=[_link(one, "from") for one in answer["predecessors"]],
        after=[_link(one, "to") for one in answer["successors"]],
        changes=list(_changes(answer["rows"])),
        ended_on=answer["dissolved_on"],
    )


def former_names(answer: Mapping[str, Any]) -> list[Former]:
    """Return the names a unit had before its last one."""
    told = answer["names"]
    return [Former(one["name"], one["from"], _day_before(after["from"])) for one, after in pairwise(told)]


def in_words(answer: Mapping[str, Any]) -> list[str]:
    """Return where a unit went, one sentence a thing."""
    return [_sentence(one, "to") for one in answer["successors"]]


def _link(one: Mapping[str, Any], way: str) -> Link:
    return Link(one["on"], _sentence(one, way), f"/units/{one['unit_id']}")


def _sentence(one: Mapping[str, Any], way: str) -> str:
    return WORDING.words.sentence("lineage", f"{way}_{one['how']}", on=f"{one['on']} ", unit=one["unit"])


def _changes(rows: Sequence[Mapping[str, Any]]) -> Iterator[Link]:
    """Yield the days from which a unit stood elsewhere or was of another kind."""
    for old, new in pairwise(rows):
        told = []
        if new["superior"] != old["superior"]:
            told.append(f"改属{new['superior']}" if new["superior"] else "不再属于账上的党组织")
        if (new["kind"], new["level"]) != (old["kind"], old["level"]):
            told.append(f"改为{word('level', new['level'])}（{kind_word(new['kind'])}）")
        if told:
            yield Link(new["from"], "，".join(told), "")


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(1)).isoformat()
