"""What no longer counts in the history of a campaign, and since when."""

from __future__ import annotations

from typing import Any

import pytest

from workflows.entrypoints.web.outdone import outdone


def row(position: int, event: str, on: str, **facts: Any) -> dict[str, Any]:
    told = {"about": "甲支部", "scores": [], "score": None, "passed": None, "passing": None, **facts}
    return {"position": position, "event": event, "on": on, "retracted_by": None, "facts": told}


def scored(position: int, on: str, *criteria: str, **more: Any) -> dict[str, Any]:
    return row(position, "Reviewed", on, scores=[{"criterion": one} for one in criteria], **more)


FIRST = scored(1, "2026-11-01", "制度", "队伍", passed=True)


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (scored(2, "2026-11-10", "制度", "队伍"), "不再作数：2026-11-10 重新初评"),
        (scored(2, "2026-11-10", "制度"), "其中制度以 2026-11-10 的初评为准"),
        (scored(2, "2026-11-10", score=90), "总分以 2026-11-10 的初评为准"),
        (scored(2, "2026-11-10", passed=False), "是否达标以 2026-11-10 的初评为准"),
        (scored(2, "2026-11-10", "业绩"), None),
        (scored(2, "2026-11-10", "制度", "队伍", about="乙支部"), None),
        (row(2, "SelfAssessed", "2026-11-10", scores=[{"criterion": "制度"}]), None),
        (row(2, "RoundVoided", "2026-11-10"), "不再作数：2026-11-10 推倒重来"),
        ({**scored(2, "2026-11-10", "制度", "队伍"), "retracted_by": 3}, None),
    ],
)
def test_the_first_review_says_what_of_it_a_later_act_has_outdone(
    later: dict[str, Any], told: str | None
) -> None:
    assert outdone([FIRST, later]).get(1) == told


def test_a_claim_outlives_the_round_and_what_is_wholly_outdone_stays_so() -> None:
    claim = row(1, "SelfAssessed", "2026-10-01", scores=[{"criterion": "制度"}])
    assert outdone([claim, row(2, "RoundVoided", "2026-11-10")]) == {}
    thrice = outdone([FIRST, scored(2, "2026-11-10", "制度", "队伍"), scored(3, "2026-11-12", "制度")])
    assert thrice == {1: "不再作数：2026-11-10 重新初评", 2: "其中制度以 2026-11-12 的初评为准"}


def test_a_sample_and_a_re_check_of_a_voided_round_no_longer_count() -> None:
    round_ = [row(1, "SampleDrawn", "2026-12-01"), row(2, "Rechecked", "2026-12-02")]
    assert list(outdone([*round_, row(3, "RoundVoided", "2026-12-03")])) == [1, 2]
