"""整改到销号: a problem is closed when the facts are clean, by another person; every closure stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding, Verdict

UNITS = """
title = "a problem"
[[units]]
name = "镇党委"
level = "committee"
kind = "community"
[[units]]
name = "甲支部"
kind = "community"
superior = "镇党委"
full_members = 10
established_on = 2026-01-01
[people]
"李" = { stage = "full", since = 2015-07-01, unit = "甲支部" }
"赵" = { stage = "full", since = 2015-07-01, unit = "甲支部" }
"""
MISSED = "二季度没有开党员大会"


def step(on: str, do: str, given: str = "", *, subject: str = MISSED, history: bool = False) -> str:
    """Return one step of the story, of the branch."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "甲支部"\n'
    if do != "hold_meeting" and do != "waive":
        told += f'subject = "{subject}"\n'
    return told + (f"with = {{ {given} }}\n" if given else "") + ("as_history = true\n" if history else "")


def assembly(on: str, more: str = "") -> str:
    """Return an assembly of the branch."""
    return step(on, "hold_meeting", f'type = "branch_assembly", attending = 8{more}')


OPENED = step(
    "2026-07-05", "open_issue", 'source = "compliance", rule = "meet-assembly", due_on = 2026-08-01'
)
PLANNED = step("2026-07-06", "plan_correction", 'measure = "补开", owner = "李", due_on = 2026-08-05')
SENT_IN = step("2026-07-20", "submit_correction", 'by = "李"')
ACCEPTED = step("2026-07-21", "accept_correction", 'by = "赵", on_site = true')
IN_HAND = UNITS + assembly("2026-02-01") + OPENED + PLANNED
READY = IN_HAND + SENT_IN + ACCEPTED
MADE_UP = assembly("2026-07-25", ', for_period = "2026-Q2"')


def close(on: str, by: str = "赵") -> str:
    """Return the close-out of the problem."""
    return step(on, "close_out", f'by = "{by}"')


def last(text: str) -> tuple[str, dict[str, Any]]:
    """Return the verdict of the last step of a story, and its findings that are not ok, by rule."""
    outcome = Told(text).played[-1].outcome
    return str(outcome.verdict), {f.rule: f for f in outcome.findings if f.verdict != "ok"}


def stage(text: str, on: date) -> str:
    """Return where the problem stands on a day."""
    return str(Told(text).answering.ask("state", {"subject": MISSED, "as_of": on})["stage"])


def test_a_problem_whose_rule_is_still_broken_cannot_be_closed() -> None:
    verdict, found = last(READY + close("2026-07-22"))
    assert verdict == "block"
    assert found["close-still-broken"].facts["broken"] == ["2026-Q2"]
    assert "第十一条" in found["close-still-broken"].clause


def test_whoever_accepts_is_told_what_will_not_let_it_be_closed_and_may_accept() -> None:
    verdict, found = last(READY)
    assert verdict == "ok"
    assert found["accept-still-broken"].facts["broken"] == ["2026-Q2"]
    assert (
        "accept-still-broken"
        not in last(IN_HAND + assembly("2026-07-19", ', for_period = "2026-Q2"') + SENT_IN + ACCEPTED)[1]
    )
    part = step("2026-07-21", "accept_correction", 'by = "赵", result = "part"')
    assert "accept-still-broken" not in last(IN_HAND + SENT_IN + part)[1]


def test_a_problem_is_closed_once_what_was_missed_is_made_up() -> None:
    text = READY + MADE_UP + close("2026-07-26")
    assert last(text) == ("ok", {})
    assert stage(text, date(2026, 7, 25)) == "accepted"
    assert stage(text, date(2026, 7, 26)) == "closed"


def test_a_vote_without_quorum_makes_nothing_up() -> None:
    invalid = step(
        "2026-07-25",
        "hold_meeting",
        'type = "branch_assembly", attending = 4, for_period = "2026-Q2", '
        'resolutions = [{ topic = "补选", in_favour = 4 }]',
        history=True,
    )
    assert last(READY + invalid + close("2026-07-26"))[0] == "block"


