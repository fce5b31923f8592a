"""督查: planned, visited, problems raised."""

from __future__ import annotations

from datetime import date

from tests.support.books import Told

PLANNED = """
[[steps]]
on = 2026-03-02
do = "plan_inspection"
subject = "一季度督查"
with = { manner = "unannounced", inspectors = ["李"] }
"""
VISITED = """
[[steps]]
on = 2026-03-05
do = "record_visit"
subject = "一季度督查"
with = { checked = [{ point = "会议记录", in_order = false }] }
"""
RAISED = """
[[steps]]
on = {on}
do = "raise_finding"
subject = "一季度督查"
with = {{ text = "一季度没有开党员大会", rule = "meet-assembly" }}
"""


def test_a_problem_is_raised_after_a_visit_and_not_before() -> None:
    told = Told(PLANNED + RAISED.format(on="2026-03-04") + VISITED + RAISED.format(on="2026-03-05"))
    assert [step.outcome.verdict for step in told.played] == ["ok", "block", "ok", "ok"]
    assert told.played[1].outcome.findings[0].facts["stage"] == "inspection.planned"


def test_a_problem_raised_is_told_by_the_name_under_which_it_is_put_right() -> None:
    told = Told(PLANNED + RAISED.format(on="2026-03-04") + VISITED + RAISED.format(on="2026-03-05"))
    assert [step.outcome.opened for step in told.played] == [(), (), (), ("一季度督查：问题1",)]


CANCELLED = """
[[steps]]
on = 2026-03-04
do = "cancel_inspection"
subject = "一季度督查"
with = { reason = "防汛，改到下季度" }
"""


def test_an_inspection_that_was_not_held_is_cancelled_with_its_reason_and_no_longer_awaited() -> None:
    regular = PLANNED.replace('manner = "unannounced"', 'manner = "regular", planned_for = 2026-03-05')
    told = Told(regular + CANCELLED)
    assert not told.played[-1].outcome.refused
    state = told.answering.ask("state", {"subject": "一季度督查", "as_of": date(2026, 3, 6)})
    assert (state["stage"], state["over"]) == ("cancelled", True)
    rows = told.rows("deadlines", on=date(2026, 3, 6))
    assert [row for row in rows if row["rule"] == "inspection-due"] == []


def test_an_inspection_that_was_held_is_not_cancelled() -> None:
    told = Told(PLANNED + VISITED + CANCELLED.replace("2026-03-04", "2026-03-06"))
    assert told.played[-1].outcome.refused


def test_an_inspection_is_planned_once() -> None:
    told = Told(PLANNED + PLANNED)
    assert told.played[1].outcome.refused


def test_a_step_without_a_subject_goes_on_with_the_case_of_its_kind_opened_last() -> None:
    told = Told(PLANNED + VISITED.replace('subject = "一季度督查"\n', ""))
    assert told.played[1].outcome.verdict == "ok"


def test_the_state_of_a_case_is_that_of_its_day() -> None:
    told = Told(PLANNED + VISITED + RAISED.format(on="2026-03-05"))
    asked = {"subject": "一季度督查"}
    before = told.answering.ask("state", {**asked, "as_of": date(2026, 3, 4)})
    after = told.answering.ask("state", {**asked, "as_of": date(2026, 3, 5)})
    assert (before["stage"], before["findings"]) == ("planned", [])
    assert after["stage"] == "visited", "the minutes that were not in order wait for their problem"
    assert after["findings"] == [
        {"text": "一季度没有开党员大会", "rule": "meet-assembly", "severity": "ordinary", "due_on": None}
    ]


def test_a_finding_opens_a_problem_of_its_own_in_the_same_breath_each_under_its_number() -> None:
    told = Told(PLANNED + VISITED + RAISED.format(on="2026-03-05") + RAISED.format(on="2026-03-06"))
    assert told.played[-1].outcome.events == ("FindingRaised", "IssueOpened")
    rows = told.answering.ledger("整改台账", on=date(2026, 3, 31))["rows"]
    assert [(row["subject"], row["source"], row["rule"], row["opened_on"]) for row in rows] == [
        ("一季度督查：问题1", "inspection", "meet-assembly", "2026-03-05"),
        ("一季度督查：问题2", "inspection", "meet-assembly", "2026-03-06"),
    ]
    assert rows[1]["recurs"] == ["一季度督查：问题1"]
    raised, opened = told.log.records[-2:]
    assert opened.causation_id == raised.event_id


