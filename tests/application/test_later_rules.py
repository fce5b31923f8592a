"""The earliest lawful day where a rule adopted for a later day holds by then."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.application.test_adoption import Told
from workflows.application.recording import Outcome
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding, Later

PLAN = """
id = "county-plan"
title = "县发展党员办法"
issuer = "县委组织部"
level = "county"
source = "2026-11-01 印发"
issued_on = 2026-11-01

[[rules]]
id = "county-object-min"
refines = "dev-object-min"
label = "培养考察满十八个月"
kind = "not_before"
on = ["agree_development_target"]
anchor = "activist_since"
unit = "month"
severity = "block"
values = [{ from = 2026-01-01, value = 18 }]
clauses = [{ from = 2026-01-01, article = "第二条", confidence = "VT" }]
"""
ACTIVIST, REFUSED, ADOPTED = date(2026, 10, 5), date(2026, 11, 20), date(2026, 11, 22)


@pytest.fixture
def told() -> Told:
    return Told()


def activist(told: Told) -> UUID:
    person = told.applied(date(2026, 3, 1))
    told.county.do("hold_first_talk", date(2026, 3, 10), person=person, unit=told.here)
    told.county.do("confirm_activist", ACTIVIST, person=person, unit=told.here)
    return person


def agreed(told: Told, person: UUID, on: date) -> Outcome:
    return told.county.do("agree_development_target", on, person=person, unit=told.here)


def too_early(outcome: Outcome) -> Finding:
    (found,) = (f for f in outcome.findings if f.rule in ("dev-object-min", "county-object-min"))
    return found


def next_day(told: Told, person: UUID, on: date) -> tuple[str, str]:
    (row,) = told.answering.pipeline(person_id=person, on=on)["rows"]
    (step,) = (step for step in row["next"] if step["step"] == "agree_development_target")
    return step["earliest_on"], step["rule"]


def test_a_rule_adopted_for_a_later_day_moves_the_earliest_day_that_a_refusal_tells(told: Told) -> None:
    person = activist(told)
    told.adopt(ADOPTED, text=PLAN, start=date(2027, 1, 1))
    finding = too_early(agreed(told, person, REFUSED))
    assert (finding.rule, finding.earliest_on) == ("dev-object-min", date(2027, 10, 5))
    assert finding.later == Later(
        on=date(2028, 4, 5),
        rule="county-object-min",
        since=date(2027, 1, 1),
        clause="《县发展党员办法》第二条",
        value=18,
        unit="month",
    )
    said = Wording("zh").finding(finding, None, command="agree_development_target", on=REFUSED)
    assert "自2027-01-01起按《县发展党员办法》第二条须满18个月，最早可于2028-04-05办理" in said
    assert "最早可于2027-10-05办理" not in said


@pytest.mark.parametrize("on", [REFUSED, ADOPTED])
def test_the_next_step_is_told_with_the_day_that_is_lawful_under_the_rules_of_that_day(
    told: Told, on: date
) -> None:
    person = activist(told)
    assert next_day(told, person, on) == ("2027-10-05", "dev-object-min")
    told.adopt(ADOPTED, text=PLAN, start=date(2027, 1, 1))
    assert next_day(told, person, on) == ("2028-04-05", "county-object-min")


def test_a_rule_that_comes_into_force_after_the_wait_is_over_moves_nothing(told: Told) -> None:
    person = activist(told)
    told.adopt(ADOPTED, text=PLAN, start=date(2027, 12, 1))
    assert too_early(agreed(told, person, REFUSED)).later is None
    assert next_day(told, person, REFUSED) == ("2027-10-05", "dev-object-min")


def test_a_rule_that_holds_on_the_day_of_the_act_tells_its_own_day_alone(told: Told) -> None:
    person = activist(told)
    told.adopt(ADOPTED, text=PLAN, start=ADOPTED)
    finding = too_early(agreed(told, person, date(2026, 11, 25)))
    assert (finding.rule, finding.earliest_on, finding.later) == (
        "county-object-min", date(2028, 4, 5), None,
    )  # fmt: skip


def test_a_case_that_the_adoption_leaves_be_waits_no_longer_than_before(told: Told) -> None:
    person = activist(told)
    told.adopt(ADOPTED, text=PLAN, start=date(2027, 1, 1), running={"county-object-min": "pin"})
    assert too_early(agreed(told, person, REFUSED)).later is None
    assert next_day(told, person, REFUSED) == ("2027-10-05", "dev-object-min")
