"""``zhibu plan``: the course ahead, and back from a wished day, on a screen, as JSON and in a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    made: tuple[County, Run]
    with a_county(monkeypatch) as made:
        yield made[1]


BACK = ("plan", "--unit", "东河镇", "--step", "讨论接收预备党员", "--by", "2027-07-01")


def test_the_steps_ahead_stand_with_their_days_and_what_decides_them(run: Run) -> None:
    told = answered(run("plan", "--person", "王五", "--format", "json"))
    assert {"rows", "as_of", "known_on", "position"} <= told.keys()
    (row,) = told["rows"]
    assert {"person", "person_id", "unit", "unit_id", "stage", "since", "steps"} <= row.keys()
    vote = next(step for step in row["steps"] if step["step"] == "vote_on_full_membership")
    assert (vote["earliest_on"], vote["status"]) == ("2027-03-20", "not_earlier")
    assert "第三十二条" in vote["clause"]
    shown = run("plan", "--person", "王五").output
    assert "讨论转正" in shown
    assert "依据《中国共产党发展党员工作细" in shown


def test_a_step_is_named_in_chinese_and_the_plan_ends_there(run: Run) -> None:
    told = answered(run("plan", "--person", "王五", "--step", "确定发展对象", "--format", "json"))
    assert told["rows"][0]["steps"][-1]["step"] == "agree_development_target"


def test_back_from_a_wished_day_with_its_places(run: Run) -> None:
    told = answered(run(*BACK, "--quota", "1", "--format", "json"))
    assert (told["step"], told["by"], told["quota"]) == ("vote_on_admission", "2027-07-01", 1)
    assert told["counts"]["reaches"] == told["fits"] == 1
    shown = run(*BACK, "--quota", "1").output
    assert "来得及" in shown
    assert "名额1个" in shown
    assert "不是择优的次序" in shown


def test_more_in_time_than_places_is_for_the_organization_to_decide(run: Run) -> None:
    shown = run(*BACK, "--quota", "0").output
    assert "比名额多1人" in shown
    assert "由党组织研究" in shown


def test_who_is_too_late_sees_the_clause(run: Run) -> None:
    shown = run("plan", "--person", "王五", "--step", "vote_on_full_membership", "--by", "2026-07-01")
    assert "来不及" in shown.output
    assert "第三十二条" in "".join(shown.output.split())


def test_a_sheet_has_a_row_a_step(run: Run) -> None:
    told = run(*BACK, "--format", "csv").output
    rows = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert rows[0]["姓名"] == "王五"
    assert {"步骤", "最早", "须办到", "结论", "剩余天数", "条款"} <= rows[0].keys()
    assert [row["步骤"] for row in rows][-1] == "讨论接收预备党员"


def test_a_day_or_places_without_a_step_are_refused(run: Run) -> None:
    for asked in (("--by", "2027-07-01"), ("--quota", "2")):
        refused = run("plan", *asked)
        assert refused.exit_code == 2
        assert "没有写倒排到哪一步" in refused.output
    unknown = run("plan", "--step", "weather")
    assert unknown.exit_code == 2
    assert "weather" in unknown.output


def test_the_plan_is_told_in_english_too(run: Run) -> None:
    shown = run("--lang", "en", *BACK, "--quota", "3").output
    assert "which ranks nobody" in shown
    assert "3 places" in shown


def test_who_may_be_sponsor_and_why_not_the_others(run: Run) -> None:
    told = answered(run("eligible", "--unit", "东河村", "--for", "入党介绍人", "--format", "json"))
    assert {"rows", "as_of", "known_on", "position", "role"} <= told.keys()
    assert told["role"] == "sponsor"
    assert {"person", "stage", "eligible", "reasons", "unknown", "findings"} <= told["rows"][0].keys()
    shown = run("eligible", "--unit", "东河村", "--for", "assign_sponsors").output
    assert "可以" in shown
    refused = run("eligible", "--unit", "东河村", "--for", "天气")
    assert refused.exit_code == 2
    assert "没有“天气”这一项" in refused.output