def test_a_period_missed_since_is_asked_for_too() -> None:
    verdict, found = last(READY + MADE_UP + close("2026-10-01"))
    assert verdict == "block"
    facts = found["close-still-broken"].facts
    assert (facts["looked"], facts["broken"]) == (["2026-Q2", "2026-Q3"], ["2026-Q3"])
    said = Wording().finding(found["close-still-broken"], command="close_out")
    assert "看了2026年二季度、2026年三季度，没有做到的是2026年三季度" in said


def test_of_many_periods_the_first_and_the_last_are_told() -> None:
    periods = [f"2025-{month:02}" for month in range(1, 13)]
    facts = {"rule": "meet-theme-day", "on": "2026-01-05", "looked": periods, "broken": ["2025-03"]}
    found = Finding(
        rule="close-still-broken", verdict=Verdict.BLOCK, kind="case", label="主题党日", facts=facts
    )
    said = Wording().finding(found, command="close_out")
    assert "看了2025年1月到2025年12月共12期，没有做到的是2025年3月" in said


@pytest.mark.parametrize("do", ["accept_correction", "close_out"])
def test_nobody_accepts_or_closes_what_they_put_right_themselves(do: str) -> None:
    before = IN_HAND + SENT_IN + (ACCEPTED if do == "close_out" else "") + MADE_UP
    verdict, found = last(before + step("2026-07-26", do, 'by = "李"'))
    assert (verdict, list(found)) == ("block", ["close-by-another"])
    assert last(before + step("2026-07-26", do, 'by = "赵"'))[0] == "ok"
    assert last(before + step("2026-07-26", do))[0] == "incomplete"


def test_close_out_comes_only_after_acceptance() -> None:
    verdict, found = last(IN_HAND + SENT_IN + MADE_UP + close("2026-07-26"))
    assert verdict == "block"
    assert found["file-stage"].facts["belongs_to"] == ["rectification.accepted"]


def test_a_part_accepted_goes_on_and_a_rejection_too() -> None:
    part = step("2026-07-21", "accept_correction", 'by = "赵", result = "part"')
    assert stage(IN_HAND + SENT_IN + part, date(2026, 7, 21)) == "in_progress"
    rejected = step("2026-07-21", "reject_correction", 'by = "赵", reason = "记录不全", due_on = 2026-08-20')
    assert stage(IN_HAND + SENT_IN + rejected, date(2026, 7, 21)) == "in_progress"
    told = Told(IN_HAND + SENT_IN + rejected).answering.ask("state", {"subject": MISSED})
    assert told["due_on"] == "2026-08-20"


def test_a_correction_sent_in_on_its_last_day_is_in_time_and_a_day_later_one_day_late() -> None:
    assert last(IN_HAND + step("2026-08-05", "submit_correction", 'by = "李"')) == ("ok", {})
    verdict, found = last(IN_HAND + step("2026-08-06", "submit_correction", 'by = "李"'))
    assert (verdict, found["correction-due"].days_late) == ("warn", 1)


def test_an_extension_moves_the_day_and_stays_in_the_chain() -> None:
    longer = step(
        "2026-08-01", "extend_correction", 'due_on = 2026-09-01, reason = "汛期", authority = "镇党委"'
    )
    told = Told(IN_HAND + longer)
    rows = [r for r in told.rows("deadlines", on=date(2026, 8, 10)) if r["rule"] == "correction-due"]
    assert [(r["subject"], r["due_on"], r["first_due_on"], r["status"]) for r in rows] == [
        (MISSED, "2026-09-01", "2026-08-01", "due")
    ]
    shorter = step("2026-08-02", "extend_correction", 'due_on = 2026-09-01, reason = "汛期"')
    assert last(IN_HAND + longer + shorter)[0] == "block"


