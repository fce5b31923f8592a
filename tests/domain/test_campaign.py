"""考评: a sample that anyone can draw again, scores that stand beside each other, a round that is voided."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import Told
from workflows.domain.campaign.events import RubricFrozen
from workflows.domain.campaign.state import drawn

UNITS = """
title = "a campaign"
packs = ["seed-000-a"]
[[units]]
name = "机关党委"
level = "committee"
kind = "organ"
[[units]]
name = "甲支部"
kind = "organ"
superior = "机关党委"
full_members = 9
[[units]]
name = "乙支部"
kind = "organ"
superior = "机关党委"
full_members = 9
[[units]]
name = "丙支部"
kind = "organ"
superior = "机关党委"
full_members = 9
"""


def step(on: str, do: str, given_: str = "", unit: str = "机关党委") -> str:
    """Return one step of the campaign."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\nsubject = "考评"\n'
    return told + (f"with = {{ {given_} }}\n" if given_ else "")


OPENED = UNITS + step("2026-01-05", "open_campaign", 'scheme = "seed-000-a", year = 2026')
PASSED = OPENED + step("2026-11-20", "review", 'passed = ["甲支部", "乙支部", "丙支部"]')


def told(text: str) -> dict[str, object]:
    """Return the state of the campaign at the end."""
    return dict(Told(text).answering.ask("state", {"subject": "考评", "as_of": date(2027, 1, 31)}))


@given(st.lists(st.uuids(), max_size=40), st.integers(0, 45), st.text(max_size=20))
def test_a_sample_drawn_twice_from_the_same_seed_is_the_same_whatever_the_order(
    units: list[UUID], number: int, seed: str
) -> None:
    first = drawn(units, number, seed)
    assert first == drawn([*reversed(units), *units], number, seed)
    assert len(first) == len(set(first)) == min(number, len(set(units)))
    assert set(first) <= set(units)
    assert first == drawn(units, 45, seed)[:number]


def test_another_seed_draws_another_sample() -> None:
    units = [UUID(int=number) for number in range(40)]
    assert len({drawn(units, 12, str(seed)) for seed in range(50)}) > 45


def test_units_are_drawn_by_the_seed_and_a_list_picked_by_hand_is_refused() -> None:
    by_seed = told(PASSED + step("2026-12-05", "draw_sample", 'sampled = 1, seed = "7"'))
    (unit,) = by_seed["sample"]["units"]  # type: ignore[index]
    others = {"甲支部", "乙支部", "丙支部"} - {unit}
    again = PASSED + step("2026-12-05", "draw_sample", f'sampled = ["{unit}"], seed = "7"')
    assert Told(again).played[-1].outcome.verdict == "ok"
    picked = PASSED + step("2026-12-05", "draw_sample", f'sampled = ["{others.pop()}"], seed = "7"')
    found = Told(picked).played[-1].outcome
    assert (found.refused, found.findings[0].rule) == (True, "sample-not-drawn")


def test_a_sample_without_a_seed_is_noted() -> None:
    text = PASSED + step("2026-12-05", "draw_sample", "sampled = 1")
    assert "sample-seed" in [f.rule for f in Told(text).played[-1].outcome.findings]


def test_eleven_of_forty_are_too_few_and_twelve_enough() -> None:
    def verdict(sampled: int) -> str:
        text = OPENED + step("2026-12-05", "draw_sample", f'passed = 40, sampled = {sampled}, seed = "7"')
        return str(Told(text).played[-1].outcome.verdict)

    assert (verdict(11), verdict(12)) == ("block", "ok")


def test_one_error_of_six_voids_and_one_of_twelve_does_not() -> None:
    def rules(sampled: int) -> dict[str, str]:
        text = OPENED + step("2026-12-05", "recheck", f"sampled = {sampled}, wrong = 1")
        return {f.rule: str(f.verdict) for f in Told(text).played[-1].outcome.findings if f.kind == "quota"}

    assert (rules(6), rules(12)) == ({"s000a-error": "warn"}, {"s000a-error": "ok"})
    assert rules(20) == {"s000a-error": "ok"}


def test_a_changed_score_keeps_both_and_needs_a_reason() -> None:
    first = OPENED + step("2026-11-01", "review", "score = 80, passed = true", "甲支部")
    bare = first + step("2026-11-02", "review", "score = 85, passed = true", "甲支部")
    assert Told(bare).played[-1].outcome.verdict == "incomplete"
    reasoned = first + step("2026-11-02", "review", 'score = 85, passed = true, reason = "复核"', "甲支部")
    assert Told(reasoned).played[-1].outcome.verdict == "ok"
    other = first + step("2026-11-02", "review", "score = 85, passed = true", "乙支部")
    assert Told(other).played[-1].outcome.verdict == "ok"


