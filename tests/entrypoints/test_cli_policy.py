"""``zhibu policy show``: what holds from which day, by which clause, how surely it was read."""

from __future__ import annotations

import csv
import io
import json
from itertools import groupby, pairwise

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from workflows.adapters.packs import shipped
from workflows.entrypoints.cli import zhibu

PACKS = [pack.id for pack in shipped()]


def show(*args: str) -> str:
    result = CliRunner().invoke(zhibu, ["policy", "show", *args], prog_name="zhibu")
    assert result.exit_code == 0, result.output
    return result.stdout


def sheet(pack: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(show(pack, "--format", "csv"))))


def of_branches() -> list[dict[str, str]]:
    return [row for row in sheet("central-terms") if row["编号"] == "branch-term"]


def test_the_terms_of_branches_stand_in_the_order_of_their_days() -> None:
    told = [(row["起"], row["适用"], row["值"]) for row in of_branches()]
    assert told == [
        ("1990-06-27", "村", "3年"),
        ("1990-06-27", "其他", "2年"),
        ("2018-07-12", "村、社区", "5年"),
        ("2018-07-12", "其他", "3年"),
        ("2018-10-28", "村、社区", "5年"),
        ("2018-10-28", "其他", "3年"),
    ]


def test_each_value_has_the_clause_of_its_day_and_how_surely_it_was_read() -> None:
    rows = of_branches()
    assert "2018年以前" in rows[0]["条"]
    assert [row["条"] for row in rows[2:]] == [
        *["第一条"] * 2,
        *["《中国共产党支部工作条例（试行）》第二十一条"] * 2,
    ]
    assert {row["可靠程度"] for row in rows[:2]} == {"引自第二手材料"}
    assert {row["可靠程度"] for row in rows[2:]} == {"读过原文"}


def test_a_screen_has_a_line_a_day_under_the_rule() -> None:
    lines = [line.rstrip() for line in show("central-terms").splitlines()]
    assert lines[1].split() == ["起", "值", "适用", "条", "可靠程度"]
    assert lines[3] == "branch-term  村和社区党支部每届任期五年，其他党支部一般三年"
    days = [line[:10] for line in lines[4 : lines.index("", 4)] if not line.startswith(" ")]
    assert days
    assert days == sorted(days)
    assert max(map(cell_len, lines)) <= 80


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_of_a_pack_has_its_days_in_order_and_no_line_says_nothing_new(pack: str) -> None:
    (told,) = [one for one in shipped() if one.id == pack]
    rows = sheet(pack)
    assert {row["编号"] for row in rows} == {rule.id for rule in told.own_rules}
    for _, part in groupby(rows, key=lambda row: (row["编号"], row["要求"], row["适用"])):
        lines = list(part)
        assert [row["起"] for row in lines] == sorted(row["起"] for row in lines)
        said = [(row["值"], row["条"], row["可靠程度"]) for row in lines]
        assert all(one != other for one, other in pairwise(said))


def test_general_branches_and_committees_have_terms_of_their_own() -> None:
    rows = [row for row in sheet("central-terms") if row["起"] >= "2018-07-12"]
    told = {(row["编号"], row["适用"]): row["值"] for row in rows}
    assert told[("general-branch-term", "村、社区")] == "5年"
    assert told[("general-branch-term", "其他")] == "3年"
    assert {value for (rule, _), value in told.items() if rule == "committee-term"} == {"5年"}


def test_json_shows_the_rule_as_its_pack_writes_it() -> None:
    rule = json.loads(show("central-terms", "--format", "json"))["rows"][0]
    assert [value["value"] for value in rule["values"]] == [2, 3, 3, 5]
    assert [clause["article"] for clause in rule["clauses"]][1:] == ["第一条", "第二十一条"]


def test_in_english_values_have_units_and_say_for_whom() -> None:
    screen = show("central-terms", "--lang", "en")
    assert "5 years" in screen
    assert "all others" in screen
    assert "from a second" in screen


def test_a_rule_by_which_nothing_is_checked_tells_why_though_nobody_adopted_its_pack() -> None:
    told = show("s003-points").replace("\n", "")
    assert "s003-points（只列名目，不核对）：几分、怎么积没有写；不给党员排名。" in told


def test_a_window_of_the_year_is_told_from_its_first_to_its_last_day() -> None:
    assert "01-01 至 06-30" in show("s003-selfcheck")


def test_what_comes_of_a_grade_is_shown_in_words() -> None:
    told = "".join(
        CliRunner().invoke(zhibu, ["policy", "show", "seed-004-a", "--format", "csv"]).output.split()
    )
    assert "五星级、四星级：可以评先评优；" in told
    assert "一星级：评定后悬挂标识牌" in told
    for raw in ("commendmay", "platehang", "classadvanced"):
        assert raw not in told
