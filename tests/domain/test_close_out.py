"""销号以前看什么，由谁验收: which periods are looked at before a problem is closed, and by whom it is."""

from __future__ import annotations

from datetime import date

from tests.domain.test_rectification import (
    ACCEPTED,
    IN_HAND,
    MADE_UP,
    MISSED,
    OPENED,
    PLANNED,
    READY,
    SENT_IN,
    UNITS,
    assembly,
    close,
    last,
    step,
)
from tests.support.books import Told
from workflows.application.commands import parse
from workflows.application.recording import Outcome, Request


def named(period: str, on: str = "2026-07-05") -> str:
    """Return a problem about a period, planned, sent in and accepted on the days after it was found."""
    found = step(on, "open_issue", f'source = "compliance", rule = "meet-assembly", period = "{period}"')
    return UNITS + found + PLANNED + SENT_IN + ACCEPTED


def test_a_year_named_means_the_quarters_in_it() -> None:
    verdict, found = last(named("2026") + close("2026-07-22"))
    assert verdict == "block"
    assert found["close-still-broken"].facts["broken"] == ["2026-Q1", "2026-Q2"]


def test_a_month_named_means_the_quarter_it_lies_in() -> None:
    found = last(named("2026-05") + close("2026-07-22"))[1]
    assert found["close-still-broken"].facts["broken"] == ["2026-Q2"]


def test_every_period_from_the_one_named_to_the_closing_is_to_be_done_those_missed_in_between_too() -> None:
    verdict, found = last(named("2026-Q1", on="2026-10-05") + close("2026-10-22"))
    assert verdict == "block"
    assert found["close-still-broken"].facts["broken"] == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_of_what_is_asked_of_each_group_it_is_told_which_group_has_not_done_it() -> None:
    groups = "".join(
        step("2026-01-10", "form_cell", f'name = "{one}"').replace(f'subject = "{MISSED}"\n', "")
        for one in ("一组", "二组")
    )
    missed = step(
        "2026-03-05", "open_issue", 'source = "compliance", rule = "meet-group", period = "2026-02"'
    )
    told = Told(UNITS + groups + missed)
    entry = next(one for one in told.log.directory.files() if one.subject == MISSED)
    looked = told.answering.case(entry.id, date(2026, 3, 6))["standing"]["looked"]
    assert [(one["what"], one["part"]) for one in looked if one["state"] == "broken"] == [
        ("2026-02", "一组"),
        ("2026-02", "二组"),
    ]


def test_a_period_named_is_to_be_done_though_it_still_runs() -> None:
    verdict, found = last(named("2026-Q3") + close("2026-07-22"))
    assert verdict == "block"
    assert found["close-still-broken"].facts["broken"] == ["2026-Q3"]
    assert last(named("2026-Q3") + assembly("2026-07-21") + close("2026-07-22"))[0] == "ok"


def test_a_problem_that_names_no_period_is_about_all_that_was_missed_in_its_year() -> None:
    unnamed = UNITS + OPENED + PLANNED + SENT_IN + ACCEPTED
    found = last(unnamed + MADE_UP + close("2026-07-26"))[1]
    assert found["close-still-broken"].facts["broken"] == ["2026-Q1"]


def test_where_nothing_has_come_due_a_person_says_whether_it_is_done() -> None:
    verdict, found = last(named("2027-Q1") + close("2026-07-22"))
    assert (verdict, list(found)) == ("refer", ["close-cannot-tell"])


def test_a_waiver_the_branch_wrote_itself_is_for_a_person_to_judge() -> None:
    own = step(
        "2026-07-25",
        "waive",
        'rule = "meet-assembly", until = 2026-12-31, authority = "本支部", document = "批复"',
    )
    verdict, found = last(READY + own + close("2026-07-26"))
    wanted = ["close-waived", "close-waived-by-itself", "close-waived-late"]
    assert (verdict, sorted(found)) == ("refer", wanted)


# --- who may accept and close -------------------------------------------------------------------------------


def test_who_put_it_right_before_a_new_plan_closes_nothing_either() -> None:
    text = IN_HAND + SENT_IN + step("2026-07-21", "reject_correction", 'by = "赵", reason = "不够"')
    text += step("2026-07-22", "plan_correction", 'measure = "补开", owner = "赵"')
    text += step("2026-07-23", "submit_correction", 'by = "赵"')
    verdict, found = last(text + step("2026-07-24", "accept_correction", 'by = "李", on_site = true'))
    assert verdict == "block"
    assert found["close-by-another"].verdict == "block"


def test_who_reported_progress_does_not_accept() -> None:
    text = IN_HAND + step("2026-07-10", "report_progress", 'text = "已通知", by = "赵"') + SENT_IN
    assert "close-by-another" in last(text + ACCEPTED)[1]


def test_a_name_that_differs_in_brackets_only_is_for_a_person_to_tell_apart() -> None:
    told = Told(IN_HAND)
    case = told.played[-1].outcome.stream_id

    def act(on: date, do: str, by: str) -> Outcome:
        request = Request(command=parse(do, {"by": by}, on), file_id=case, actor="镇党委", origin="cli")
        return told.app.recording.record(request)

    act(date(2026, 7, 20), "submit_correction", "周明")
    done = act(date(2026, 7, 21), "accept_correction", "周明（镇）")
    assert done.verdict == "refer"
    assert "close-perhaps-the-same" in {finding.rule for finding in done.findings}


def test_after_reopening_whoever_put_it_right_then_may_accept() -> None:
    again = step("2026-08-01", "reopen_issue", 'reason = "又没有开"')
    again += step("2026-08-02", "plan_correction", 'measure = "补开", owner = "赵"')
    again += step("2026-08-03", "submit_correction", 'by = "赵"')
    text = READY + MADE_UP + close("2026-07-26") + again
    assert last(text + step("2026-08-04", "accept_correction", 'by = "李", on_site = true'))[0] == "ok"
