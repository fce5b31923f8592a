"""建议: what speaks against a grade is put before a person the same day; the program decides nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told

BRANCHES = """
title = "what speaks against a grade"
packs = ["central", "PLAN"]
[[units]]
name = "机关党委"
level = "committee"
kind = "organ"
established_on = 2020-01-01
[[units]]
name = "甲支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2026-01-01
[[units]]
name = "乙支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2026-01-01
[people]
"王" = { stage = "full", since = 2015-07-01, unit = "甲支部" }
"""
RUBRIC = 'criteria = [{ id = "制度", points = 20, proved_by = ["meet-theme-day"] }]'
PROPOSALS = ("rating-review", "rating-correct", "follow-up-relapse", "site-adjust")


def step(
    on: str, do: str, given: str = "", unit: str = "甲支部", subject: str = "评星", more: str = ""
) -> str:
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\n{more}'
    told += f'subject = "{subject}"\n' if subject else ""
    return told + (f"with = {{ {given} }}\n" if given else "")


def theme_day(month: str, more: str = "") -> str:
    given = f'type = "theme_party_day", attending = 8{more}'
    return step(f"{month}-05", "hold_meeting", given, subject="")


MONTHS = "".join(theme_day(f"2026-{month:02}") for month in range(1, 12))
PLAN = BRANCHES.replace("PLAN", "seed-004-a")
OPENED = (
    PLAN
    + MONTHS
    + step("2026-05-06", "open_campaign", 'scheme = "seed-004-a", year = 2026', "机关党委")
    + step("2026-05-07", "freeze_rubric", RUBRIC, "机关党委")
)
RATED = OPENED + step("2026-12-01", "confirm_rating", "score = 92, satisfaction = 96")


def rows(told: Told, on: str, **asked: Any) -> list[dict[str, Any]]:
    """Return the proposals that stand on a day, those decided too."""
    found = told.rows("deadlines", on=date.fromisoformat(on), **asked)
    return [row for row in found if row["rule"] in PROPOSALS]


def short(told: Told, on: str, **asked: Any) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    return [
        (
            row["rule"],
            row["status"],
            row["due_on"],
            [(cause["rule"], cause["what"]) for cause in row["proposal"]["causes"]],
        )
        for row in rows(told, on, **asked)
    ]


NOT_HELD = [("rating-review", "due", "2027-01-01", [("meet-theme-day", "2026-12")])]


@pytest.mark.parametrize(("on", "wanted"), [("2026-12-31", []), ("2027-01-01", NOT_HELD)])
def test_a_criterion_whose_duty_is_missing_is_proposed_on_the_first_day_after_its_period(
    on: str, wanted: list[Any]
) -> None:
    assert short(Told(RATED), on) == wanted


def test_what_was_missing_before_the_grade_was_decided_speaks_against_nothing() -> None:
    assert short(Told(RATED.replace(theme_day("2026-11"), "")), "2026-12-31") == []


def test_a_grade_of_a_rubric_without_that_rule_is_not_looked_at_again() -> None:
    other = RATED.replace("meet-theme-day", "meet-appraisal")
    assert [c for row in short(Told(other), "2027-01-01") for c in row[3]] == [("meet-appraisal", "2026")]


def test_the_proposal_names_rule_clause_grade_and_what_a_person_can_do() -> None:
    (row,) = rows(Told(RATED), "2027-01-01")
    assert (row["unit"], row["subject"], row["proposal"]["grade"]) == ("甲支部", "评星", "四星级")
    assert row["clause"] == "《中国共产党党员教育管理工作条例》第十六条"
    assert [offer["command"] for offer in row["proposal"]["offers"]] == ["revoke_rating", "keep_rating"]
    assert (row["days_left"], row["watch"]) == (0, "proposal")


def test_it_is_never_overdue_and_more_causes_join_it() -> None:
    assert short(Told(RATED), "2027-02-01") == [
        ("rating-review", "due", "2027-01-01", [("meet-theme-day", "2026-12"), ("meet-theme-day", "2027-01")])
    ]


def test_a_meeting_entered_late_takes_the_proposal_back_from_the_day_it_is_known() -> None:
    late = RATED + theme_day("2026-12").replace(
        'unit = "甲支部"\n', 'unit = "甲支部"\nrecorded_on = 2027-01-10\nas_history = true\nreason = "补录"\n'
    )
    assert short(Told(late), "2027-01-01") == []
    assert short(Told(late), "2027-01-01", known_on=date(2027, 1, 9)) == NOT_HELD


def test_a_meeting_taken_off_the_books_brings_it_up_again() -> None:
    held = RATED + theme_day("2026-12")
    assert short(Told(held), "2027-01-01") == []
    number = held.count("[[steps]]")
    gone = (
        held
        + f'\n[[steps]]\non = 2027-01-15\ndo = "retract"\nwith = {{ event = {number}, reason = "记错了" }}\n'
    )
    assert short(Told(gone), "2027-01-15") == NOT_HELD


def test_made_up_for_later_it_is_no_longer_proposed() -> None:
    made_up = RATED + step(
        "2027-01-20",
        "hold_meeting",
        'type = "theme_party_day", attending = 8, for_period = "2026-12"',
        subject="",
    )
    assert short(Told(made_up), "2027-01-19") == NOT_HELD
    assert [row for row in short(Told(made_up), "2027-01-20") if row[1] == "due"] == []


def test_a_person_keeps_the_grade_with_a_reason_and_only_what_comes_later_is_proposed_anew() -> None:
    kept = Told(RATED + step("2027-01-10", "keep_rating", 'reason = "雪灾停开，已核实"'))
    assert [one[1] for one in short(kept, "2027-01-09")] == ["due"]
    assert [one[1] for one in short(kept, "2027-01-10")] == ["met"]
    assert short(kept, "2027-02-01") == [
        ("rating-review", "met", "2027-01-01", [("meet-theme-day", "2026-12")]),
        ("rating-review", "due", "2027-02-01", [("meet-theme-day", "2027-01")]),
    ]


def test_a_grade_is_kept_or_revoked_only_while_it_is_held() -> None:
    for do in ("keep_rating", "revoke_rating"):
        none = Told(OPENED + step("2026-12-01", "confirm_rating", "score = 92", "乙支部")
                    + step("2027-01-10", do, 'reason = "复核"'))  # fmt: skip
        assert (none.played[-1].outcome.refused, none.played[-1].outcome.findings[0].rule) == (
            True,
            "rating-none",
        )
    twice = RATED + step("2027-01-10", "revoke_rating", 'reason = "复核"')
    assert Told(twice + step("2027-01-11", "keep_rating", 'reason = "复核"')).played[-1].outcome.refused


def test_a_revoked_grade_is_proposed_for_nothing_any_more() -> None:
    revoked = Told(RATED + step("2027-01-10", "revoke_rating", 'reason = "不再符合"'))
    assert short(revoked, "2027-01-10") == []
    assert short(revoked, "2027-01-09") == NOT_HELD


def test_a_grade_decided_anew_is_measured_from_that_day() -> None:
    again = RATED + step("2027-01-20", "confirm_rating", "score = 81")
    assert short(Told(again), "2027-01-20") == []


@pytest.mark.parametrize(("satisfied", "wanted"), [(95, []), (94, [("s004a-satisfaction", "survey_masses")])])
def test_a_later_survey_below_what_the_plan_asks_is_proposed_the_same_day(
    satisfied: int, wanted: list[Any]
) -> None:
    told = Told(RATED + step("2026-12-20", "survey_masses", f"asked = 100, satisfied = {satisfied}"))
    assert short(told, "2026-12-19") == []
    assert [cause for row in short(told, "2026-12-20") for cause in row[3]] == wanted


def test_a_survey_before_the_decision_was_known_to_it() -> None:
    told = Told(
        OPENED
        + step("2026-11-20", "survey_masses", "asked = 100, satisfied = 90")
        + step("2026-12-01", "confirm_rating", "score = 92")
    )
    assert short(told, "2026-12-20") == []


ORGAN = BRANCHES.replace("PLAN", "seed-000-a")
ACCEPTED = (
    ORGAN
    + step("2026-01-06", "open_campaign", 'scheme = "seed-000-a", year = 2026', "机关党委")
    + step("2026-12-10", "confirm_rating", 'grade = "优秀"')
    + step("2026-12-10", "confirm_rating", 'grade = "合格"', "乙支部")
)


def rechecked(given: str) -> dict[str, list[tuple[str, str]]]:
    """Return by unit what is proposed after a re-check of 20 December."""
    told = Told(ACCEPTED + step("2026-12-20", "recheck", given, "机关党委"))
    assert not told.played[-1].outcome.refused
    assert rows(told, "2026-12-19") == []
    return {
        row["unit"]: [(cause["rule"], cause["what"]) for cause in row["proposal"]["causes"]]
        for row in rows(told, "2026-12-20")
    }


def test_a_recheck_that_finds_a_unit_rated_wrongly_is_proposed_for_that_unit() -> None:
    assert rechecked('sampled = 20, wrong = ["乙支部"]') == {"乙支部": [("", "recheck")]}


def test_more_errors_than_fifteen_of_a_hundred_speak_against_every_grade_of_the_round() -> None:
    assert rechecked("sampled = 20, wrong = 3") == {}
    assert rechecked("sampled = 20, wrong = 4") == {
        name: [("s000a-error", "recheck")] for name in ("甲支部", "乙支部")
    }
    assert rechecked("sampled = 20, wrong = 0, concealed = true").keys() == {"甲支部", "乙支部"}


@pytest.mark.parametrize(
    ("do", "given", "wanted"),
    [
        ("bar_rights", 'document = "处分决定"', [("s004b-4", "bar_rights")]),
        ("strike_off", 'kind = "expelled"', [("s004b-4", "strike_off")]),
        ("strike_off", 'kind = "struck_off", clause = "长期不参加组织生活"', []),
    ],
)
def test_a_measure_of_discipline_against_a_member_is_a_veto_that_is_put_before_a_person_the_same_day(
    do: str, given: str, wanted: list[Any]
) -> None:
    text = BRANCHES.replace("PLAN", "seed-004-b")
    text += step("2026-01-06", "open_campaign", 'scheme = "seed-004-b", year = 2026', "机关党委")
    text += step("2026-01-07", "freeze_rubric", "", "机关党委")
    text += step("2026-02-10", "confirm_rating", "score = 96")
    act = (
        f'\n[[steps]]\non = 2026-03-03\ndo = "{do}"\nperson = "王"\nas_history = true\nwith = {{ {given} }}\n'
    )
    told = Told(text + act)
    assert not told.played[-1].outcome.refused
    assert [c for row in short(told, "2026-03-02") for c in row[3] if c[0] == "s004b-4"] == []
    assert [c for row in short(told, "2026-03-03") for c in row[3] if c[0] == "s004b-4"] == wanted
    number = (text + act).count("[[steps]]")
    back = (
        f'\n[[steps]]\non = 2026-03-20\ndo = "retract"\nwith = {{ event = {number}, reason = "记错了人" }}\n'
    )
    assert [
        c for row in short(Told(text + act + back), "2026-03-20") for c in row[3] if c[0] == "s004b-4"
    ] == []


def test_who_did_not_pass_is_offered_a_problem_to_put_right_and_nothing_opens_by_itself() -> None:
    failed = ORGAN + step("2026-01-06", "open_campaign", 'scheme = "seed-000-a", year = 2026', "机关党委")
    failed += step("2026-11-10", "review", "passed = false, score = 40")
    told = Told(failed)
    assert short(told, "2026-11-09") == []
    (row,) = rows(told, "2026-11-10")
    assert (row["rule"], row["clause"]) == ("rating-correct", "《2019年党支部规范化建设实施方案》三、（五）")
    (offer,) = row["proposal"]["offers"]
    assert (offer["command"], offer["with"]["source"]) == ("open_issue", "rating")
    assert told.answering.ledger("整改台账", on=date(2026, 11, 10))["rows"] == []
    opened = step("2026-11-12", "open_issue", 'source = "rating", text = "制度不全"', subject="整改")
    assert [(r[0], r[1]) for r in short(Told(failed + opened), "2026-11-12")] == [("rating-correct", "met")]
    passed = step("2026-11-20", "review", 'passed = true, reason = "补齐"')
    assert short(Told(failed + passed), "2026-11-20") == []


def test_what_a_closed_problem_was_about_is_broken_again_while_it_is_followed_up() -> None:
    closed = (
        PLAN
        + "".join(theme_day(f"2026-{month:02}") for month in (2, 3, 4))
        + step("2026-02-06", "open_issue", 'rule = "meet-theme-day", period = "2026-01"', subject="漏了一月")
        + step("2026-02-06", "plan_correction", 'measure = "补开", owner = "王"', subject="漏了一月")
        + step(
            "2026-02-20",
            "hold_meeting",
            'type = "theme_party_day", attending = 8, for_period = "2026-01"',
            subject="",
        )
        + step("2026-03-06", "submit_correction", 'by = "王"', subject="漏了一月")
        + step("2026-03-07", "accept_correction", 'by = "周"', subject="漏了一月")
        + step("2026-04-08", "close_out", 'by = "周"', subject="漏了一月")
    )
    told = Told(closed)
    assert not told.played[-1].outcome.refused
    assert short(told, "2026-05-31") == []
    again = [("follow-up-relapse", "due", "2026-06-01", [("meet-theme-day", "2026-05")])]
    assert short(told, "2026-06-01") == again
    (row,) = rows(told, "2026-06-01")
    assert [offer["command"] for offer in row["proposal"]["offers"]] == ["reopen_issue", "open_issue"]
    new = step("2026-06-03", "open_issue", 'rule = "meet-theme-day", period = "2026-05"', subject="又漏了")
    assert [r[1] for r in short(Told(closed + new), "2026-06-03")] == ["met"]
    reopened = step("2026-06-03", "reopen_issue", 'reason = "又漏了"', subject="漏了一月")
    assert short(Told(closed + reopened), "2026-06-03") == []


def test_a_branch_that_holds_no_grade_is_proposed_nothing() -> None:
    assert [row for row in rows(Told(RATED), "2027-03-01") if row["unit"] == "乙支部"] == []


SITE = (
    BRANCHES.replace("PLAN", "seed-001").replace('kind = "organ"', 'kind = "village"')
    + step("2026-03-01", "nominate_site", 'level = "county", field = "village"', subject="示范点")
    + step("2026-03-02", "plan_site", 'items = ["目标"]', subject="示范点")
    + step("2026-06-01", "assess_site", "passed = true, satisfaction = 95", subject="示范点")
    + step("2026-07-01", "name_site", "", subject="示范点")
)
FAILED = step("2027-12-01", "assess_site", "passed = false, satisfaction = 95", subject="示范点")


def test_a_named_site_that_does_not_pass_its_assessment_is_to_be_adjusted_by_the_plan() -> None:
    failed = Told(SITE + FAILED)
    assert rows(failed, "2027-11-30") == []
    (row,) = rows(failed, "2027-12-01")
    assert (row["rule"], row["subject"], row["clause"][-5:]) == ("site-adjust", "示范点", "三、第3项")
    assert [offer["command"] for offer in row["proposal"]["offers"]] == ["adjust_site", "delist_site"]
    passed = step("2027-12-20", "assess_site", "passed = true, satisfaction = 95", subject="示范点")
    assert rows(Told(SITE + FAILED + passed), "2027-12-20") == []


@pytest.mark.parametrize(("do", "given"), [("adjust_site", 'level = "township"'), ("delist_site", "")])
def test_a_site_adjusted_or_taken_off_is_proposed_no_longer(do: str, given: str) -> None:
    ended = Told(SITE + FAILED + step("2027-12-20", do, given, subject="示范点"))
    assert [one[1] for one in short(ended, "2027-12-19")] == ["due"]
    assert [one for one in short(ended, "2027-12-20") if one[1] == "due"] == []


@pytest.mark.parametrize(("passed", "said"), [("true", ("commend", "first")), ("false", ("next", "adjust"))])
def test_the_ledger_of_sites_tells_who_is_commended_first_and_who_is_adjusted(
    passed: str, said: tuple[str, str]
) -> None:
    text = SITE + FAILED.replace("passed = false", f"passed = {passed}")
    (row,) = Told(text).answering.ledger("示范点台账", on=date(2027, 12, 31))["rows"]
    (use,) = row["use"]
    assert (use["rule"], use[said[0]]) == ("s001-assess", said[1])


def test_a_grade_that_stands_for_the_backward_has_nothing_to_lose() -> None:
    least = OPENED + step("2026-12-01", "confirm_rating", "score = 50")
    assert short(Told(least), "2027-01-01") == []


def test_a_record_that_proved_points_and_is_withdrawn_afterwards_is_put_before_a_person() -> None:
    first = PLAN + MONTHS + step("2026-05-06", "open_campaign", "year = 2026", "机关党委")
    told = Told(first)
    proof = next(one for one in told.played if one.do == "hold_meeting").outcome.event_ids[0]
    scored = f'scores = [{{ criterion = "制度", points = 20, events = ["{proof}"] }}]'
    rated = first + step("2026-10-08", "assess_self", scored)
    rated += step("2026-12-01", "confirm_rating", 'grade = "四星级"')
    assert short(Told(rated), "2026-12-20") == []
    gone = '\n[[steps]]\non = {on}\ndo = "retract"\nwith = {{ event = 1, reason = "会没有开" }}\n'
    later = Told(rated + gone.format(on="2026-12-10"))
    assert short(later, "2026-12-09") == []
    (row,) = rows(later, "2026-12-10")
    assert [cause["what"] for cause in row["proposal"]["causes"]] == ["retract"]
    assert short(later, "2026-12-20", known_on=date(2026, 12, 9)) == []
    before = Told(rated.replace("2026-12-01", "2026-12-05") + gone.format(on="2026-12-04"))
    assert short(before, "2026-12-20") == []
