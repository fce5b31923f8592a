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
