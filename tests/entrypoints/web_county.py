"""A small county in memory for the pages: three units, a whole course, late entries, amendments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflows.adapters.memory import MemoryLog
from workflows.application import commands
from workflows.application.amending import Amending, Amendment
from workflows.application.recording import Outcome, Recording, Request
from workflows.bootstrap import memory_app
from workflows.kernel.clock import FixedClock, moment_of
from workflows.policies.rules import Rules
from workflows.projections.answers import Answering

TODAY = date(2026, 12, 4)
BRANCH, OTHER, COMMITTEE = "向阳村党支部", "红旗社区党支部", "青山镇党委"
COURSE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("2022-09-23", "hold_first_talk", {"by": "王建国"}),
    ("2023-03-10", "confirm_activist", {"recommended_by": ["members"]}),
    ("2023-03-20", "file_activist", {}),
    ("2023-03-20", "assign_mentors", {"persons": ["王建国", "陈秀兰"]}),
    ("2023-09-08", "record_semiannual_review", {}),
    ("2024-03-08", "record_semiannual_review", {}),
    ("2024-09-06", "record_semiannual_review", {}),
    ("2025-03-07", "record_semiannual_review", {}),
    ("2025-03-12", "agree_development_target", {"opinions": ["mentors", "members"]}),
    ("2025-03-24", "file_development_target", {}),
    ("2025-03-28", "assign_sponsors", {"persons": ["王建国", "陈秀兰"]}),
    ("2025-05-16", "conclude_background_review", {"passed": True}),
    ("2025-06-12", "complete_intensive_course", {"days": 3, "hours": 24}),
    ("2025-10-13", "examine_target", {"agreed": True}),
    ("2025-11-05", "conclude_preliminary_review", {"passed": True}),
    ("2025-11-14", "complete_admission_form", {}),
    (
        "2025-12-02",
        "vote_on_admission",
        {"eligible": 21, "attending": 19, "in_favour": 18, "abstained": 1, "secret": True, "passed": True},
    ),
    ("2026-01-08", "hold_approval_talk", {}),
    ("2026-01-20", "approve_admission", {}),
    ("2026-01-30", "file_admission", {}),
    ("2026-02-02", "assign_cell", {"cell": "第二党小组"}),
    ("2026-02-13", "take_oath", {}),
    ("2026-06-26", "record_probation_review", {}),
    ("2026-11-16", "apply_for_full_membership", {}),
)
POSTS = {
    "王建国": "secretary", "陈秀兰": "deputy_secretary", "赵国强": "organization", "孙小燕": "publicity",
    "刘福生": "discipline",
}  # fmt: skip
ID_NUMBER, PHONE = "41010519881014002X", "13812345606"


@dataclass
class County:
    """What pages are shown of, with the ids that tests ask for."""

    log: MemoryLog
    clock: FixedClock
    rules: Rules
    recording: Recording
    answering: Answering
    units: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    planned: list[tuple[str, Callable[[], None]]] = field(default_factory=list)

    def plan(
        self, on: str, do: str, fields: dict[str, Any] | None = None, *, mark: str = "", **more: Any
    ) -> None:
        """Put an act down to be recorded in its turn; ``mark`` is how tests ask for its position."""

        def record() -> None:
            self.marks[mark or do] = self.act(on, do, fields, **more).position

        self.planned.append((more.get("recorded") or on, record))

    def plan_amendment(self, on: str, target: str, mark: str, **more: Any) -> None:
        """Put a correction or retraction down to be recorded in its turn."""

        def record() -> None:
            day = date.fromisoformat(on)
            self.clock.put(max(moment_of(day), self.clock.now() + timedelta(seconds=1)))
            request = Amendment(event=self.marks[target], actor="周敏", origin="web", on=day, **more)
            self.marks[mark] = Amending(self.recording).amend(request).position

        self.planned.append((on, record))

    def play(self) -> None:
        """Record what was planned, in the order of recording."""
        for _, record in sorted(self.planned, key=lambda pair: pair[0]):
            record()
        self.planned.clear()

    def act(
        self,
        on: str,
        do: str,
        fields: dict[str, Any] | None = None,
        *,
        unit: str = BRANCH,
        person: str | None = None,
        recorded: str | None = None,
        actor: str = "王建国",
        origin: Any = "web",
        superior: str | None = None,
    ) -> Outcome:
        """Record one act as history, on the day it was recorded."""
        day = date.fromisoformat(on)
        told = max(moment_of(date.fromisoformat(recorded or on)), self.clock.now() + timedelta(seconds=1))
        self.clock.put(told)
        late = recorded is not None
        outcome = self.recording.record(
            Request(
                command=commands.parse(do, fields or {}, day),
                actor=actor,
                origin=origin,
                unit_id=self.units.get(unit),
                person_id=self.people.get(person) if person else None,
                named_unit_id=self.units.get(superior) if superior else None,
                as_history=True,
                reason="补录旧账" if late else "当日登记",
            )
        )
        assert outcome.stream_id is not None
        if do == "establish_unit":
            self.units[str((fields or {})["name"])] = outcome.stream_id
        elif person is None and "name" in (fields or {}):
            self.people[str((fields or {})["name"])] = outcome.stream_id
        return outcome


def county() -> County:
    """Return the county as it stands on 2026-12-04, a Friday."""
    app = memory_app()
    made = County(app.log, app.clock, app.rules, app.recording, Answering(app.log, app.rules, app.clock))
    app.clock.put(moment_of(date(2022, 1, 4)))
    _set_up(made)
    _course(made)
    _year(made)
    _amendments(made)
    made.play()
    made.clock.put(moment_of(TODAY, 8))
    return made


def _set_up(made: County) -> None:
    books = {"books_from": "2026-01-01"}
    made.act(
        "2011-06-20", "establish_unit", {"name": COMMITTEE, "level": "committee", "kind": "village", **books}
    )
    for name, kind in ((BRANCH, "village"), (OTHER, "community")):
        made.act("2011-06-20", "establish_unit", {"name": name, "kind": kind, **books}, superior=COMMITTEE)
    names = [*POSTS, *(f"党员{number:02d}" for number in range(1, 17))]
    for place, name in enumerate(names):
        born = f"{1960 + place}-03-0{place % 9 + 1}"
        made.act("2010-07-01", "register_member", {"name": name, "born_on": born, "full_since": "2010-07-01"})
    for name in ("周桂英", "吴海", "单立新"):
        fields = {"name": name, "born_on": "1975-05-01", "full_since": "2005-07-01"}
        made.act("2005-07-01", "register_member", fields, unit=OTHER)
    election = {
        "eligible": 21,
        "attending": 20,
        "ballots_issued": 20,
        "ballots_returned": 20,
        "ballots_valid": 20,
    }
    candidates = [{"person": name, "votes": 18} for name in POSTS]
    made.act(
        "2022-03-20", "elect_committee", {**election, "posts": POSTS, "seats": 5, "candidates": candidates}
    )
    made.act(
        "2021-11-10",
        "elect_committee",
        {"posts": {"周桂英": "secretary"}, "eligible": 3, "attending": 3},
        unit=OTHER,
    )


def _course(made: County) -> None:
    profile = {
        "name": "李明",
        "born_on": "1988-10-14",
        "id_number": ID_NUMBER,
        "phone": PHONE,
        "gender": "男",
    }
    made.plan("2022-09-05", "receive_application", profile)
    for on, do, fields in COURSE:
        recorded = {"take_oath": "2026-02-27", "record_probation_review": "2026-07-20"}.get(do)
        made.plan(on, do, dict(fields), person="李明", recorded=recorded, mark=do)
    for name, on in (("何志强", "2026-11-04"), ("郑晓雯", "2026-11-22"), ("仇英", "2026-10-20")):
        made.plan(
            on,
            "receive_application",
            {"name": name, "born_on": "1998-02-03"},
            unit=OTHER if name == "仇英" else BRANCH,
        )
    made.plan("2026-03-01", "receive_application", {"name": "张雨桐", "born_on": "1999-08-08"})
    made.plan("2026-03-20", "hold_first_talk", {"by": "王建国"}, person="张雨桐")
    made.plan("2026-06-03", "confirm_activist", {"recommended_by": ["members"]}, person="张雨桐")


def _year(made: County) -> None:
    for month in range(1, 13):
        for kind, day in (("committee_meeting", 2), ("theme_party_day", 5)):
            on = date(2026, month, day)
            if on > TODAY or (kind == "theme_party_day" and month == 11):
                continue
            size = 5 if kind == "committee_meeting" else 22
            made.plan(
                str(on),
                "hold_meeting",
                {"type": kind, "eligible": size, "attending": size, "chair": "王建国"},
            )
    for held in ("2026-02-10", "2026-05-11", "2026-08-12", "2026-10-15"):
        made.plan(held, "hold_meeting", {"type": "branch_assembly", "eligible": 21, "attending": 19})
    made.plan(
        "2026-09-20",
        "issue_term_reminder",
        {"term_until": "2027-03-20"},
        actor="scheduler",
        origin="scheduler",
    )


def _amendments(made: County) -> None:
    made.plan("2026-09-30", "record_probation_review", person="李明", actor="陈秀兰", mark="wrong_review")
    made.plan_amendment("2026-10-08", "wrong_review", "retraction", reason="记到了别人名下（应为李鸣）")
    made.plan_amendment(
        "2026-11-18",
        "vote_on_admission",
        "correction",
        reason="与会议记录原件一致",
        field="held_on",
        value="2025-12-01",
    )
