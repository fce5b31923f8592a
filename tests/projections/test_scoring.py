"""考评得分: what a unit claims, what the facts say and what was given stand side by side, by criterion."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.books import Told

UNITS = """
title = "scores of a campaign"
packs = ["central"]
[[units]]
name = "机关党委"
level = "committee"
kind = "organ"
established_on = 2020-01-01
[[units]]
name = "乙支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2020-01-01
[[units]]
name = "甲支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2020-01-01
"""
CRITERIA = (
    '{ id = "党员大会", points = 10, lost = 4, proved_by = ["meet-assembly"] },'
    '{ id = "组织生活会", points = 10, proved_by = ["meet-orglife"] },'
    '{ id = "制度", points = 10, proved_by = ["meet-assembly"], partly = true },'
    '{ id = "作风", points = 10 },'
    '{ id = "违纪", veto = true }'
)


def step(on: str, do: str, given: str = "", unit: str = "甲支部", subject: str = "规范化") -> str:
    """Return one step of the campaign, or of a unit where no subject is named."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\n'
    told += f'subject = "{subject}"\n' if subject else ""
    return told + (f"with = {{ {given} }}\n" if given else "")


def assembly(*days: str, unit: str = "甲支部") -> str:
    held = 'type = "branch_assembly", eligible = 9, attending = 9'
    return "".join(step(day, "hold_meeting", held, unit, "") for day in days)


OPENED = (
    UNITS
    + step("2026-01-05", "open_campaign", "year = 2026", "机关党委")
    + step("2026-01-06", "freeze_rubric", f"criteria = [{CRITERIA}]", "机关党委")
)


def scores(text: str, on: date = date(2026, 12, 31), **asked: Any) -> dict[str, Any]:
    """Return the scores of the campaign of a story."""
    told = Told(text)
    assert [one.outcome.refused for one in told.played] == [False] * len(told.played)
    asked["unit_id"] = told.answering.unit_named(asked.pop("unit")) if "unit" in asked else None
    return dict(told.answering.scores(told.answering.file_named("规范化"), on=on, **asked))


def criteria(text: str, on: date = date(2026, 12, 31), unit: str = "甲支部") -> dict[str, Any]:
    """Return the criteria of one unit by id."""
    (row,) = scores(text, on, unit=unit)["rows"]
    return {one["id"]: one for one in row["criteria"]}


FOUR = assembly("2026-02-03", "2026-05-03", "2026-08-03", "2026-11-03")
THREE = assembly("2026-02-03", "2026-05-03", "2026-11-03")


def test_points_are_lost_for_each_period_in_which_something_is_wanting() -> None:
    kept, lost = criteria(OPENED + FOUR)["党员大会"], criteria(OPENED + THREE)["党员大会"]
    assert (kept["state"], kept["by_facts"], kept["times"]) == ("fulfilled", 10, 0)
    assert (lost["state"], lost["by_facts"], lost["times"]) == ("not_fulfilled", 6, 1)
    none = criteria(OPENED)["党员大会"]
    assert (none["state"], none["by_facts"], none["times"]) == ("not_fulfilled", 0, 4)


def test_every_proof_names_its_rule_clause_period_and_events() -> None:
    told = criteria(OPENED + THREE)["党员大会"]["proofs"]
    assert [(one["what"], one["outcome"], len(one["events"])) for one in told] == [
        ("2026-Q1", "met", 1), ("2026-Q2", "met", 1), ("2026-Q3", "missing", 0), ("2026-Q4", "met", 1),
    ]  # fmt: skip
    assert {one["rule"] for one in told} == {"meet-assembly"}
    assert all("第十一条" in one["clause"] for one in told)


def test_where_the_plan_does_not_say_how_points_are_lost_only_the_state_is_told() -> None:
    told = criteria(OPENED + step("2026-12-05", "hold_meeting", 'type = "organizational_life"', "甲支部", ""))
    assert (told["组织生活会"]["state"], told["组织生活会"]["by_facts"]) == ("fulfilled", None)
    assert criteria(OPENED)["组织生活会"]["state"] == "not_fulfilled"


