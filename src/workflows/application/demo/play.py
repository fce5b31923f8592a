"""Plays the county: every act through the commands, the clock put to the moment each was recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from workflows.application.amending import Amending, Amendment
from workflows.application.commands import parse
from workflows.application.demo.acts import FROM_FILES, Act, Agenda, Mend, View, office_moment
from workflows.application.demo.branch_life import lead, leaders, live
from workflows.application.demo.cases import belongs, case_of
from workflows.application.demo.county import COUNTY, FULL_COUNTY, Branch, County, lay_out
from workflows.application.demo.elections import hold_elections
from workflows.application.demo.inspections import inspect
from workflows.application.demo.meetings import hold_meetings
from workflows.application.demo.mends import mend
from workflows.application.demo.opening import found_superiors, open_branch
from workflows.application.demo.plan import show_stages, write_people
from workflows.application.demo.problems import rectify
from workflows.application.demo.ratings import rate
from workflows.application.demo.sites import name_sites, overhaul
from workflows.application.demo.summary import DemoSummary, Tally
from workflows.application.demo.tree_changes import change_tree
from workflows.application.recording import Batch, Recording, Request
from workflows.kernel.calendar import MONTHS_PER_YEAR, add_months
from workflows.kernel.chance import Chance
from workflows.kernel.clock import FixedClock
from workflows.kernel.ids import derived

ENTRIES_A_TRANSACTION = 1000
MOST_CAUSED = 1000
YEARS = 5
OFFICE_BATCH = derived("demo", "office-workbook")
"""The batch under which a demonstration imports its office workbook: by it that is known from a user's."""

OPENING = ("establish_unit", "receive_application", "register_member")
"""The acts that put a unit or somebody on the books."""

Progress = Callable[[int, int], None]
Entry = tuple[datetime, int, Act | Mend]


