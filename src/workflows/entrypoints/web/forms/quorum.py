"""How many have to come to a meeting: asked of the rules in force on its day, never counted here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import msgspec

from workflows.domain.unit.attendance import Due, due
from workflows.domain.unit.commands import HoldMeeting, MeetingType
from workflows.domain.unit.decide import decide
from workflows.domain.unit.events import MeetingHeld
from workflows.policies.findings import Finding, Verdict

MEETINGS: Sequence[str] = get_args(MeetingType)
_ON_ATTENDANCE = frozenset({"quorum", "share"})


@dataclass(frozen=True, slots=True)
class Need:
    """The least number that has to come, and the rule that says so."""

    least: int
    rule: str
    clause: str

    @property
    def told(self) -> str:
        """Return the rule in words."""
        return f"{self.rule}（{self.clause}）"


def needed(app: Any, unit_id: UUID, event: MeetingHeld) -> tuple[Due, Need | None]:
    """Return who should attend a meeting, and how many have to.

    Of an assembly it is told as of one that votes: one that does not has no quorum.
    """
    meeting, on = event.type, event.held_on
    with app.answering.opened() as opened:
        books = opened.books
        unit, rules = books.unit_state(unit_id), books.rules_for(unit_id, on)
        should = due(event, meeting, unit, books)
        base = should.number
        if base is None:
            return should, None

        def against(number: int) -> list[Finding]:
            told = {"on": on, "type": meeting, "eligible": base, "attending": number, "cell": event.cell}
            command = msgspec.convert({**told, "resolutions": [{"topic": ""}]}, HoldMeeting)
            found = decide(command, unit, rules, books).findings
            return [
                one
                for one in found
                if one.kind in _ON_ATTENDANCE and one.verdict in (Verdict.BLOCK, Verdict.WARN)
            ]

        first = against(0)
        if not first or against(base):
            return should, None
        least = bisect_left(range(base + 1), True, key=lambda number: not against(number))
        last = against(least - 1)[0]
        return should, Need(least, last.label, last.clause)