def test_what_rules_prove_in_part_is_never_called_fulfilled_by_them() -> None:
    kept, broken = criteria(OPENED + FOUR)["制度"], criteria(OPENED + THREE)["制度"]
    assert (kept["state"], kept["why"], kept["automatic"]) == ("unclear", "partly", False)
    assert (broken["state"], broken["by_facts"], broken["automatic"]) == ("not_fulfilled", None, True)


def test_what_no_rule_proves_is_left_to_a_person_and_nothing_is_called_missing() -> None:
    told = criteria(OPENED)
    assert (told["作风"]["state"], told["作风"]["why"]) == ("unclear", "by_hand")
    (row,) = scores(OPENED, unit="甲支部")["rows"]
    assert row["vetoed"] == []


def test_points_do_not_follow_while_a_period_still_runs_though_something_is_wanting() -> None:
    told = criteria(OPENED + assembly("2026-05-03"), date(2026, 8, 1))["党员大会"]
    assert (told["state"], told["times"], told["open_times"]) == ("not_fulfilled", 1, 1)
    assert told["by_facts"] is None


def test_a_period_that_runs_still_is_nobodys_fault() -> None:
    told = criteria(OPENED + assembly("2026-02-03", "2026-05-03", "2026-08-03"), date(2026, 11, 1))
    assert (told["党员大会"]["state"], told["党员大会"]["why"]) == ("unclear", "pending")
    assert told["党员大会"]["by_facts"] is None


def test_what_the_unit_was_let_off_is_not_held_against_it() -> None:
    waived = step(
        "2026-01-20",
        "waive",
        'rule = "meet-assembly", until = 2026-12-31, authority = "机关党委", document = "纪要"',
        "甲支部",
        "",
    )
    told = criteria(OPENED + waived)["党员大会"]
    assert (told["state"], told["by_facts"]) == ("not_asked", None)


def test_how_many_criteria_are_filled_by_the_facts_and_how_many_by_hand() -> None:
    answer = scores(OPENED + THREE)
    assert answer["counts"] == {"criteria": 5, "automatic": 2, "partly": 1, "by_hand": 2}
    by_unit = {row["unit"]: (row["automatic"], row["by_hand"]) for row in answer["rows"]}
    assert by_unit == {"甲支部": (3, 2), "乙支部": (3, 2)}


def test_a_correction_known_later_does_not_change_what_was_known_before() -> None:
    told = Told(OPENED + THREE)
    file = told.answering.file_named("规范化")
    position = len(told.log.records) - 1
    before = told.answering.scores(file, on=date(2026, 12, 31), known_on=position)["rows"]
    after = told.answering.scores(file, on=date(2026, 12, 31))["rows"]
    states = [
        {one["id"]: one["times"] for row in rows if row["unit"] == "甲支部" for one in row["criteria"]}
        for rows in (before, after)
    ]
    assert (states[0]["党员大会"], states[1]["党员大会"]) == (2, 1)


CLAIMED = (
    OPENED
    + FOUR
    + step("2026-10-10", "assess_self", 'scores = [{ criterion = "作风", points = 9, evidence = "台账" }]')
    + step("2026-11-01", "review", 'scores = [{ criterion = "作风", points = 9 }], passed = true')
    + step(
        "2026-11-05",
        "review",
        'scores = [{ criterion = "作风", points = 7 }], passed = true, reason = "走访核实"',
    )
)


def test_the_reviewer_sees_claim_facts_and_every_version_of_the_review() -> None:
    told = criteria(CLAIMED)["作风"]
    assert (told["claim"]["points"], told["claim"]["evidence"], told["claim"]["bare"]) == (9, "台账", False)
    assert [(one["points"], one["reason"]) for one in told["reviews"]] == [(9, None), (7, "走访核实")]
    assert (told["review"]["points"], told["changed"]) == (7, True)


