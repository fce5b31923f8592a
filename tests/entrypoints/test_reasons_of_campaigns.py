"""What speaks against a rating is told with units and grades listed as one reads them."""

from __future__ import annotations

import pytest

from workflows.domain.case_files import finding_of_case
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Verdict


@pytest.mark.parametrize(
    ("rule", "facts", "said"),
    [
        ("rating-unit-gone", {"units": ["甲支部", "乙支部"]}, "这一天党组织已经不在：甲支部、乙支部"),
        ("rating-grade-unknown", {"grade": "特优", "levels": ["优秀", "合格"]}, "写有的是：优秀、合格"),
        ("sample-passed-differs", {"units": ["甲支部"]}, "不一样的：甲支部"),
        ("recheck-other-sample", {"sampled": 40, "drawn": 3}, "写的复查40个，不是抽出来的3个"),
    ],
)
def test_names_are_listed_and_a_way_on_is_told(rule: str, facts: dict[str, object], said: str) -> None:
    told = Wording().finding(finding_of_case(rule, Verdict.REFER, "warn", **facts), command="confirm_rating")
    assert said in told
    assert "请" in told or "不必再写" in told


@pytest.mark.parametrize(
    ("period", "told"), [("2026-11", "2026年11月"), ("2026-Q3", "2026年三季度"), ("2026", "2026")]
)
def test_a_period_stands_in_words_in_a_chinese_message_and_as_typed_in_an_english_one(
    period: str, told: str
) -> None:
    facts = {"exempt_on": "2026-12-01", "period": period, "first_day": "2026-11-01"}
    said = Wording("zh").words.sentence("compliance", "exempt_before_the_books", **facts)
    assert f"账从2026-12-01记起，{told}从2026-11-01已经开始" in said
    assert Wording("zh").words.listed([period, "2026-11-01"]) == f"{told}、2026-11-01"
    assert period in Wording("en").words.sentence("compliance", "exempt_before_the_books", **facts)