def test_a_criterion_that_the_frozen_rubric_does_not_know_is_refused() -> None:
    frozen = OPENED + step("2026-01-06", "freeze_rubric", 'criteria = [{ id = "组织", points = 20 }]')
    wrong = frozen + step(
        "2026-10-08", "assess_self", 'scores = [{ criterion = "台帐", points = 1, evidence = "x" }]'
    )
    assert [f.rule for f in Told(wrong).played[-1].outcome.findings][:1] == ["rating-criterion"]


def test_a_voided_round_begins_anew() -> None:
    text = PASSED + step("2026-12-05", "draw_sample", 'sampled = 1, seed = "7"')
    text += step("2026-12-06", "recheck", "wrong = 1") + step("2026-12-07", "void_round", 'reason = "误差率"')
    state = told(text)
    assert (state["stage"], state["passed"], state["sample"], state["recheck"]) == ("void", 0, None, None)


def test_a_rating_confirmed_after_a_voided_recheck_is_refused() -> None:
    text = PASSED + step("2026-12-06", "recheck", "sampled = 6, wrong = 1")
    text += step("2026-12-07", "confirm_rating", 'grade = "优秀"', "甲支部")
    assert Told(text).played[-1].outcome.findings[0].rule == "s000a-error"


def test_the_notice_of_a_campaign_is_not_that_of_a_person() -> None:
    text = PASSED + step("2026-12-20", "post_notice", "working_days = 5")
    assert Told(text).played[-1].outcome.events == ("RatingNoticePosted",)


def test_who_passed_is_counted_with_the_review_itself_and_a_number_told_is_not_lost() -> None:
    plan = OPENED.replace('packs = ["seed-000-a"]', 'packs = ["seed-000-c"]').replace(
        "2026-01-05", "2017-01-05"
    )
    first = plan + step("2017-06-01", "review", "passed = true", "甲支部")
    share = {f.rule: str(f.verdict) for f in Told(first).played[-1].outcome.findings}
    assert share["s000c-hard"] == "warn"
    both = first + step("2017-06-02", "review", "passed = true", "乙支部")
    share = {f.rule: str(f.verdict) for f in Told(both).played[-1].outcome.findings}
    assert share["s000c-hard"] == "ok"
    number = OPENED + step("2026-11-20", "review", "passed = 40")
    assert told(number + step("2026-11-21", "review", "passed = true", "甲支部"))["passed"] == 40


def test_who_takes_no_part_is_not_rated_not_even_the_one_that_holds_the_campaign() -> None:
    refused = Told(PASSED + step("2026-12-20", "confirm_rating", 'grade = "优秀"')).played[-1].outcome
    assert (refused.refused, refused.findings[0].rule) == (True, "rating-not-taking-part")
    rated = Told(PASSED + step("2026-12-20", "confirm_rating", 'grade = "优秀"', "甲支部")).played[-1].outcome
    assert rated.refused is False


def frozen(story: str, on: str = "2026-01-06") -> tuple[object, list[str]]:
    """Return the rubric frozen at the end of a story, and what was said of it."""
    told = Told(story + step(on, "freeze_rubric"))
    outcome = told.played[-1].outcome
    event = next(r.event for r in reversed(told.log.records) if isinstance(r.event, RubricFrozen))
    return event, [f.rule for f in outcome.findings]


def by_plan(plan: str, scheme: str = "") -> str:
    """Return a campaign held by a plan, or by the only one there is."""
    named = f'scheme = "{scheme}", ' if scheme else ""
    opened = step("2026-01-05", "open_campaign", f"{named}year = 2026")
    return UNITS.replace('packs = ["seed-000-a"]', f"packs = {plan}") + opened


def test_the_rubric_is_that_of_the_plan_and_nothing_is_typed_twice() -> None:
    event, said = frozen(by_plan('["seed-004-a"]', "seed-004-a"))
    assert [(one.id, one.points) for one in event.criteria] == [  # type: ignore[attr-defined]
        (f"服务{name}", 20) for name in ("体系", "队伍", "机制", "保障", "业绩")
    ]
    satisfied = event.criteria[-1]  # type: ignore[attr-defined]
    assert (satisfied.proved_by, satisfied.partly, satisfied.lost) == (("s004a-satisfaction",), True, None)
    assert "二、（二）创建标准" in satisfied.clause
    assert said == []


