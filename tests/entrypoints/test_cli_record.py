"""``zhibu record``: recorded, refused, previewed, entered as history, corrected, retracted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered

Made = tuple[County, Run]
AGREE = ("record", "agree_development_target", "--person", "王五")


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def test_a_lawful_act_is_recorded(county: Made) -> None:
    made, run = county
    told = answered(run(*AGREE, "--on", "2025-06-01", "--as", "张书记", "--format", "json"))
    assert told["events"] == ["DevelopmentTargetAgreed"]
    assert told["verdict"] == "ok"
    assert not told["refused"]
    with made.log.read() as reading:
        record = reading.event_at(told["position"])
    assert record is not None
    assert (record.actor, record.origin) == ("张书记", "cli")
    assert str(record.event_id) in told["event_ids"]
    assert record.command_id is not None


def test_a_refused_act_says_why_and_records_nothing(county: Made) -> None:
    made, run = county
    before = made.log.head()
    result = run(*AGREE, "--on", "2025-05-31", "--format", "json")
    told = answered(result, 3)
    assert told["events"] == []
    assert told["refused"]
    assert told["findings"][0]["rule"] == "dev-object-min"
    assert "最早可于2025-06-01办理" in result.stderr.replace("\n", "")
    assert made.log.head() == before


def test_as_history_it_is_recorded_and_the_finding_keeps_its_word(county: Made) -> None:
    run = county[1]
    assert run(*AGREE, "--on", "2025-05-31", "--as-history").exit_code == 2
    told = answered(
        run(*AGREE, "--on", "2025-05-31", "--as-history", "--reason", "补录旧会议", "--format", "json")
    )
    assert told["verdict"] == "warn"
    assert told["events"] == ["DevelopmentTargetAgreed"]
    assert told["findings"][0]["verdict"] == "block"


def test_a_preview_shows_limits_and_records_nothing(county: Made) -> None:
    made, run = county
    before = made.log.head()
    told = answered(run(*AGREE, "--on", "2025-06-01", "--preview", "--format", "json"))
    assert made.log.head() == before
    assert told["preview"]
    assert told["position"] is None
    assert told["event_ids"] == []
    assert told["events"] == ["DevelopmentTargetAgreed"]
    gone = [row for row in told["deadlines"] if row["after"] is None]
    assert {row["subject"] for row in gone} == {"record_semiannual_review"}
    assert answered(run(*AGREE, "--on", "2025-05-31", "--preview", "--format", "json"), 3)["refused"]


def test_the_day_may_stand_in_the_fields(county: Made) -> None:
    run = county[1]
    told = answered(run(*AGREE, "--with", '{"agreed_on": "2025-06-02"}', "--format", "json"))
    assert told["on"] == "2025-06-02"


def test_without_a_day_it_is_today(county: Made) -> None:
    assert answered(county[1](*AGREE, "--format", "json"))["on"] == "2026-03-20"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--with", "{"), "不是正确的 JSON"),
        (("--with", "[1]"), "应是一张"),
        (("--with", '{"opinions": "x"}'), "应是一列，填的是文字"),
        (("--with", '{"foo": 1}'), "没有“foo”这一栏"),
        (("--on", "2030-01-01"), "这一天还没有到"),
        (("--on", "1900-01-01"), "早于1921-07-01"),
        (("--on", "2025-06-01", "--with", '{"agreed_on": "2025-06-02"}'), "不一致"),
        (("--unit", "西山"), "台账里没有这个人"),
    ],
)
def test_what_does_not_fit_is_told(county: Made, args: tuple[str, ...], told: str) -> None:
    result = county[1](*AGREE, *args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_somebody_new_is_put_on_the_books(county: Made) -> None:
    run = county[1]
    told = answered(
        run(
            "record", "receive_application", "--person", "周七", "--unit", "西山", "--on", "2026-03-01",
            "--with", '{"born_on": "2000-01-01"}', "--format", "json",
        )
    )  # fmt: skip
    assert told["events"] == ["ApplicationReceived"]
    assert answered(run("history", "周七", "--format", "json"))["id"] == told["stream_id"]
    again = run("record", "receive_application", "--person", "周七", "--unit", "西山", "--on", "2026-03-02")
    assert again.exit_code == 2
    assert told["stream_id"] in again.stderr


def test_a_unit_and_a_meeting(county: Made) -> None:
    run = county[1]
    unit = '{"name": "南湾村党支部", "kind": "village", "superior": "东河镇"}'
    assert answered(run("record", "establish_unit", "--with", unit, "--format", "json"))["events"] == [
        "UnitEstablished"
    ]
    assert answered(run("history", "南湾", "--format", "json"))["state"]["superior"] == "东河镇党委"
    assert run("record", "establish_unit", "--with", unit).exit_code == 2
    meeting = (
        '{"type": "branch_assembly", "attending": 3, "resolutions": [{"topic": "计划", "in_favour": 3}]}'
    )
    told = answered(run("record", "hold_meeting", "--unit", "东河村", "--with", meeting, "--format", "json"))
    assert told["events"] == ["MeetingHeld"]
    assert run("record", "hold_meeting", "--with", meeting).exit_code == 2


def test_corrections_and_retractions(county: Made) -> None:
    run = county[1]
    position = answered(run("history", "王五", "--format", "json"))["rows"][2]["position"]
    change = {"event": position, "field": "on", "value": "2024-05-01", "reason": "按会议记录"}
    told = answered(run("record", "correct", "--with", json.dumps(change), "--format", "json"))
    assert told["events"] == ["FactCorrected"]
    assert answered(run("history", "王五", "--format", "json"))["state"]["activist_since"] == "2024-05-01"
    assert run("record", "correct", "--with", json.dumps(change)).exit_code == 2
    withdrawn = {"event": position, "reason": "记错了人"}
    assert answered(run("record", "retract", "--with", json.dumps(withdrawn), "--format", "json"))[
        "events"
    ] == ["EventRetracted"]
    assert answered(run("history", "王五", "--format", "json"))["state"]["stage"] == "applicant"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"event": 9999, "field": "on", "value": "2024-05-01", "reason": "x"},
            "没有编号或序号为“9999”的记录",
        ),
        ({"event": 11, "field": "on", "value": "2024-05-01"}, "都要写明理由"),
        ({"event": 11, "field": "nothing", "value": 1, "reason": "x"}, "没有这一栏"),
        ({"event": 11, "field": "on", "value": "x", "reason": "x"}, "不是一个日期"),
        ({"event": 11, "value": 1, "reason": "x"}, "没有填栏目（field）"),
        ({"event": "x", "field": "on", "value": 1, "reason": "x"}, "没有编号或序号为“x”的记录"),
    ],
)
def test_a_correction_that_cannot_be_made(county: Made, fields: dict[str, object], told: str) -> None:
    result = county[1]("record", "correct", "--with", json.dumps(fields))
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_failure_of_ours_is_told_without_a_traceback(county: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made, run = county

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.delenv("ZHIBU_DEBUG", raising=False)
    monkeypatch.setattr(made.answering, "deadlines", broken)
    result = run("deadlines")
    assert result.exit_code == 1
    assert "程序内部出错" in result.stderr
    assert "secret detail" not in result.stderr
    assert "Traceback" not in result.stderr
