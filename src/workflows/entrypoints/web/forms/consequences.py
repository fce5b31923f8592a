"""What a change of the tree brings with it, as the page of checking lists it: by fate, then by what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.application.recording import Outcome
from workflows.entrypoints.consequences import DEADLINE, FILE, RATING, UNIT, rows_of
from workflows.entrypoints.web.words import WORDING

FATES = {
    "carried": ("ok", "接续"), "reassigned": ("soon", "改期"), "closed": ("no", "了结"),
    "begins": ("refer", "新起"),
}  # fmt: skip
"""Shape and word of each fate, in the order of the page."""

_GROUPS = {
    UNIT: "党组织",
    "post": "职务",
    "pack": "规则包",
    "cell": "党小组",
    "task": "决议事项",
    DEADLINE: "期限",
    FILE: "案卷",
    RATING: "考评",
    "records": "记录",
    "act": "两边都记了的",
    "link": "编号和链接",
    "later": "以后",
}
PEOPLE = "人员"
SHORT = 6
"""A list as short as this stands open."""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind with one fate; ``bygone`` counts limits of periods long over."""

    fate: str
    shape: str
    what: str
    lines: Sequence[str]
    bygone: int

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.lines) + self.bygone

    @property
    def is_open(self) -> bool:
        """Say whether the list is short enough to stand open."""
        return len(self.lines) <= SHORT


def consequences_of(
    outcome: Outcome, changes: Sequence[Mapping[str, Any]], names: Callable[[str], str | None]
) -> list[Group]:
    """Return what goes with a change of the tree, every line of it; nothing for any other act."""
    if not outcome.consequences:
        return []
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows_of(outcome.consequences, changes, names, WORDING):
        found.setdefault((row["fate"], _GROUPS.get(row["what"], PEOPLE)), []).append(row)
    order = (_GROUPS[UNIT], PEOPLE, *_GROUPS.values())
    return [
        Group(
            FATES[fate][1],
            FATES[fate][0],
            what,
            lines=[row["message"] for row in rows if not row.get("bygone")],
            bygone=sum(bool(row.get("bygone")) for row in rows),
        )
        for (fate, what), rows in sorted(
            found.items(), key=lambda item: (list(FATES).index(item[0][0]), order.index(item[0][1]))
        )
    ]
