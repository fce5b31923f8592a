"""``record`` in the words of the user: commands, fields, values in Chinese, and the help that tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len

from tests.entrypoints.cli_support import County, Run, a_county, answered
from workflows.application.commands import AMENDMENT_FIELDS, AMENDMENTS, commands
from workflows.entrypoints import spoken
from workflows.entrypoints.wording import Wording
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import event_types

Made = tuple[County, Run]
MEETING = {
    "会议类型": "支部党员大会",
    "到会人数": 3,
    "决议": [{"议题": "计划", "到会赞成票数": 3, "无记名投票": "是"}],
}


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def recorded(run: Run, *args: str, **fields: Any) -> Any:
    return answered(run("record", *args, "--with", json.dumps(fields), "--format", "json"))


def test_a_meeting_is_recorded_in_chinese_words(county: Made) -> None:
    made, run = county
    told = recorded(run, "召开会议", "--unit", "东河村", "--on", "2026-03-05", **MEETING)
    assert told["do"] == "hold_meeting"
    with made.log.read() as reading:
        record = reading.event_at(told["position"])
    assert record is not None
    event = msgspec.to_builtins(record.event)
    assert event["type"] == "branch_assembly"
    assert event["attending"] == 3
    assert event["resolutions"][0]["secret"] is True


def test_chinese_and_english_words_may_stand_side_by_side(county: Made) -> None:
    fields = {"type": "主题党日", "到会人数": 3}
    told = recorded(county[1], "hold_meeting", "--unit", "东河村", **fields)
    assert told["events"] == ["MeetingHeld"]


def test_the_day_may_be_given_as_a_field_in_chinese(county: Made) -> None:
    told = recorded(county[1], "召开会议", "--unit", "东河村", 日期="2026-03-05", 会议类型="党课", 到会人数=3)
    assert told["on"] == "2026-03-05"


def test_a_field_given_by_both_names_is_refused(county: Made) -> None:
    fields = {"type": "party_lecture", "会议类型": "党课"}
    result = county[1]("record", "召开会议", "--unit", "东河村", "--with", json.dumps(fields))
    assert result.exit_code == 2
    assert "同一栏写了两次：会议类型" in result.stderr


def test_a_word_nobody_knows_is_answered_with_those_that_can_stand_there(county: Made) -> None:
    result = county[1]("record", "召开会议", "--unit", "东河村", "--with", '{"会议类型": "茶话会"}')
    assert result.exit_code == 2
    assert "theme_party_day（主题党日）" in result.stderr
    result = county[1]("record", "召开会议", "--unit", "东河村", "--with", '{"会议类别": "党课"}')
    assert "没有“会议类别”这一栏" in result.stderr


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("开会", "召开会议（hold_meeting）"),
        ("确定发展对像", "确定发展对象（agree_development_target）"),
        ("hold_meting", "召开会议（hold_meeting）"),
        ("公示开始", "公示（post_notice）"),
    ],
)
def test_an_unknown_command_is_answered_with_those_near(county: Made, typed: str, near: str) -> None:
    for line in (("record", typed), ("commands", typed), ("record", typed, "--help")):
        result = county[1](*line)
        assert result.exit_code == 2
        assert near in result.stderr


def test_a_name_that_refusals_use_for_another_command_is_refused_with_both(county: Made) -> None:
    before = county[0].log.head()
    result = county[1]("record", "列为发展对象", "--person", "王五", "--on", "2026-03-05")
    assert (result.exit_code, county[0].log.head()) == (2, before)
    for command in ("确定发展对象（agree_development_target）", "列为发展对象（list_development_target）"):
        assert command in "".join(result.stderr.split())
    assert spoken.command_named("确定发展对象") == "agree_development_target"


def test_a_word_of_two_meanings_is_refused_with_both() -> None:
    class Twice(msgspec.Struct):
        person: str = ""
        persons: tuple[str, ...] = ()

    with pytest.raises(WrongUsage) as refused:
        spoken._table({"人员": "甲"}, spoken._fields(msgspec.inspect.type_info(Twice)))
    assert refused.value.code == "word-ambiguous"
    assert "人员（persons）" in Wording("zh").problem_text(refused.value)


@pytest.mark.parametrize("name", [*commands(), *AMENDMENTS])
def test_every_command_is_understood_by_its_chinese_name(name: str) -> None:
    assert spoken.command_named(spoken.name_typed(name)) == name
    assert spoken.command_named(name) == name


def test_one_command_alone_is_typed_by_its_identifier() -> None:
    names = (*commands(), *AMENDMENTS)
    assert [name for name in names if spoken.name_typed(name) == name] == ["list_development_target"]


def test_what_a_field_is_called_besides_its_own_word() -> None:
    """A heading of some table must not come to mean a field by having the same identifier."""
    fields = set(AMENDMENT_FIELDS["correct"])

    def each(node: Any) -> None:
        for field in spoken._fields(node):
            fields.add(field.encode_name)
            for kind in spoken.kinds_of(field.type):
                each(kind)
                each(getattr(kind, "item_type", None))

    for command in commands().values():
        each(msgspec.inspect.type_info(command))
    for event in event_types().values():
        fields.update(event.__struct_fields__)
    more = {}
    for field in fields:
        own = Wording("zh").words.known("fact", field) or ""
        if also := spoken._words_of(field) - {own, *own.split("或")}:
            more[field] = "、".join(sorted(also))
    assert more == {
        "applied_on": "申请日期", "attending": "到会", "born_on": "出生日期", "by": "谈话人",
        "eligible": "应到",
        "event": "序号", "evidence": "佐证", "findings": "核对结果", "full_since": "转正日期",
        "held_on": "召开日", "issued_on": "印发日", "pack": "规则包", "reason": "原因", "stage": "阶段",
        "persons": "入党介绍人、培养联系人、培养联系人或入党介绍人", "text": "内容", "type": "类型",
    }  # fmt: skip


@pytest.mark.parametrize(("word", "command"), [("收件人", "短期集中培训"), ("对照规则", "讨论转正")])
def test_a_heading_of_another_table_is_no_field(county: Made, word: str, command: str) -> None:
    given = json.dumps({word: 1})
    result = county[1]("record", command, "--person", "王五", "--with", given)
    assert result.exit_code == 2
    assert f"没有“{word}”这一栏" in result.stderr


@pytest.mark.parametrize("name", commands())
def test_every_field_and_value_is_understood_by_its_chinese_word(name: str) -> None:
    def each(node: Any) -> None:
        for field in spoken._fields(node):
            word = spoken._field_word(field.encode_name)
            for choice in spoken.choices_of(field.type) or ("",):
                told = spoken._table({word: spoken._value_word(choice)}, spoken._fields(node))
                assert told == {field.encode_name: choice}, (name, word, choice)
            for kind in spoken.kinds_of(field.type):
                each(kind)
                each(getattr(kind, "item_type", None))

    each(msgspec.inspect.type_info(commands()[name]))


def test_a_correction_in_chinese_words(county: Made) -> None:
    run = county[1]
    meeting = recorded(run, "召开会议", "--unit", "东河村", "--on", "2026-03-05", **MEETING)
    change = {"序号": meeting["position"], "栏目": "到会人数", "值": 4, "理由": "签到表是四人"}
    told = recorded(run, "更正", **change)
    assert told["events"] == ["FactCorrected"]
    rows = answered(run("history", "东河村", "--format", "json"))["rows"]
    assert next(r for r in rows if r["position"] == meeting["position"])["facts"]["attending"] == 4
    kind = {"event": meeting["position"], "field": "会议类型", "value": "党课", "reason": "x"}
    assert recorded(run, "correct", **kind)["events"] == ["FactCorrected"]
    vote = {"event": meeting["position"], "field": "日期", "value": "2026-03-06", "reason": "x"}
    assert recorded(run, "correct", **vote)["events"] == ["FactCorrected"]
    assert recorded(run, "撤回", 序号=meeting["position"], 原因="重复")["events"] == ["EventRetracted"]


def test_a_part_of_an_event_is_corrected_by_its_chinese_word(county: Made) -> None:
    made, run = county
    first = answered(run("history", "王五", "--format", "json"))["rows"][0]["position"]
    recorded(run, "更正", 序号=first, 栏目="出生", 值="1999-05-02", 理由="身份证")
    with made.log.read() as reading:
        record = reading.event_at(reading.head())
    assert record is not None
    assert msgspec.to_builtins(record.event)["field"] == "profile"


def test_the_number_of_a_record_is_told_as_history_prints_it(county: Made) -> None:
    run = county[1]
    made = run("record", "召开会议", "--unit", "东河村", "--on", "2026-03-05", "--with", json.dumps(MEETING))
    line = made.stdout.splitlines()[0]
    number = line.partition("（第")[2].partition("号）")[0]
    assert line == f"已记录：召开会议（第{number}号）"
    assert f"{number:>6}  2026-03-05  召开会议" in run("history", "东河村").stdout
    change = {"event": int(number), "field": "attending", "value": 4, "reason": "签到表"}
    told = run("record", "correct", "--with", json.dumps(change))
    assert told.stdout.startswith(f"已记录：更正（第{int(number) + 1}号）")
    assert run("record", "retract", "--with", f'{{"event": {number}}}', "--reason", "x").exit_code == 0


def test_json_has_the_number_of_each_record_and_none_in_a_preview(county: Made) -> None:
    run = county[1]
    tried = recorded(run, "召开会议", "--unit", "东河村", "--preview", **MEETING)
    assert tried["positions"] == []
    told = recorded(run, "召开会议", "--unit", "东河村", **MEETING)
    assert told["positions"] == [told["position"]]


def test_a_preview_of_a_correction_records_nothing(county: Made) -> None:
    made, run = county
    before = made.log.head()
    position = answered(run("history", "王五", "--format", "json"))["rows"][2]["position"]
    tried = recorded(
        run, "correct", "--preview", event=position, field="on", value="2024-05-01", reason="按会议记录"
    )
    assert made.log.head() == before
    assert tried["preview"]
    assert tried["position"] is None
    assert tried["event_ids"] == []
    assert any(row["after"] for row in tried["deadlines"])


# --- help -----------------------------------------------------------------------------------------------


def test_the_help_of_record_lists_every_command_by_its_chinese_name(county: Made) -> None:
    told = county[1]("record", "--help").stdout
    for name in (*commands(), *AMENDMENTS):
        assert Wording("zh").command(name) in told
        assert name in told


def test_the_help_of_a_correction_says_what_to_fill_in(county: Made) -> None:
    for typed in ("correct", "更正"):
        result = county[1]("record", typed, "--help")
        assert result.exit_code == 0
        for word in ("序号（event）", "栏目（field）", "值（value）", "zhibu history", "例"):
            assert word in result.stdout
    assert "which record" in county[1]("record", "retract", "--help", "--lang", "en").stdout


@pytest.mark.parametrize("name", [*commands(), *AMENDMENTS])
def test_the_help_of_a_command_fits_the_screen_in_both_languages(county: Made, name: str) -> None:
    run = county[1]
    chinese, english = run("record", name, "--help"), run("record", name, "--help", "--lang", "en")
    assert chinese.exit_code == english.exit_code == 0
    told = [line for line in chinese.stdout.splitlines() if "zhibu record" not in line]
    assert max(cell_len(line) for line in told) <= 80
    assert english.stdout.isascii()


def test_the_words_of_the_guide_for_a_command_are_understood() -> None:
    assert spoken.command_named("公示考评结果") == "post_notice"
    assert spoken.command_named("摘帽") == "delist_unit"