def test_a_correction_not_sent_in_is_overdue_the_day_after() -> None:
    told = Told(IN_HAND)

    def status(on: date) -> str:
        rows = [r for r in told.rows("deadlines", on=on) if r["rule"] == "correction-due"]
        return str(rows[0]["status"])

    assert (status(date(2026, 8, 5)), status(date(2026, 8, 6))) == ("due", "overdue")
    sent_in = Told(IN_HAND + SENT_IN).rows("deadlines", on=date(2026, 8, 6), status="all")
    assert [row["status"] for row in sent_in if row["rule"] == "correction-due"] == ["met"]


def test_reopening_keeps_every_closure() -> None:
    again = (
        READY
        + MADE_UP
        + close("2026-07-26")
        + step("2026-08-10", "reopen_issue", 'reason = "会议记录是假的"')
    )
    told = Told(again).answering.ask("state", {"subject": MISSED})
    assert (told["stage"], [one["on"] for one in told["closures"]]) == ("found", ["2026-07-26"])
    assert told["measure"] is None


def test_a_problem_reopened_without_a_new_day_keeps_the_day_it_had_until_that_has_passed() -> None:
    def again(on: str, given: str = "") -> str:
        return READY + MADE_UP + close("2026-07-26") + step(on, "reopen_issue", f'reason = "又出现了"{given}')

    def due(text: str) -> str | None:
        (row,) = Told(text).answering.cases("rectification", on=date(2026, 8, 10))["rows"]
        return row["limit"]["due_on"] if row["limit"] else None

    on_its_last_day, a_day_later = again("2026-08-05"), again("2026-08-06")
    assert ("reopen-due-wanted" in last(on_its_last_day)[1], due(on_its_last_day)) == (False, "2026-08-05")
    found = last(a_day_later)[1]["reopen-due-wanted"]
    assert (found.verdict, found.facts["was_due_on"]) == (Verdict.WARN, "2026-08-05")
    assert due(a_day_later) is None
    with_a_new_day = again("2026-08-06", ", due_on = 2026-09-01")
    assert ("reopen-due-wanted" in last(with_a_new_day)[1], due(with_a_new_day)) == (False, "2026-09-01")


def test_the_same_rule_broken_again_in_the_same_branch_is_linked() -> None:
    text = READY + MADE_UP + close("2026-07-26")
    text += step("2026-10-09", "open_issue", 'rule = "meet-assembly"', subject="三季度没有开党员大会")
    verdict, found = last(text)
    assert (verdict, found["issue-recurs"].facts["times"]) == ("ok", 1)
    told = Told(text).answering.ask("state", {"subject": "三季度没有开党员大会"})
    assert len(told["recurs"]) == 1


def test_a_problem_the_branch_cannot_solve_goes_to_the_unit_above() -> None:
    raised = IN_HAND + step("2026-07-15", "escalate_issue", 'reason = "没有场所"')
    told = Told(raised).answering.ask("state", {"subject": MISSED})
    assert (told["level"], told["stage"]) == ("镇党委", "planned")


def test_a_problem_about_no_rule_is_closed_by_acceptance_alone() -> None:
    text = UNITS + step("2026-07-05", "open_issue", 'source = "masses", text = "活动室没有桌椅"')
    text += PLANNED + SENT_IN + ACCEPTED
    assert last(text + close("2026-07-22")) == ("ok", {})


def test_where_the_books_cannot_tell_whether_the_rule_is_kept_a_person_decides() -> None:
    text = UNITS + step("2026-07-05", "open_issue", 'source = "rating", rule = "branch-secretary"')
    text += PLANNED + SENT_IN + ACCEPTED
    verdict, found = last(text + close("2026-07-22"))
    assert (verdict, list(found)) == ("refer", ["close-cannot-tell"])


# --- the unit of a case is no more --------------------------------------------------------------------------