def test_a_claim_without_a_proof_is_marked_where_old_papers_carry_one() -> None:
    bare = step("2026-10-10", "assess_self", 'scores = [{ criterion = "作风", points = 9 }]')
    history = OPENED + bare.replace("[[steps]]\n", "[[steps]]\nas_history = true\nrecorded_on = 2027-01-04\n")
    (row,) = scores(history, unit="甲支部")["rows"]
    assert ({one["id"]: one for one in row["criteria"]}["作风"]["claim"]["bare"], row["bare"]) == (True, 1)


def test_a_voided_review_stays_readable_and_no_longer_holds() -> None:
    voided = CLAIMED + step("2026-12-07", "void_round", 'reason = "误差率"', "机关党委")
    told = criteria(voided)["作风"]
    assert (told["review"], [one["void"] for one in told["reviews"]]) == (None, [True, True])


def test_last_years_points_stand_beside() -> None:
    given = '{ criterion = "作风", points = 8 }'
    last = (
        UNITS
        + step("2025-01-05", "open_campaign", "year = 2025", "机关党委", "去年")
        + step("2025-11-01", "review", f"scores = [{given}], score = 88", subject="去年")
        + step("2025-12-01", "confirm_rating", 'score = 88, grade = "四星级"', subject="去年")
    )
    (row,) = scores(last + CLAIMED.removeprefix(UNITS), unit="甲支部")["rows"]
    assert (row["last"]["score"], row["last"]["grade"], row["last"]["subject"]) == (88, "四星级", "去年")
    assert {one["id"]: one["last_points"] for one in row["criteria"]}["作风"] == 8


def test_units_stand_in_the_order_of_the_structure_whatever_their_scores() -> None:
    for first, second in ((99, 60), (60, 99)):
        rated = OPENED + step("2026-12-20", "confirm_rating", f'score = {first}, grade = "甲"', "甲支部")
        rated += step("2026-12-20", "confirm_rating", f'score = {second}, grade = "乙"', "乙支部")
        assert [row["unit"] for row in scores(rated)["rows"]] == ["乙支部", "甲支部"]


def test_a_campaign_that_is_not_frozen_shows_what_its_plan_would_ask() -> None:
    plan = UNITS.replace('["central"]', '["central", "seed-004-b"]')
    answer = scores(plan + step("2026-01-05", "open_campaign", "year = 2026", "机关党委"))
    assert (answer["frozen_on"], answer["scheme"], len(answer["criteria"])) == (None, "seed-004-b", 13)


def test_the_word_of_the_last_survey_counts() -> None:
    plan = UNITS.replace('["central"]', '["central", "seed-004-a"]')
    opened = plan + step("2026-05-06", "open_campaign", 'scheme = "seed-004-a", year = 2026', "机关党委")
    opened += step("2026-05-07", "freeze_rubric", "", "机关党委")
    low = opened + step("2026-11-12", "survey_masses", "asked = 100, satisfied = 94")
    assert criteria(low)["服务业绩"]["state"] == "not_fulfilled"
    high = low + step("2026-11-13", "survey_masses", "asked = 100, satisfied = 95")
    told = criteria(high)["服务业绩"]
    assert (told["state"], told["why"], [one["outcome"] for one in told["proofs"]]) == (
        "unclear", "partly", ["met"],
    )  # fmt: skip


def test_a_case_filed_against_a_member_fills_the_criterion_as_a_censure_of_the_branch_does() -> None:
    plan = UNITS.replace('["central"]', '["central", "seed-004-b"]').replace("organ", "school")
    plan += '[people]\n"王" = { stage = "full", since = 2015-07-01, unit = "甲支部" }\n'
    opened = plan + step("2026-05-06", "open_campaign", 'scheme = "seed-004-b", year = 2026', "机关党委")
    opened += step("2026-05-07", "freeze_rubric", "", "机关党委")
    told = criteria(opened)["第4条"]
    assert (told["state"], told["proofs"]) == ("unclear", [])
    charge = '\n[[steps]]\non = {on}\ndo = "record_charge"\nperson = "王"\n'
    charge += 'with = {{ form = "case_filed", authority = "县纪委", document = "立案〔2026〕1号" }}\n'
    told = criteria(opened + charge.format(on="2026-06-01"))["第4条"]
    (proof,) = told["proofs"]
    assert (told["state"], proof["what"], proof["on"]) == ("not_fulfilled", "record_charge", "2026-06-01")
    assert proof["person"] is None
    assert criteria(opened + charge.format(on="2026-06-01"), unit="乙支部")["第4条"]["state"] == "unclear"
    before = opened.replace("[[steps]]", charge.format(on="2025-06-01").strip() + "\n[[steps]]", 1)
    assert criteria(before)["第4条"]["proofs"] == []


