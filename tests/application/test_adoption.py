"""Adopting a pack: for a unit and all below it, from a day, running cases as was said."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.application.recording import Outcome
from workflows.kernel.clock import SystemClock
from workflows.kernel.errors import WrongUsage
from workflows.policies.findings import Verdict
from workflows.projections.answers import Answering

PLAN = """
id = "county-plan"
title = "县党支部工作办法"
issuer = "县委组织部"
level = "county"
source = "2026-01-10 印发"
issued_on = 2026-01-10

[[rules]]
id = "county-talk"
refines = "dev-first-talk"
label = "收到入党申请书后十五日内派人谈话"
kind = "within"
on = ["hold_first_talk"]
anchor = "applied_on"
since = "applied_on"
ends = "activist_since"
unit = "day"
severity = "warn"
values = [{ from = 2026-01-01, value = DAYS }]
clauses = [{ from = 2026-01-01, article = "第三条", confidence = "VT" }]

[[rules]]
id = "county-lecture"
label = "党课每季度至少一次"
kind = "cadence"
on = ["unit"]
about = "unit"
activity = "party_lecture"
period = "quarter"
applies_to = { levels = ["branch"] }
severity = "warn"
values = [{ from = 2026-01-01, value = 1 }]
clauses = [{ from = 2026-01-01, article = "第五条", confidence = "VT" }]
"""


def plan(days: int = 15) -> str:
    return PLAN.replace("DAYS", str(days))


def of_the_unit(text: str) -> str:
    return text.replace('level = "county"', 'level = "unit"')


class Told:
    """A county unit over two branches, one of them of another county."""

    def __init__(self) -> None:
        self.county = County()
        over = self.county.do(
            "establish_unit", date(2015, 1, 1), name="甲县", level="county", as_history=True
        )
        assert over.stream_id is not None
        self.over = over.stream_id
        self.here = self.branch("甲支部", self.over)
        self.elsewhere = self.county.branch("乙支部")
        self.answering = Answering(self.county.app.log, self.county.app.rules, SystemClock(), named={})

    def branch(self, name: str, superior: UUID, **fields: Any) -> UUID:
        """Set up a unit, a branch unless told otherwise, below another."""
        from workflows.application.commands import parse
        from workflows.application.recording import Request

        command = parse("establish_unit", {"name": name, **fields}, date(2020, 1, 1))
        done = self.county.app.recording.record(
            Request(
                command=command,
                actor="tester",
                origin="cli",
                named_unit_id=superior,
                as_history=True,
                reason="paper",
            )
        )
        assert done.stream_id is not None
        return done.stream_id

    def adopt(
        self,
        on: date = date(2026, 2, 1),
        unit: UUID | None = None,
        start: date | None = None,
        **fields: Any,
    ) -> Outcome:
        """Adopt the plan, for the county unless told otherwise."""
        given = {"pack": "county-plan", "text": plan(), "from": start, **fields}
        return self.county.do("adopt_pack", on, unit=unit or self.over, **given)

    def applied(self, on: date, unit: UUID | None = None, name: str = "王") -> UUID:
        """Have somebody apply."""
        done = self.county.do(
            "receive_application", on, unit=unit or self.here, name=name, born_on=date(1999, 1, 1)
        )
        assert done.stream_id is not None
        return done.stream_id

    def talk(self, person: UUID, on: date, unit: UUID | None = None) -> dict[str, Verdict]:
        """Talk with an applicant; return the verdict of each rule."""
        done = self.county.do("hold_first_talk", on, person=person, unit=unit or self.here)
        return {finding.rule: finding.verdict for finding in done.findings}

    def limits(self, person: UUID, on: date, **more: Any) -> dict[str, str]:
        """Return the last day of the talk by each rule that limits it."""
        rows = self.answering.deadlines(person_id=person, on=on, status="all", **more)["rows"]
        return {row["rule"]: row["due_on"] for row in rows if row["subject"] == "hold_first_talk"}


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_pack_binds_the_unit_and_all_below_it_and_nobody_else(told: Told) -> None:
    told.adopt()
    here, there = told.applied(date(2026, 3, 1)), told.applied(date(2026, 3, 1), told.elsewhere)
    assert told.limits(here, date(2026, 3, 2)) == {"county-talk": "2026-03-16"}
    assert told.limits(there, date(2026, 3, 2)) == {"dev-first-talk": "2026-04-01"}
    assert told.talk(here, date(2026, 3, 17))["county-talk"] is Verdict.LATE
    assert told.talk(there, date(2026, 3, 17), told.elsewhere)["dev-first-talk"] is Verdict.OK


def test_a_pack_holds_from_the_day_said_and_not_before(told: Told) -> None:
    told.adopt(start=date(2026, 4, 1))
    early, late = told.applied(date(2026, 3, 1)), told.applied(date(2026, 4, 1), name="李")
    assert told.talk(early, date(2026, 3, 30))["dev-first-talk"] is Verdict.OK
    assert told.limits(late, date(2026, 4, 2)) == {"county-talk": "2026-04-16"}


@pytest.mark.parametrize(
    ("running", "verdict"), [("adopt", Verdict.LATE), ("pin", None), ("ask", Verdict.REFER)]
)
def test_a_running_case_is_bound_left_be_or_asked_about_as_was_said(
    told: Told, running: str, verdict: Verdict | None
) -> None:
    person = told.applied(date(2026, 1, 20))
    told.adopt(running={"county-talk": running})
    found = told.talk(person, date(2026, 2, 15))  # 26 days after the application, within the national month
    assert found.get("county-talk") == verdict
    assert found.get("dev-first-talk") == (Verdict.OK if running == "pin" else None)


def test_a_case_begun_after_the_adoption_is_bound_whatever_was_said_of_running_ones(told: Told) -> None:
    told.adopt(running={"county-talk": "pin"})
    assert told.talk(told.applied(date(2026, 2, 1)), date(2026, 2, 20))["county-talk"] is Verdict.LATE


def test_a_duty_begins_with_the_first_whole_period(told: Told) -> None:
    told.county.do("hold_meeting", date(2026, 1, 5), unit=told.here, type="theme_party_day", attending=3)
    told.adopt(on=date(2026, 2, 1))
    rows = told.answering.compliance(told.here, "2026", on=date(2026, 12, 31))["rows"]
    cells = {row["period"]: row for row in rows if row["rule"] == "county-lecture"}
    assert {period: cell["verdict"] for period, cell in cells.items()} == {
        "2026-Q1": "exempt", "2026-Q2": "missing", "2026-Q3": "missing", "2026-Q4": "missing",
    }  # fmt: skip
    assert cells["2026-Q1"]["facts"]["exempt"] == "not-yet-asked"
    assert cells["2026-Q1"]["facts"]["exempt_on"] == "2026-02-01"


def test_of_a_pack_taken_back_in_the_middle_of_a_period_the_period_is_exempt(told: Told) -> None:
    told.county.do("hold_meeting", date(2026, 1, 5), unit=told.here, type="theme_party_day", attending=3)
    told.adopt(on=date(2026, 1, 10), start=date(2026, 1, 1))
    told.county.do("retire_pack", date(2026, 5, 1), unit=told.over, pack="county-plan")
    rows = told.answering.compliance(told.here, "2026", on=date(2026, 12, 31))["rows"]
    cells = [row for row in rows if row["rule"] == "county-lecture"]
    assert [(c["period"], c["verdict"], c["facts"].get("exempt")) for c in cells] == [
        ("2026-Q1", "missing", None), ("2026-Q2", "exempt", "no-longer-asked"),
    ]  # fmt: skip
    assert cells[1]["facts"]["exempt_on"] == "2026-05-01"


def test_a_pack_taken_back_no_longer_binds_and_what_it_ruled_stays(told: Told) -> None:
    told.adopt()
    before = told.applied(date(2026, 3, 1))
    told.county.do("retire_pack", date(2026, 5, 1), unit=told.over, pack="county-plan")
    after = told.applied(date(2026, 5, 2), name="李")
    assert told.limits(before, date(2026, 4, 1)) == {"county-talk": "2026-03-16"}
    assert told.limits(after, date(2026, 5, 3)) == {"dev-first-talk": "2026-06-02"}


def test_a_new_text_takes_the_place_of_the_old_one_from_its_day(told: Told) -> None:
    told.adopt()
    first = told.applied(date(2026, 2, 10))
    told.adopt(on=date(2026, 6, 1), text=plan(days=10))
    second = told.applied(date(2026, 6, 1), name="李")
    assert told.limits(first, date(2026, 2, 11)) == {"county-talk": "2026-02-25"}
    assert told.limits(second, date(2026, 6, 2)) == {"county-talk": "2026-06-11"}


def test_a_day_before_the_adoption_is_opened_without_it(told: Told) -> None:
    person = told.applied(date(2026, 1, 20))
    told.adopt(start=date(2026, 1, 1))
    assert told.limits(person, date(2026, 1, 31)) == {"dev-first-talk": "2026-02-20"}
    assert "county-talk" in told.limits(person, date(2026, 2, 1))


def test_what_was_not_known_of_an_adoption_is_not_judged_by_it(told: Told) -> None:
    told.adopt()
    person = told.applied(date(2026, 3, 1))
    known = len(told.county.app.log.records)
    told.county.retract(_adoption(told), date(2026, 3, 5))
    assert told.limits(person, date(2026, 3, 6)) == {"dev-first-talk": "2026-04-01"}
    assert told.limits(person, date(2026, 3, 6), known_on=known) == {"county-talk": "2026-03-16"}


def _adoption(told: Told) -> int:
    return next(r.position for r in told.county.app.log.records if r.event.topic() == "unit.pack-adopted")


def test_a_superior_that_adopts_the_same_pack_later_has_the_last_word(told: Told) -> None:
    told.adopt(unit=told.here, text=of_the_unit(plan(days=5)))
    told.adopt(on=date(2026, 6, 1))
    assert told.limits(told.applied(date(2026, 3, 1)), date(2026, 3, 2)) == {"county-talk": "2026-03-06"}
    late = told.applied(date(2026, 6, 1), name="李")
    assert told.limits(late, date(2026, 6, 2)) == {"county-talk": "2026-06-16"}


def test_once_the_superior_retires_its_own_the_units_adoption_holds_again(told: Told) -> None:
    told.adopt(unit=told.here, text=of_the_unit(plan(days=5)))
    told.adopt(on=date(2026, 6, 1))
    told.county.do("retire_pack", date(2026, 8, 1), unit=told.over, pack="county-plan")
    person = told.applied(date(2026, 8, 3), name="李")
    assert told.limits(person, date(2026, 8, 4)) == {"county-talk": "2026-08-08"}


def test_a_pack_that_loosens_is_adopted_with_the_conflict_and_the_higher_rule_holds(told: Told) -> None:
    done = told.adopt(text=plan(days=60))
    (conflict,) = [finding for finding in done.findings if finding.verdict is Verdict.CONFLICT]
    assert (conflict.rule, conflict.against, conflict.holds) == (
        "county-talk", "dev-first-talk", "dev-first-talk",
    )  # fmt: skip
    assert not done.refused
    person = told.applied(date(2026, 3, 1))
    assert told.limits(person, date(2026, 3, 2)) == {"dev-first-talk": "2026-04-01"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pack": "no-such", "text": None}, "pack-unknown"),
        ({"text": 'id = "x"'}, "pack-flawed"),
        ({"pack": "central-branch", "text": None}, "pack-national"),
        ({"running": {"county-tea": "pin"}}, "pack-rule-unknown"),
    ],
)
def test_what_cannot_be_adopted_is_refused_and_nothing_recorded(
    told: Told, fields: dict[str, Any], code: str
) -> None:
    before = len(told.county.app.log.records)
    with pytest.raises(WrongUsage) as caught:
        told.adopt(**fields)
    assert caught.value.code == code
    assert len(told.county.app.log.records) == before


def test_a_branch_cannot_adopt_a_pack_that_would_stand_above_its_superiors(told: Told) -> None:
    from workflows.entrypoints.wording import Wording

    with pytest.raises(WrongUsage) as caught:
        told.adopt(unit=told.here)
    assert caught.value.code == "pack-above-unit"
    what, why, remedy = Wording("zh").problem(caught.value)
    assert "county-plan" in what
    assert "层级是“县”，甲支部的层级是“党支部”，最高只能采用“本单位”一级的" in why
    assert "--unit 甲县" in remedy
    assert not told.adopt(unit=told.here, text=of_the_unit(plan())).refused


@pytest.mark.parametrize(
    ("level", "may"), [("unit", True), ("county", True), ("city", False), ("province", False)]
)
def test_a_unit_adopts_packs_up_to_its_own_level(told: Told, level: str, may: bool) -> None:
    city = told.county.do("establish_unit", date(2000, 1, 1), name="甲市", level="city", as_history=True)
    assert city.stream_id is not None
    county = told.branch("乙县", city.stream_id, level="county")
    text = plan().replace('level = "county"', f'level = "{level}"')
    if may:
        assert not told.adopt(unit=county, text=text).refused
        return
    with pytest.raises(WrongUsage, match="pack-above-unit"):
        told.adopt(unit=county, text=text)


def test_a_unit_alone_on_its_books_adopts_what_its_superiors_would(told: Told) -> None:
    assert not told.adopt(unit=told.elsewhere).refused


def test_what_was_not_adopted_cannot_be_taken_back(told: Told) -> None:
    with pytest.raises(WrongUsage) as caught:
        told.county.do("retire_pack", date(2026, 5, 1), unit=told.here, pack="county-plan")
    assert caught.value.code == "pack-not-adopted"


def test_that_a_running_case_is_left_to_a_person_is_said_with_the_day_of_adoption(told: Told) -> None:
    from workflows.entrypoints.wording import Wording

    person = told.applied(date(2026, 1, 20))
    told.adopt(running={"county-talk": "ask"})
    done = told.county.do("hold_first_talk", date(2026, 2, 15), person=person, unit=told.here)
    (asked,) = [finding for finding in done.findings if finding.verdict is Verdict.REFER]
    message = Wording("zh").finding(asked, command="hold_first_talk")
    assert "从2026-02-01起采用" in str(message)
    assert "办理中的由人认定" in str(message)