SECOND = """
[[units]]
name = "乙支部"
kind = "community"
superior = "镇党委"
full_members = 5
established_on = 2026-01-01
"""


def changed(do: str, unit: str, given: str) -> Told:
    """Return the story in which the branch of an open case is no more from 2026-07-10 on."""
    units = UNITS.replace("[people]", SECOND + "[people]")
    deed = f'\n[[steps]]\non = 2026-07-10\ndo = "{do}"\nunit = "{unit}"\nas_history = true\n'
    deed += f"with = {{ {given} }}\n"
    return Told(units + assembly("2026-02-01") + OPENED + PLANNED + deed)


MERGED = ("merge_units", "乙支部", 'units = ["甲支部"]')
MERGED_LATER = """
[[steps]]
on = 2026-07-27
do = "merge_units"
unit = "乙支部"
as_history = true
with = { units = ["甲支部"] }
"""
DISSOLVED = ("dissolve_unit", "甲支部", 'reason = "企业注销", members_to = "乙支部"')


@pytest.mark.parametrize(("deed", "to"), [(MERGED, "乙支部"), (DISSOLVED, "镇党委")])
def test_an_open_case_of_a_unit_that_is_no_more_is_told_and_its_limit_stays_where_it_is_seen(
    deed: tuple[str, str, str], to: str
) -> None:
    told = changed(*deed)
    outcome = told.played[-1].outcome
    assert not outcome.refused
    names = {entry.id: entry.name for entry in told.log.directory.units()}
    files = [
        (c.fate, c.name, names[c.to] if c.to else None) for c in outcome.consequences if c.what == "file"
    ]
    assert files == [("carried", MISSED, to)]
    there = told.rows("deadlines", unit=to, on=date(2026, 8, 6))
    assert [(r["subject"], r["status"]) for r in there if r["rule"] == "correction-due"] == [
        (MISSED, "overdue")
    ]


def test_a_case_that_is_over_is_no_consequence() -> None:
    units = UNITS.replace("[people]", SECOND + "[people]")
    text = units + assembly("2026-02-01") + OPENED + PLANNED + SENT_IN + ACCEPTED + MADE_UP
    text += close("2026-07-26")
    text += MERGED_LATER
    outcome = Told(text).played[-1].outcome
    assert [c for c in outcome.consequences if c.what == "file"] == []


# --- how such a case ends -----------------------------------------------------------------------------------

GONE_ON, LATER = "2026-07-10", "2026-07-20"


def after(deed: tuple[str, str, str], more: str) -> Told:
    """Return the story in which more is done after the branch of an open case is no more."""
    units = UNITS.replace("[people]", SECOND + "[people]")
    do, unit, given = deed
    text = f'\n[[steps]]\non = {GONE_ON}\ndo = "{do}"\nunit = "{unit}"\nas_history = true\n'
    text += f"with = {{ {given} }}\n"
    return Told(units + assembly("2026-02-01") + OPENED + PLANNED + text + more)


def closed(given: str) -> str:
    return f'\n[[steps]]\non = {LATER}\ndo = "close_out"\nsubject = "{MISSED}"\nwith = {{ {given} }}\n'


@pytest.mark.parametrize(
    ("deed", "wanted"),
    [(MERGED, ["case-handed-on", "close-broken-there"]), (DISSOLVED, ["case-unit-gone"])],
)
def test_a_problem_of_a_unit_that_is_no_more_is_closed_with_a_reason_at_any_stage(
    deed: tuple[str, str, str], wanted: list[str]
) -> None:
    told = after(deed, closed('by = "镇党委", reason = "企业注销，支部已撤销"'))
    outcome = told.played[-1].outcome
    assert not outcome.refused
    assert [f.rule for f in outcome.findings if f.kind == "case"] == wanted
    assert (outcome.verdict == "refer") == (deed is MERGED)
    file = next(entry for entry in told.log.directory.files() if entry.subject == MISSED)
    there = told.rows("deadlines", unit="镇党委", on=date(2026, 8, 6))
    assert file.unit_id
    (row,) = told.answering.ledger("整改台账", on=date(2027, 1, 1))["rows"]
    assert row["overdue_days"] == 0
    assert [row for row in there if row["subject"] == MISSED and row["status"] != "met"] == []