def test_what_the_plan_does_not_give_stays_unknown_and_a_person_decides() -> None:
    event, said = frozen(OPENED)
    assert (event.criteria, said) == ((), ["rating-criteria-unknown"])  # type: ignore[attr-defined]
    assert "《基层党支部规范化建设考评标准》没有附" in event.not_given  # type: ignore[attr-defined]
    event, said = frozen(by_plan('["seed-004-b"]', "seed-004-b"))
    assert {one.points for one in event.criteria} == {None}  # type: ignore[attr-defined]
    assert (len(event.criteria), said) == (13, ["rating-no-points"])  # type: ignore[attr-defined]


def test_a_campaign_that_names_no_plan_is_held_by_the_only_one_and_of_two_none_is_guessed() -> None:
    event, _ = frozen(by_plan('["seed-004-a"]'))
    assert (event.scheme, len(event.criteria)) == ("seed-004-a", 5)  # type: ignore[attr-defined]
    event, said = frozen(by_plan('["seed-004-a", "seed-004-b"]'))
    assert (event.scheme, event.criteria) == (None, ())  # type: ignore[attr-defined]
    assert said == ["rating-no-criteria"]


def test_a_frozen_rubric_stays_whatever_becomes_of_the_plan() -> None:
    story = by_plan('["seed-004-a"]', "seed-004-a") + step("2026-01-06", "freeze_rubric")
    claim = 'scores = [{ criterion = "服务体系", points = 21 }]'
    over = Told(story + step("2026-10-08", "assess_self", claim, "甲支部"))
    assert [f.rule for f in over.played[-1].outcome.findings][:1] == ["rating-points"]


def test_what_is_asked_of_a_persons_notice_is_not_asked_of_that_of_a_rating() -> None:
    national = UNITS.replace('packs = ["seed-000-a"]', 'packs = ["central", "seed-000-a"]')
    story = PASSED.replace(UNITS, national) + step("2026-12-20", "post_notice", "working_days = 5")
    found = Told(story).played[-1].outcome
    assert (found.refused, [f.rule for f in found.findings]) == (False, [])


def test_a_score_is_mended_after_an_appeal_while_the_notice_hangs() -> None:
    story = PASSED + step("2026-11-22", "review", "score = 80, passed = true", "甲支部")
    story += step("2026-12-20", "post_notice", "working_days = 5")
    story += step("2026-12-21", "appeal", 'reason = "漏算"', "甲支部")
    story += step("2026-12-22", "settle_appeal", "upheld = true", "甲支部")
    mended = story + step("2026-12-23", "review", 'score = 85, passed = true, reason = "申诉成立"', "甲支部")
    assert Told(mended).played[-1].outcome.refused is False
    assert told(mended)["stage"] == "noticed"


CLAIM = 'scores = [{ criterion = "台帐", points = 9, evidence = "台账" }]'
CLAIMED = OPENED + step("2026-10-08", "assess_self", CLAIM, "甲支部")


def said_of_a_review(given: str) -> list[str]:
    """Return what is said of the first review of a unit that claimed nine points."""
    found = Told(CLAIMED + step("2026-11-01", "review", given, "甲支部")).played[-1].outcome
    assert found.refused is False
    return [f.rule for f in found.findings if f.kind == "case"]


def test_points_other_than_the_unit_claimed_want_a_reason_and_both_stay() -> None:
    other = 'scores = [{ criterion = "台帐", points = 7'
    assert said_of_a_review(other + " }]") == ["rating-changed"]
    assert said_of_a_review(other + ' }], reason = "缺两次记录"') == []
    assert said_of_a_review(other + ', evidence = "缺两次记录" }]') == []


def test_points_as_claimed_or_never_claimed_want_no_reason() -> None:
    assert said_of_a_review('scores = [{ criterion = "台帐", points = 9 }]') == []
    assert said_of_a_review('scores = [{ criterion = "组织", points = 5 }]') == []


def test_a_campaign_is_judged_by_the_plan_it_names_and_not_by_another_one_in_force() -> None:
    both = by_plan('["seed-004-a", "seed-004-b"]', "seed-004-b")
    story = both + step("2026-12-20", "confirm_rating", "score = 92", "甲支部")
    found = Told(story).played[-1].outcome
    assert {f.pack for f in found.findings if f.pack} == {"seed-004-b"}
    assert [f.facts["level"] for f in found.findings if f.kind == "bands"] == ["四星级"]
    unnamed = by_plan('["seed-004-a", "seed-004-b"]') + step(
        "2026-12-20", "confirm_rating", "score = 92", "甲支部"
    )
    asked = {f.pack for f in Told(unnamed).played[-1].outcome.findings if f.kind == "bands"}
    assert asked == {"seed-004-a", "seed-004-b"}