def test_a_finding_at_a_stage_where_none_belongs_opens_no_problem() -> None:
    told = Told(PLANNED + RAISED.format(on="2026-03-04"))
    assert (told.played[-1].outcome.refused, told.played[-1].outcome.events) == (True, ())
    assert told.answering.ledger("整改台账", on=date(2026, 3, 31))["rows"] == []


def test_a_problem_found_goes_on_to_its_close_out_under_its_subject() -> None:
    plan = (
        '\n[[steps]]\non = 2026-03-07\ndo = "plan_correction"\nsubject = "一季度督查：问题1"\n'
        'with = { measure = "补开", owner = "李" }\n'
    )
    told = Told(PLANNED + VISITED + RAISED.format(on="2026-03-05") + plan)
    assert told.played[-1].outcome.events == ("CorrectionPlanned",)


LISTED = PLANNED.replace(
    'manner = "unannounced"', 'manner = "spot", checklist = ["场所", "meet-assembly", "台账"]'
)
ENDED = """
[[steps]]
on = 2026-03-20
do = "end_inspection"
subject = "一季度督查"
with = { reason = "台账并到下季度看" }
"""


def visit(on: str, **seen: bool) -> str:
    told = ", ".join(f'{{ point = "{name}", in_order = {str(fine).lower()} }}' for name, fine in seen.items())
    return VISITED.replace("2026-03-05", on).replace('{ point = "会议记录", in_order = false }', told)


def stage(*steps: str) -> tuple[str, list[str], list[str]]:
    told = Told(LISTED + "".join(steps))
    assert not told.played[-1].outcome.refused
    state = told.answering.ask("state", {"subject": "一季度督查", "as_of": date(2026, 3, 31)})
    assert state["over"] == (state["stage"] == "done")
    return state["stage"], state["not_looked"], state["to_raise"]


def test_an_inspection_is_over_when_every_point_was_looked_at_and_every_fault_raised() -> None:
    first = visit("2026-03-05", 场所=True, **{"meet-assembly": False})
    assert stage(first) == ("visited", ["台账"], ["meet-assembly"])
    raised = RAISED.format(on="2026-03-06")
    assert stage(first, raised) == ("visited", ["台账"], [])
    assert stage(first, raised, visit("2026-03-07", 台账=True)) == ("done", [], [])


def test_a_fault_found_in_order_at_the_next_visit_waits_for_no_problem() -> None:
    first = visit("2026-03-05", 场所=False, 台账=True, **{"meet-assembly": True})
    assert stage(first)[2] == ["场所"]
    assert stage(first, visit("2026-03-10", 场所=True)) == ("done", [], [])


def test_a_person_ends_an_inspection_with_a_reason_and_is_told_what_was_left() -> None:
    told = Told(LISTED + visit("2026-03-05", 场所=False) + ENDED)
    found = {f.rule: f.facts["points"] for f in told.played[-1].outcome.findings}
    assert found == {"end-not-raised": ["场所"], "end-not-looked": ["meet-assembly", "台账"]}
    assert stage(visit("2026-03-05", 场所=False), ENDED)[0] == "done"
    assert Told(LISTED + ENDED).played[-1].outcome.refused, "nobody was there"


def test_a_problem_is_of_the_point_that_is_named_and_of_none_beside_the_list() -> None:
    first = visit("2026-03-05", 场所=False, 台账=True, **{"meet-assembly": True})
    named = RAISED.format(on="2026-03-06").replace('rule = "meet-assembly"', 'point = "场所"')
    assert stage(first, named) == ("done", [], [])
    beside = named.replace('point = "场所"', 'rule = "meet-committee"')
    assert stage(first, beside) == ("visited", [], ["场所"])
    wrong = Told(LISTED + first + named.replace('"场所"', '"厕所"')).played[-1].outcome
    assert wrong.refused
    assert wrong.findings[0].facts["labels"][0] == "场所"
