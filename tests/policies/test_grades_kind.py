"""等次的用途: what the text says of a grade, and nothing of one that it does not name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.policies.test_kinds import rule
from workflows.policies.kinds.grades import Grades, Meant

STARS = [
    {"levels": ["五星级", "四星级"], "class": "advanced", "commend": "may"},
    {"passed": True, "commend": "first"},
    {"passed": False, "next": "correct"},
]


def made(value: Any) -> Grades:
    return rule(Grades, "x", value, about="campaign")


def said(grade: str | None, passed: bool | None = None) -> Meant | None:
    found = made(STARS)
    return found.of(found.values[0], grade, passed)


def test_a_grade_means_what_its_entry_says_and_one_in_no_entry_means_nothing() -> None:
    assert said("四星级") == Meant("advanced", "may", None)
    assert said("三星级") is None
    assert said(None, True) == Meant(None, "first", None)
    assert said(None, False) == Meant(None, None, "correct")
    assert said(None) is None


@pytest.mark.parametrize(
    "value",
    [
        [],
        "优秀",
        [{"levels": ["优秀"]}],
        [{"levels": [], "next": "keep"}],
        [{"class": "advanced"}],
        [{"levels": ["优秀"], "passed": True, "next": "keep"}],
        [{"levels": ["优秀"], "class": "先进"}],
        [{"levels": ["优秀"], "rank": 1}],
        [{"levels": ["优秀"], "next": "keep"}, {"levels": ["合格", "优秀"], "next": "rise"}],
        [{"passed": False, "next": "correct"}, {"passed": False, "next": "adjust"}],
    ],
)
def test_an_entry_that_says_nothing_or_speaks_of_a_grade_twice_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        made(value)
