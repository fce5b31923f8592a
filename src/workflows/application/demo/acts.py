"""What is to be recorded and when: acts, and the office's habits of entering them (录入习惯)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from workflows.application.demo.county import Branch, County
from workflows.application.demo.people import Somebody
from workflows.application.recording import Batch
from workflows.domain.case_files import CaseFile
from workflows.domain.facts import Roster
from workflows.domain.unit.state import Unit
from workflows.kernel.chance import Chance
from workflows.kernel.clock import local_day, moment_of

LIVE_DAYS = 30
"""Acts older than this are entered as history (补录), with a reason: the habit of this county."""

FROM_FILES = "建库时据原始档案录入"
ENTERED_LATE = (
    "当时漏登，据会议记录补录",
    "经办人更换，据原始记录补录",
    "档案核查发现未录，据原件补录",
    "系统停用期间的记录，现补录",
)
OPENING_DAYS = 6
"""In the first days the books of a branch are opened; nothing else is entered before they are over."""

_ATTEMPT_DAYS = 5
SATURDAY = 5


class View:
    """The books as they stand while an act is being recorded, seen from its branch."""

    def __init__(self, batch: Batch, act: Act, superior: UUID | None = None) -> None:
        self.batch, self.act, self.superior = batch, act, superior
        self.unit_id = act.branch.id

    @property
    def roster(self) -> Roster | None:
        """Return who belongs to the branch on the day of the act."""
        return self.batch.books.roster(self.unit_id, self.act.on) if self.unit_id else None

    @property
    def unit(self) -> Unit:
        """Return the branch as of the day of the act."""
        if self.unit_id is None:
            raise LookupError(f"{self.act.branch.name} is not on the books yet")
        return self.batch.books.unit_state(self.unit_id).at(self.act.on)

    @property
    def file(self) -> CaseFile | None:
        """Return the case of the act as of its day, None where it is not opened."""
        file_id = self.act.case.id if self.act.case else None
        return None if file_id is None else self.batch.books.file_state(file_id).at(self.act.on)

    @property
    def superior_secretary(self) -> str | None:
        """Return the secretary of the party committee above, by id."""
        found = None if self.superior is None else self.batch.books.unit(self.superior, self.act.on)
        return None if found is None or found.secretary is None else str(found.secretary)

    @property
    def posts(self) -> dict[str, str]:
        """Return the committee of the day, {id of the person: post}, the secretary first."""
        posts = {str(post.person.person): post.post for post in self.unit.committee if post.person.person}
        return dict(sorted(posts.items(), key=lambda item: item[1] != "secretary"))


Fields = Mapping[str, Any] | Callable[[View], "Mapping[str, Any] | None"]


@dataclass(slots=True, eq=False)
class Case:
    """A case of the play; ``found``: an inspection opened it, it is looked up by its subject."""

    kind: str
    subject: str
    found: bool = False
    id: UUID | None = None


@dataclass(slots=True, eq=False)
class Act:
    """One command to be recorded.

    ``fields`` may need the books of the moment; None then: it is not done after all. ``meant`` names the rule
    that is to refuse the act: a live attempt that leaves nothing; ``may_meet`` one that may. ``at_superior``:
    the act is the party committee's, ``at_county``: that of the county. ``case``: it is about that case;
    ``matter`` is the kind of a meeting.
    """

    on: date
    verb: str
    branch: Branch
    fields: Fields = field(default_factory=dict)
    who: Somebody | None = None
    actor: str = ""
    meant: str = ""
    may_meet: str = ""
    reason: str | None = None
    at: datetime | None = None
    event_id: UUID | None = None
    at_superior: bool = False
    at_county: bool = False
    case: Case | None = None
    matter: str = ""

    @property
    def is_history(self) -> bool:
        """Say whether the act is entered as history."""
        return self.reason is not None


@dataclass(slots=True, eq=False)
class Mend:
    """A correction (``change``: field and value, or None for a retraction) of an act recorded earlier."""

    act: Act
    at: datetime
    reason: str
    change: Callable[[View], tuple[str, Any] | None] | None = None
    evidence: str | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """Acts from one day to another lay in a drawer until ``entered_on``."""

    first: date
    last: date
    entered_on: date


class Agenda:
    """Everything to be recorded, in the order of recording."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.working: dict[date, bool] = {}
        self.entries: list[tuple[datetime, int, Act | Mend]] = []

    def enter(
        self,
        chain: Iterable[Act],
        chance: Chance,
        *,
        slack: float,
        spells: Sequence[Spell] = (),
        in_turn: bool = True,
        prompt: bool = False,
    ) -> None:
        """Give each act its moment of recording.

        ``in_turn``: none is recorded before the one ahead of it; else those entered as history hold up
        nobody. ``prompt``: all is entered on its day.
        Acts whose moment lies after the last day of the play are left out, and with them all that follow.
        """
        before: datetime | None = None
        for act in chain:
            opened = act.branch.opens_on + timedelta(days=OPENING_DAYS)
            delay = 0 if prompt or act.meant else self._delay(chance, slack)
            due = max(act.on + timedelta(days=delay), opened)
            spell = next((s for s in spells if s.first <= act.on <= s.last and not act.meant), None)
            if spell is not None:
                due = max(due, spell.entered_on)
            moment = office_moment(due, chance)
            holds_up = in_turn or (local_day(moment) - act.on).days <= LIVE_DAYS
            if before is not None and moment <= before and holds_up:
                moment = before + timedelta(minutes=1)
            if act.meant and (local_day(moment) - act.on).days > _ATTEMPT_DAYS:
                continue
            if local_day(moment) > self.county.until:
                if in_turn:
                    return
                continue
            if holds_up:
                before = moment
            self.put(act, moment, chance)

    def put(self, act: Act, moment: datetime, chance: Chance) -> None:
        """Have an act recorded at a moment, as history where it is older than the county records live."""
        act.at = moment
        act.actor = act.actor or act.branch.clerk
        if act.on < act.branch.opens_on and act.verb != "establish_unit":
            act.reason = FROM_FILES
        elif (local_day(moment) - act.on).days > LIVE_DAYS:
            act.reason = act.reason or chance.pick(ENTERED_LATE)
        self._add(moment, act)

    def mend(self, mend: Mend) -> None:
        """Have a correction or retraction recorded, unless its day lies after the play."""
        if local_day(mend.at) <= self.county.until:
            self._add(mend.at, mend)

    def take_over(self, other: Agenda) -> None:
        """Take over everything of another agenda, with its moments."""
        for moment, _, entry in other.in_order():
            self._add(moment, entry)

    def acts(self) -> list[Act]:
        """Return the acts so far, in the order of recording."""
        return [entry for _, _, entry in sorted(self.entries, key=_order) if isinstance(entry, Act)]

    def in_order(self) -> list[tuple[datetime, int, Act | Mend]]:
        """Return everything in the order of recording."""
        return sorted(self.entries, key=_order)

    def _add(self, moment: datetime, entry: Act | Mend) -> None:
        self.entries.append((moment, len(self.entries), entry))

    @staticmethod
    def _delay(chance: Chance, slack: float) -> int:
        late = 10 + round(500 * slack)
        return chance.number(
            *chance.weighted({(0, 0): 500, (1, 4): 360, (5, 25): 140 - late, (LIVE_DAYS + 5, 170): late})
        )


def _order(entry: tuple[datetime, int, Act | Mend]) -> tuple[datetime, int]:
    return entry[:2]


def office_moment(day: date, chance: Chance) -> datetime:
    """Return a moment of the first weekday from ``day`` on, in office hours."""
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return moment_of(day, 8) + timedelta(minutes=chance.number(5, 570), seconds=chance.number(0, 59))
