"""``zhibu record`` of several people: each by itself, the single answer unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered

Made = tuple[County, Run]
TEN = [f"申请{number:02d}" for number in range(10)]
CONFIRM = ("record", "confirm_activist", "--on", "2026-03-10", "--with", '{"recommended_by": ["members"]}')


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """A county with ten applicants of one branch, of whom seven were talked to."""
    with a_county(monkeypatch) as made:
        books, _ = made
        unit = _unit_of(books)
        for number, name in enumerate(TEN):
            person = books.act(
                "receive_application", date(2026, 2, 1), unit=unit, name=name, born_on="1999-01-02"
            )
            if number < 7:
                books.act("hold_first_talk", date(2026, 2, 20), person=person)
        yield made


def _unit_of(books: County) -> UUID:
    with books.log.read() as reading:
        return next(unit.id for unit in reading.directory.units() if reading.directory.people_of(unit.id))


def named(names: list[str]) -> list[str]:
    """Return people as options."""
    return [part for name in names for part in ("--person", name)]


def test_seven_of_ten_are_recorded_and_three_refused_with_reasons(county: Made) -> None:
    made, run = county
    before = made.log.head()
    result = run(*CONFIRM, *named(TEN), "--format", "json")
    told = answered(result, 3)
    assert list(told) == ["rows"]
    assert [row["person"] for row in told["rows"]] == TEN
    assert [row["refused"] for row in told["rows"]] == [False] * 7 + [True] * 3
    assert [row["events"] for row in told["rows"][:7]] == [["ActivistConfirmed"]] * 7
    assert [row["position"] for row in told["rows"]] == [*range(before + 1, before + 8), None, None, None]
    assert {row["verdict"] for row in told["rows"][7:]} == {"incomplete"}
    assert "申请09" in result.stderr
    assert "10人中有3人没有记录" in result.stderr
    assert made.log.head() == before + 7


def test_each_answer_has_the_keys_of_the_single_one(county: Made) -> None:
    run = county[1]
    single = answered(run(*CONFIRM, "--person", TEN[0], "--format", "json"))
    several = answered(run(*CONFIRM, *named(TEN[1:3]), "--format", "json"))
    assert "rows" not in single
    assert single.keys() <= several["rows"][0].keys()


def test_when_all_are_recorded_all_is_well(county: Made) -> None:
    made, run = county
    result = run(*CONFIRM, *named(TEN[:2]))
    assert result.exit_code == 0
    assert "2人，已记录2人" in result.stdout
    assert f"申请01（第{made.log.head()}号）" in result.stdout


def test_a_preview_records_nobody(county: Made) -> None:
    made, run = county
    before = made.log.head()
    told = answered(run(*CONFIRM, *named(TEN), "--preview", "--format", "json"), 3)
    assert sum(row["refused"] for row in told["rows"]) == 3
    assert all(row["preview"] for row in told["rows"])
    assert made.log.head() == before


def test_a_name_that_is_nobodys_records_nobody(county: Made) -> None:
    made, run = county
    before = made.log.head()
    assert run(*CONFIRM, *named([*TEN[:3], "无此人"])).exit_code == 2
    assert run(*CONFIRM, *named([TEN[0], TEN[0]])).exit_code == 2
    assert made.log.head() == before


def test_a_day_to_come_is_told_for_each(county: Made) -> None:
    made, run = county
    before = made.log.head()
    result = run("record", "confirm_activist", "--on", "2026-12-31", *named(TEN[:2]), "--format", "json")
    assert [row["refused"] for row in answered(result, 3)["rows"]] == [True, True]
    assert made.log.head() == before


def test_people_and_their_own_fields_stand_in_a_file(county: Made, tmp_path: Path) -> None:
    made, run = county
    file = tmp_path / "票.csv"
    file.write_text("姓名,到会赞成票数,听取的意见\n申请00,3,党员\n申请01,2,党员\n", encoding="gb18030")
    vote = ("record", "vote_on_admission", "--on", "2026-03-10", "--as-history", "--reason", "旧账")
    refused = run(*vote, "--people", str(file))
    assert refused.exit_code == 2  # a vote has no opinions
    file.write_text("姓名,到会赞成票数\n申请00,3\n申请01,2\n", encoding="gb18030")
    told = answered(run(*vote, "--with", '{"attending": 3}', "--people", str(file), "--format", "json"))
    assert [row["person"] for row in told["rows"]] == TEN[:2]
    with made.log.read() as reading:
        events = [reading.event_at(row["position"]) for row in told["rows"]]
    assert [record.event.votes.in_favour for record in events if record] == [3, 2]  # type: ignore[attr-defined]


def test_a_list_of_names_or_json_will_do(county: Made, tmp_path: Path) -> None:
    run = county[1]
    names, table = tmp_path / "names.txt", tmp_path / "rows.json"
    names.write_text("申请00\n申请01\n\n", encoding="utf-8")
    table.write_text(json.dumps([{"person": "申请02"}, "申请03"]), encoding="utf-8")
    for file in (names, table):
        told = answered(run(*CONFIRM, "--people", str(file), "--format", "json"))
        assert [row["refused"] for row in told["rows"]] == [False, False]


@pytest.mark.parametrize("text", ["", "[1]", "[{}]", '[{"person": ""}]', "[", "a,b\nc,d\n", "姓名,x\n王\n"])
def test_a_file_nobody_can_read_records_nobody(county: Made, tmp_path: Path, text: str) -> None:
    made, run = county
    before = made.log.head()
    file = tmp_path / "people.csv"
    file.write_text(text, encoding="utf-8")
    result = run(*CONFIRM, "--people", str(file))
    assert result.exit_code == 2
    assert made.log.head() == before


def test_somebody_new_is_not_one_of_several(county: Made) -> None:
    made, run = county
    before = made.log.head()
    result = run("record", "receive_application", "--unit", "甲支部", *named(["甲新", "乙新"]))
    assert result.exit_code == 2
    assert made.log.head() == before


def test_csv_has_a_line_a_person(county: Made) -> None:
    run = county[1]
    lines = run(*CONFIRM, *named(TEN[6:8]), "--format", "csv").stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("姓名,")
    assert "缺少派人谈话" in lines[2]
