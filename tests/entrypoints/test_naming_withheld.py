"""没有公开的暗访: before its day a part of its name finds nothing, and no list of names tells of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.support.books import Told
from workflows.entrypoints.naming import Finder
from workflows.kernel.clock import moment_of
from workflows.kernel.errors import WrongUsage

UNIT = """
[[units]]
name = "{name}"
kind = "community"
superior = "镇党委"
established_on = 2025-01-01
full_members = 9
"""
TOWN = """
title = "inspections announced and not"
packs = ["central"]
[[units]]
name = "镇党委"
level = "committee"
established_on = 2025-01-01
""" + "".join(UNIT.format(name=name) for name in ("甲支部", "乙支部", "丙支部"))


def planned(unit: str, subject: str, manner: str, planned_for: str = "2026-02-20") -> str:
    """Return the planning of an inspection."""
    told = f'manner = "{manner}", planned_for = {planned_for}'
    return (
        f'\n[[steps]]\non = 2026-02-10\ndo = "plan_inspection"\nunit = "{unit}"\nsubject = "{subject}"\n'
        f"with = {{ {told} }}\n"
    )


SECRET = planned("乙支部", "春季暗访督查", "unannounced")
OPEN = planned("甲支部", "春季督查", "regular")
BEFORE, DAY = date(2026, 2, 19), date(2026, 2, 20)


def found(told: Told, way: str, name: str, day: date) -> UUID | str:
    """Return what a name means on a day, or all that is said instead."""
    finder = Finder(told.log, told.app.rules, day)
    try:
        return finder.file(name) if way == "file" else finder.stream(name)
    except WrongUsage as error:
        return f"{error.code} {error.facts}"


def hidden(told: Told) -> str:
    """Return the id of the inspection, as those who planned it have it."""
    rows: list[dict[str, Any]] = told.answering.case_outlines("inspection", on=BEFORE, withheld=True)["rows"]
    return str(next(row["file_id"] for row in rows))


@pytest.mark.parametrize("way", ["file", "stream"])
def test_a_part_of_its_name_means_the_announced_one_until_its_day(way: str) -> None:
    told = Told(TOWN + SECRET + OPEN)
    open_one = found(told, way, "春季督查", BEFORE)
    assert found(told, way, "督查", BEFORE) == found(told, way, "春季", BEFORE) == open_one
    assert "unknown" in str(found(told, way, "暗访", BEFORE))
    assert "乙支部" in str(found(told, way, "督查", DAY)), "from its day on it may be meant like any other"


@pytest.mark.parametrize("way", ["file", "stream"])
@pytest.mark.parametrize("name", ["督查", "季", "暗访", "春季暗防督查", "乙支部督查"])
def test_no_list_of_what_else_may_be_meant_names_it_or_its_unit(way: str, name: str) -> None:
    told = Told(TOWN + SECRET + OPEN + planned("丙支部", "夏季督查", "regular"))
    said = str(found(told, way, name, BEFORE))
    assert "ambiguous" in said or "unknown" in said
    assert "春季暗访督查" not in said.replace(f"'{name}'", "")
    assert "乙支部 " not in said


@pytest.mark.parametrize("way", ["file", "stream"])
def test_who_planned_it_finds_it_by_its_whole_name_or_its_id(way: str) -> None:
    told = Told(TOWN + SECRET + OPEN)
    known = hidden(told)
    assert str(found(told, way, "春季暗访督查", BEFORE)) == str(found(told, way, known, BEFORE)) == known


@pytest.mark.parametrize("way", ["file", "stream"])
def test_of_two_of_one_name_the_list_has_the_other_one_alone(way: str) -> None:
    rated = (
        '\n[[steps]]\non = 2026-02-11\ndo = "open_campaign"\nunit = "甲支部"\nsubject = "春季暗访督查"\n'
        "with = { year = 2026 }\n"
    )
    said = str(found(Told(TOWN + SECRET + rated), way, "春季暗访督查", BEFORE))
    assert "ambiguous" in said
    assert "甲支部" in said
    assert "乙支部" not in said


def test_a_question_about_a_case_that_nobody_knows_offers_no_name_of_it() -> None:
    told = Told(TOWN + SECRET + OPEN)
    told.app.clock.put(moment_of(BEFORE))
    with pytest.raises(WrongUsage) as caught:
        told.answering.file_named("没有这一件")
    assert caught.value.facts["near"] == ["春季督查"]