PASSED = step("2026-11-01", "review", 'passed = ["甲支部", "乙支部"]', "机关党委")


def test_a_sample_is_told_with_share_and_seed_and_whether_anyone_draws_the_same_again() -> None:
    drawn = OPENED + PASSED + step("2026-12-05", "draw_sample", 'sampled = 1, seed = "7"', "机关党委")
    told = scores(drawn)["round"]["sample"]
    assert (told["share"], told["seed"], told["again"], told["passed"], told["sampled"]) == (
        50,
        "7",
        True,
        2,
        1,
    )
    assert {one["unit"] for one in told["passed_units"]} == {"甲支部", "乙支部"}
    counted = OPENED + step("2026-12-05", "draw_sample", 'passed = 40, sampled = 12, seed = "7"', "机关党委")
    assert scores(counted)["round"]["sample"]["again"] is None


def test_a_recheck_is_told_with_its_error_rate_and_what_the_rule_says_of_it() -> None:
    plan = UNITS.replace('["central"]', '["central", "seed-000-a"]')
    opened = plan + step("2026-01-05", "open_campaign", 'scheme = "seed-000-a", year = 2026', "机关党委")
    told = scores(opened + step("2026-12-06", "recheck", "sampled = 6, wrong = 1", "机关党委"))["round"][
        "recheck"
    ]
    assert told["rate"] == 16.67
    assert [(one["rule"], one["verdict"]) for one in told["rules"]] == [
        ("s000a-error", "warn"), ("s000a-error", "ok"),
    ]  # fmt: skip


def test_an_appeal_stands_open_until_it_is_settled() -> None:
    plan = OPENED + PASSED + step("2026-12-10", "post_notice", "working_days = 5", "机关党委")
    open_ = plan + step("2026-12-11", "appeal", 'reason = "漏算"')
    (appeal,) = scores(open_)["round"]["appeals"]
    assert (appeal["unit"], appeal["reason"], appeal["settled"]) == ("甲支部", "漏算", None)
    (settled,) = scores(open_ + step("2026-12-14", "settle_appeal", "upheld = true"))["round"]["appeals"]
    assert settled["settled"]["upheld"] is True


def test_a_grade_is_a_draft_until_it_is_decided_and_an_overlap_is_told_with_both() -> None:
    plan = UNITS.replace('["central"]', '["central", "seed-004-b"]')
    opened = plan + step("2026-01-05", "open_campaign", 'scheme = "seed-004-b", year = 2026', "机关党委")

    def draft(score: float) -> tuple[object, list[str]]:
        (row,) = scores(opened + step("2026-11-01", "review", f"score = {score}"), unit="甲支部")["rows"]
        return row["draft"]["grade"], row["draft"]["levels"]

    assert draft(86) == ("四星级", ["四星级"])
    assert draft(85) == (None, ["三星级", "四星级"])
    assert draft(60) == (None, [])
    decided = opened + step("2026-11-01", "review", "score = 86")
    decided += step("2026-12-01", "confirm_rating", 'grade = "四星级"')
    (row,) = scores(decided, unit="甲支部")["rows"]
    assert (row["draft"], row["grade"]) == (None, "四星级")


def test_who_is_told_in_numbers_alone_has_no_row_and_the_one_that_holds_it_is_not_rated() -> None:
    opened = UNITS + step("2026-01-05", "open_campaign", "year = 2026, units = 120", "机关党委")
    answer = scores(opened + step("2026-11-20", "review", "passed = 40", "机关党委"))
    assert (answer["rows"], answer["campaign"]["passed"]) == ([], 40)
