"""What a play came to, counted while it was played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from workflows.application.demo.acts import Act
from workflows.application.recording import Outcome
from workflows.kernel.events import Recorded
from workflows.policies.findings import Verdict


class DemoSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The play in numbers.

    ``units`` and ``branches`` are those of the last day, ``ended`` the branches merged and dissolved before.
    ``verdicts``: steps by verdict (of refused ones too). ``rules``: {rule: {verdict: how often}} of every
    finding that is not ``ok``. ``refused``: attempts that left nothing, by the rule meant to refuse them.
    ``unmeant``: what was refused without being meant to, ``unrefused`` what was meant to be and was not; both
    are empty, else the play is at fault. ``stages``: people by stage on the last day.
    """

    seed: int
    units: int
    branches: int
    ended: int
    people: int
    events: int
    by_event: dict[str, int]
    live: int
    as_history: int
    entered_late: int
    corrections: int
    retractions: int
    verdicts: dict[str, int]
    rules: dict[str, dict[str, int]]
    refused: dict[str, int]
    unmeant: tuple[str, ...]
    unrefused: tuple[str, ...]
    left_out: int
    stages: dict[str, int]
    first_recorded_at: datetime
    last_recorded_at: datetime


class Tally:
    """Counts while the play goes on."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.rules: dict[str, Counter[str]] = {}
        self.refused: Counter[str] = Counter()
        self.unmeant: list[str] = []
        self.unrefused: list[str] = []
        self.live = self.as_history = self.late = self.left_out = 0
        self.corrections = self.retractions = 0

    def note(self, act: Act, outcome: Outcome) -> None:
        """Count one act that was put to the recording."""
        self.verdicts[str(outcome.verdict)] += 1
        for finding in outcome.findings:
            if finding.verdict is not Verdict.OK:
                self.rules.setdefault(finding.rule, Counter())[str(finding.verdict)] += 1
        self.events.update(outcome.events)
        if outcome.refused:
            self._note_refusal(act, outcome)
            return
        if act.meant:
            self.unrefused.append(_place(act))
        if act.is_history:
            self.as_history += 1
            self.late += act.on >= act.branch.opens_on
        else:
            self.live += 1

    def note_caused(self, records: Sequence[Recorded]) -> None:
        """Count what an act caused on other streams."""
        self.events.update(type(record.event).__name__ for record in records)

    def _note_refusal(self, act: Act, outcome: Outcome) -> None:
        blocking = {f.rule for f in outcome.findings if f.verdict in (Verdict.BLOCK, Verdict.INCOMPLETE)}
        planned = {act.meant, act.may_meet} & blocking
        if planned:
            self.refused[min(planned)] += 1
        else:
            self.unmeant.append(f"{_place(act)}: {', '.join(sorted(blocking))}")


def _place(act: Act) -> str:
    return f"{act.verb} {act.on} {act.who.key if act.who else act.branch.name}"
