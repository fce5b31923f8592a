"""Whatever is asked for in whatever order, a person's course stays what the rules let it be."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.scenario import rules
from workflows.adapters.memory import MemoryLog, PlainIdentity
from workflows.application.books import Books
from workflows.application.commands import commands, parse
from workflows.application.recording import Outcome, Recording, Request
from workflows.domain.person import events as ev
from workflows.domain.person import judged_again
from workflows.domain.person.relation import is_after
from workflows.domain.person.state import Person, evolve, summary
from workflows.domain.stages import MOVES, Stage
from workflows.kernel.calendar import add_months
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.events import fold, history
from workflows.kernel.ids import SeededIds
from workflows.policies.findings import Verdict

RULES = rules()
BEGIN = date(2022, 1, 10)
MONTHS_OF_PROBATION = 12
VOTERS = 5
COURSE = (
    "receive_application", "hold_first_talk", "confirm_activist", "file_activist", "assign_mentors",
    "record_semiannual_review", "agree_development_target", "file_development_target",
    "consent_development_target", "post_notice", "close_notice", "list_development_target",
    "assign_sponsors", "conclude_background_review", "complete_intensive_course", "examine_target",
    "conclude_preliminary_review", "complete_admission_form", "vote_on_admission", "hold_approval_talk",
    "approve_admission", "file_admission", "take_oath", "apply_for_full_membership",
    "vote_on_full_membership", "approve_full_membership", "archive_dossier",
)  # fmt: skip
"""The course in the order of the chart: most runs follow it, so that they come to its end."""
OF_ONE_VERSION = ("consent_development_target", "file_development_target")
ENDING = ("withdraw_application", "drop_activist", "strike_off", "record_death")
OPENING = ("register_member", "take_over_course")
OF_TWO = ("merge_persons",)
"""What takes a second person: there is but one here; `test_merged_rows` merges at random."""
INSIDE = tuple(
    name
    for name, kind in sorted(commands().items())
    if kind.aggregate == "person" and name not in (*ENDING, *OPENING, *OF_TWO)
)
VOTES = st.tuples(st.integers(0, VOTERS + 1), st.integers(0, VOTERS + 1), st.booleans())


class Course(RuleBasedStateMachine):
    """One branch of five full members, one person, live commands only: what is blocked is not recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(moment_of(date(2035, 1, 1)))
        self.log = MemoryLog(self.clock)
        ids = SeededIds("course")
        self.recording = Recording(self.log, RULES, self.clock, PlainIdentity(), ids, allow_future=True)
        self.today, self.left_out = BEGIN, 0

    @initialize()
    def begin(self) -> None:
        """Set up two branches, and five members in the first."""
        self.units = [
            self.recording.record(
                Request(
                    command=parse("establish_unit", {"name": name, "kind": "community"}, date(2015, 1, 1)),
                    actor="t",
                    origin="cli",
                )
            ).stream_id
            for name in ("甲支部", "乙支部")
        ]
        self.members = [
            self._record("register_member", {"full_since": date(2015, 7, 1), "name": f"党员{n}"}).stream_id
            for n in range(VOTERS)
        ]
        first = self._record("receive_application", {"name": "王", "born_on": date(1995, 1, 1)}, self.today)
        assert first.stream_id is not None
        self.who = first.stream_id

    def _record(self, verb: str, fields: dict[str, Any], on: date | None = None) -> Outcome:
        return self.recording.record(
            Request(
                command=parse(verb, fields, on or date(2015, 7, 1)), actor="t", origin="cli",
                unit_id=self.units[0],
            )
        )  # fmt: skip

    def _ask(self, verb: str, fields: dict[str, Any], on: date | None = None) -> Outcome:
        named = self.units[1] if verb == "transfer_person" else None
        return self.recording.record(
            Request(
                command=parse(verb, fields, on or self.today), actor="t", origin="cli",
                person_id=self.who, named_unit_id=named,
            )
        )  # fmt: skip

    @rule(steps=st.integers(1, 6), wait=st.sampled_from((0, 1, 7)))
    def go_on(self, steps: int, wait: int) -> None:
        """Do the next steps of the chart as they should be done, each on its first lawful day."""
        for _ in range(steps):
            self._go_on(wait, (VOTERS, VOTERS, True), good=True)

    @rule(wait=st.sampled_from((0, 30, 370)), votes=VOTES, good=st.booleans())
    def stumble(self, wait: int, votes: tuple[int, int, bool], good: bool) -> None:
        """Do the next step of the chart, perhaps late, perhaps badly."""
        self._go_on(wait, votes, good=good)

    def _go_on(self, wait: int, votes: tuple[int, int, bool], *, good: bool) -> None:
        self.today += timedelta(days=wait)
        verb = self._next()
        outcome = self._ask(verb, self._fields(verb, votes, good=good))
        first = max((f.earliest_on for f in outcome.findings if f.earliest_on), default=self.today)
        if outcome.refused and first > self.today:
            self.today = first
            outcome = self._ask(verb, self._fields(verb, votes, good=good))
        self.left_out = 0

    def _next(self) -> str:
        """Return the first step of the chart not yet done, or a later one where one is to be left out."""
        done = {
            getattr(type(act.event), "step", "")
            for act in self._person().this_round
            if all(getattr(act.event, name, True) is not False for name in ("passed", "agreed"))
        }
        if done & set(OF_ONE_VERSION):
            done |= set(OF_ONE_VERSION)
        open_ = [verb for verb in COURSE if verb not in done] or [COURSE[-1]]
        return open_[min(self.left_out, len(open_) - 1)]

    @rule(verb=st.sampled_from(INSIDE), votes=VOTES, good=st.booleans())
    def do_anything(self, verb: str, votes: tuple[int, int, bool], good: bool) -> None:
        """Do any step at all that ends nothing."""
        self._ask(verb, self._fields(verb, votes, good=good))

    @rule(verb=st.sampled_from((*INSIDE, *ENDING)), days=st.integers(1, 800), votes=VOTES)
    def enter_late(self, verb: str, days: int, votes: tuple[int, int, bool]) -> None:
        """Enter a step of an earlier day: what was done since keeps its stage, or it is refused."""
        on = max(BEGIN, self.today - timedelta(days=days))
        if on == self.today or verb in ("post_notice", "transfer_person"):
            return
        outcome = self._ask(verb, self._fields(verb, votes, good=True), on)
        if not outcome.refused:
            person = self._person()
            later = judged_again.of_person(person, RULES, Books(self.log, RULES))
            assert not [f for found in later.values() for f in found if f.kind == "stage"]

    @rule(verb=st.sampled_from(ENDING), chance=st.integers(0, 19))
    def end(self, verb: str, chance: int) -> None:
        """Now and then, bring it to an end; an application may follow."""
        if chance == 0:
            self._ask(verb, self._fields(verb, (VOTERS, VOTERS, True), good=True))

    @rule()
    def jump_ahead(self) -> None:
        """Leave a step of the chart out."""
        self.left_out += 1

    def _fields(self, verb: str, votes: tuple[int, int, bool], *, good: bool) -> dict[str, Any]:
        attending, in_favour, secret = votes
        told: dict[str, dict[str, Any]] = {
            "receive_application": {"name": "王", "born_on": date(1995, 1, 1)},
            "hold_first_talk": {"by": str(self.members[0])},
            "assign_mentors": {"persons": [str(self.members[0])]},
            "assign_sponsors": {"persons": [str(m) for m in self.members[: 2 if good else 1]]},
            "post_notice": {"working_days": 5},
            "conclude_background_review": {"passed": good},
            "complete_intensive_course": {"days": 3 if good else 1},
            "examine_target": {"agreed": good},
            "conclude_preliminary_review": {"passed": good},
            "vote_on_admission": {"attending": attending, "in_favour": in_favour, "secret": secret},
            "vote_on_full_membership": {
                "attending": attending, "in_favour": in_favour, "secret": secret,
                **({} if good else {"outcome": "extend", "months": 6}),
            },
            "stop_membership": {"ground": "lost", "since": self.today - timedelta(days=200)},
            "strike_off": {"kind": "struck_off", "clause": "第三十一条"},
            "transfer_person": {"to_unit": "乙支部", "reason": "调动", "opinion": "良好"},
            "order_correction": {"months": 6},
            "record_step": {"step": "thought_report"},
            "return_papers": {"step": COURSE[(attending * 7 + in_favour) % len(COURSE)], "reason": "缺材料"},
            "record_dues": {"month": "2026-01", "role": "student"},
            "reduce_dues": {"first_month": "2026-01"},
            "record_charge": {"form": "criticised", "authority": "镇纪委", "document": "3号"},
        }  # fmt: skip
        return told.get(verb, {})

    # --- what never breaks ------------------------------------------------------------------------------

    def _person(self) -> Person:
        return Books(self.log, RULES).person_state(self.who)

    @invariant()
    def there_is_one_stage_on_every_day(self) -> None:
        """Stages follow one another by the table of moves, none on two days at once."""
        if not hasattr(self, "who"):
            return
        stages = self._person().stages
        assert [entry.on for entry in stages] == sorted(entry.on for entry in stages)
        for before, then in pairwise(stages):
            assert any(
                (before.stage.value, move) in MOVES and MOVES[before.stage.value, move] == then.stage.value
                for _, move in MOVES
            ), (before.stage, then.stage)

    @invariant()
    def votes_add_up(self) -> None:
        """No more present than due, no more in favour than present, passed only above half of those due."""
        if not hasattr(self, "who"):
            return
        for act in self._person().acts:
            if isinstance(act.event, ev.AdmissionVoted | ev.FullMembershipVoted):
                votes = act.event.votes
                assert votes.eligible is not None
                assert votes.attending is not None
                assert votes.in_favour is not None
                assert votes.in_favour <= votes.attending <= votes.eligible
                assert act.event.passed == (votes.in_favour * 2 > votes.eligible)

    @invariant()
    def nobody_is_a_member_without_the_votes(self) -> None:
        """Probation begins with a passed vote and its approval, full membership with a second one."""
        if not hasattr(self, "who"):
            return
        person = self._person()
        if person.since(Stage.PROBATIONARY) and person.last(ev.AdmissionApproved):
            assert person.admission is not None
            assert person.admission[0].passed
            approved = person.last(ev.AdmissionApproved)
            assert approved is not None
            votes = [event for event, act in person.each(ev.AdmissionVoted) if is_after(approved[1], act)]
            assert votes[-1].passed, "the last vote decides"
        granted = person.last(ev.FullMembershipGranted)
        if granted is not None:
            voted = [e for e, a in person.each(ev.FullMembershipVoted) if e.outcome == "grant" and e.passed]
            assert voted
            assert voted[-1].held_on <= granted[0].approved_on

    @invariant()
    def probation_lasts_a_year_or_is_extended_once(self) -> None:
        """From the vote a year, extended at most once by six to twelve months, converted not before."""
        if not hasattr(self, "who"):
            return
        person = self._person()
        until, admitted = person.probation_until(MONTHS_OF_PROBATION), person.admitted
        if until is None or admitted is None:
            return
        assert len(person.extensions) <= 1
        earliest = add_months(admitted[0], MONTHS_OF_PROBATION)
        longest = add_months(admitted[0], 2 * MONTHS_OF_PROBATION)
        assert earliest <= until[0] <= longest
        granted = person.last(ev.FullMembershipGranted)
        if granted is not None:
            assert granted[0].effective_from == until[0] <= granted[0].approved_on

    @invariant()
    def the_state_is_the_fold_of_its_records(self) -> None:
        """An earlier day read off the state equals the fold cut at that day."""
        if not hasattr(self, "who"):
            return
        records = self.log.load(self.who)
        day = BEGIN + (self.today - BEGIN) / 2
        cut = fold(evolve, Person(self.who), history(records, as_of=day))
        whole = self._person()
        assert summary(whole, day, MONTHS_OF_PROBATION) == summary(cut, day, MONTHS_OF_PROBATION)

    @invariant()
    def nothing_blocked_is_on_the_books(self) -> None:
        """Every recorded act was lawful on its day by what was known then."""
        if not hasattr(self, "who"):
            return
        for act in self._person().acts:
            found = getattr(act.event, "findings", ())
            assert not any(f.verdict in (Verdict.BLOCK, Verdict.INCOMPLETE) for f in found)


Course.TestCase.settings = settings(
    max_examples=40, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCourse = Course.TestCase