def play_county(
    recording: Recording,
    amending: Amending,
    clock: FixedClock,
    *,
    seed: int,
    until: date,
    years: int = YEARS,
    branches: int = FULL_COUNTY,
    progress: Progress | None = None,
) -> DemoSummary:
    """Play ``years`` years of an invented county that end on ``until`` (inclusive), all through the commands.

    ``clock`` must be the one by which ``recording`` and its log tell the time: it is put to the moment at
    which each act is recorded, never back. The same seed, day and ids give the same events. ``progress`` gets
    (entries done, entries in all). The books must be empty.
    """
    chance = Chance("demo", seed)
    begin = add_months(until, -MONTHS_PER_YEAR * years)
    rules = recording.rules

    def term_end(elected_on: date, kind: str) -> date | None:
        found = rules.term_end(elected_on, kind)
        return None if found is None else found[0]

    county = lay_out(chance.fork("county"), begin, until, branches, term_end)
    agenda = Agenda(county)
    for branch in county.branches:
        own = chance.fork("play", branch.index)
        open_branch(agenda, branch, own.fork("opening"))
        write_people(agenda, rules, branch, own.fork("people"))
        hold_elections(agenda, branch, own.fork("elections"), term_end)
        hold_meetings(agenda, branch, own.fork("meetings"))
        live(agenda, branch, own.fork("life"))
    for branch in leaders(county.branches):
        lead(agenda, branch, chance.fork("committee", branch.committee))
    show_stages(agenda, rules, chance.fork("shown"), 2 if branches >= FULL_COUNTY // 4 else 1)
    mend(agenda, chance.fork("mends"))
    rectify(agenda, chance.fork("problems"))
    inspect(agenda, chance.fork("inspections"))
    rate(agenda, chance.fork("ratings"))
    name_sites(agenda, chance.fork("sites"))
    overhaul(agenda, chance.fork("overhauls"))
    if branches >= FULL_COUNTY // 4:
        change_tree(agenda, chance.fork("tree"), term_end)
    player = _Player(recording, amending, clock, county)
    player.found(office_moment(begin, chance.fork("founding")).replace(hour=0, minute=0))
    player.play(agenda.in_order(), progress)
    return player.summary(seed)


class _Player:
    """Puts the clock where each entry was recorded, and records it."""

    def __init__(self, recording: Recording, amending: Amending, clock: FixedClock, county: County) -> None:
        self.recording, self.amending, self.clock, self.county = recording, amending, clock, county
        self.tally = Tally()
        self.first = self.last = clock.now()

    def found(self, moment: datetime) -> None:
        """Put the superiors on the books."""
        self.clock.put(moment)
        self.first = moment
        self.recording.work(lambda batch: found_superiors(batch, self.county, COUNTY))
        self.tally.events["UnitEstablished"] += 1 + len(self.county.committees)

    def play(self, entries: list[Entry], progress: Progress | None) -> None:
        """Record everything in its order, some hundred entries a transaction."""
        for start in range(0, len(entries), ENTRIES_A_TRANSACTION):
            part = entries[start : start + ENTRIES_A_TRANSACTION]
            self.recording.work(partial(self._part, part))
            if progress:
                progress(start + len(part), len(entries))

    def _part(self, part: list[Entry], batch: Batch) -> None:
        for moment, _, entry in part:
            self.clock.put(moment)
            self.last = moment
            if isinstance(entry, Act):
                self._act(batch, entry)
            else:
                self._mend(batch, entry)

    def _act(self, batch: Batch, act: Act) -> None:
        asked = self._request(batch, act)
        if asked is None:
            self.tally.left_out += 1
            return
        outcome = batch.record(asked)
        self.tally.note(act, outcome)
        if outcome.refused:
            return
        if outcome.consequences:
            self.tally.note_caused(batch.transaction.load_since(outcome.position, MOST_CAUSED))
        act.event_id = outcome.event_ids[0] if outcome.event_ids else None
        if act.verb == "establish_unit":
            act.branch.id = outcome.stream_id
        elif act.case is not None:
            act.case.id = outcome.stream_id
        elif act.who is not None and act.verb in OPENING:
            act.who.id = outcome.stream_id

    def _request(self, batch: Batch, act: Act) -> Request | None:
        """Return what is asked by an act; None where it cannot be, or is not done after all."""
        above = self.county.committees.get(act.branch.committee)
        case_id = case_of(batch, act)
        fields = act.fields(View(batch, act, above)) if callable(act.fields) else act.fields
        if fields is None or (act.who is not None and act.who.id is None and act.verb not in OPENING):
            return None
        command = parse(act.verb, fields, act.on, of_case=act.case is not None)
        if act.case is not None and not belongs(batch, command, case_id):
            return None
        named = above if act.verb == "establish_unit" else act.branch.id if act.at_superior else None
        by = self.county.id if act.at_county else above if act.at_superior else act.branch.id
        return Request(
            command=command,
            actor=act.actor,
            origin="demo",
            person_id=act.who.id if act.who else None,
            unit_id=by,
            named_unit_id=None if act.case is not None else named,
            file_id=case_id,
            subject=act.case.subject if act.case else None,
            as_history=act.is_history,
            complete=act.reason != FROM_FILES,
            reason=act.reason,
        )

    def _mend(self, batch: Batch, mend: Mend) -> None:
        found = mend.change(View(batch, mend.act)) if mend.change else None
        if mend.act.event_id is None or (mend.change and found is None):
            self.tally.left_out += 1
            return
        field, value = found or (None, None)
        outcome = self.amending.in_batch(
            batch,
            Amendment(
                event=mend.act.event_id,
                actor=mend.actor,
                origin="demo",
                reason=mend.reason,
                field=field,
                value=value,
                evidence=mend.evidence,
            ),
        )
        self.tally.events.update(outcome.events)
        self.tally.corrections += field is not None
        self.tally.retractions += field is None

    # --- counting ---------------------------------------------------------------------------------------

    def summary(self, seed: int) -> DemoSummary:
        """Return the play in numbers."""
        tally = self.tally
        stages: Counter[str] = Counter()
        self.recording.work(lambda batch: self._count(batch, stages))
        return DemoSummary(
            seed=seed,
            units=1 + len(self.county.committees) + len(self.county.branches),
            branches=len(self.county.branches),
            ended=len(self.county.ended),
            people=sum(stages.values()),
            events=sum(tally.events.values()),
            by_event=dict(sorted(tally.events.items())),
            live=tally.live,
            as_history=tally.as_history,
            entered_late=tally.late,
            corrections=tally.corrections,
            retractions=tally.retractions,
            verdicts=dict(sorted(tally.verdicts.items())),
            rules={rule: dict(sorted(found.items())) for rule, found in sorted(tally.rules.items())},
            refused=dict(sorted(tally.refused.items())),
            unmeant=tuple(tally.unmeant),
            unrefused=tuple(tally.unrefused),
            left_out=tally.left_out,
            stages=dict(sorted(stages.items())),
            first_recorded_at=self.first,
            last_recorded_at=self.last,
        )

    def _count(self, batch: Batch, stages: Counter[str]) -> None:
        seen: set[UUID] = set()
        for branch in self._branches():
            for person_id in batch.transaction.directory.people_of(branch):
                if person_id not in seen:
                    seen.add(person_id)
                    stages[batch.books.person_state(person_id).stage_on(self.county.until).value] += 1

    def _branches(self) -> list[UUID]:
        found: list[Branch] = [*self.county.branches, *self.county.ended]
        return [branch.id for branch in found if branch.id is not None]