@pytest.mark.parametrize("deed", [MERGED, DISSOLVED])
def test_without_a_reason_it_is_not_closed(deed: tuple[str, str, str]) -> None:
    outcome = after(deed, closed('by = "镇党委"')).played[-1].outcome
    assert outcome.refused
    assert next(f.rule for f in outcome.findings if f.kind == "case") == "case-gone-reason"


def test_while_the_unit_is_there_a_reason_closes_nothing() -> None:
    text = UNITS + assembly("2026-02-01") + OPENED + PLANNED
    outcome = Told(text + closed('by = "镇党委", reason = "不想整改"')).played[-1].outcome
    assert outcome.refused
    assert "file-stage" in [f.rule for f in outcome.findings]


def test_the_unit_that_took_it_in_goes_on_and_who_put_it_right_is_known_there_as_the_same_person() -> None:
    at = f'\n[[steps]]\non = 2026-07-15\nsubject = "{MISSED}"\n'
    sent = at + 'do = "submit_correction"\nwith = { by = "李" }\n'
    accepted = at + 'do = "accept_correction"\nwith = { by = "李", on_site = true }\n'
    told = after(MERGED, sent + accepted)
    assert not told.played[-2].outcome.refused
    outcome = told.played[-1].outcome
    assert [f.rule for f in outcome.findings if f.verdict == "block"] == ["close-by-another"]


def test_a_branch_that_ends_gets_no_grade_in_the_campaign_it_takes_part_in() -> None:
    rated = '\n[[steps]]\non = 2026-07-02\ndo = "open_campaign"\nunit = "镇党委"\nsubject = "年度考评"\n'
    outcome = Told(UNITS.replace("[people]", SECOND + "[people]") + rated + MERGED_LATER).played[-1].outcome
    told = [(c.what, c.fate, c.name) for c in outcome.consequences if c.what == "rating"]
    assert told == [("rating", "closed", "年度考评")]


def test_a_limit_that_is_held_is_not_overdue_until_the_hold_ends_and_each_hold_stays() -> None:
    hold = step("2026-08-04", "hold_correction", 'until = 2026-08-20, reason = "汛期", authority = "镇党委"')
    told = Told(IN_HAND + hold)

    def status(day: date) -> str:
        rows = told.answering.case(told.answering.file_named(MISSED), day)["limits"]
        return next(str(row["status"]) for row in rows if row["rule"] == "correction-due")

    assert [status(date(2026, 8, day)) for day in (5, 6, 20, 21)] == ["held", "held", "held", "overdue"]
    within = last(IN_HAND + hold + step("2026-08-10", "submit_correction", 'by = "李"'))
    assert within == ("ok", {})
    behind = last(IN_HAND + hold + step("2026-08-21", "submit_correction", 'by = "李"'))
    assert behind[1]["correction-due"].days_late == 16
    again = step("2026-08-19", "hold_correction", 'until = 2026-08-31, reason = "汛期"')
    told = Told(IN_HAND + hold + again)
    page = told.answering.case(told.answering.file_named(MISSED), date(2026, 8, 25))
    assert [one["until"] for one in page["delays"]] == ["2026-08-20", "2026-08-31"]
    assert page["limits"][0]["status"] == "held"


def test_a_hold_does_not_end_before_it_begins() -> None:
    verdict, found = last(
        IN_HAND + step("2026-08-04", "hold_correction", 'until = 2026-08-03, reason = "汛期"')
    )
    assert (verdict, list(found)) == ("block", ["correction-held-before"])
