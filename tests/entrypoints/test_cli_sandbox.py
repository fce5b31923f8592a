"""``zhibu sandbox``: the contract of its JSON, its exit codes, its other forms."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from workflows.entrypoints.cli import zhibu

STORY = """
title = "an activist is trained for a year"
[unit]
name = "甲支部"
kind = "community"
full_members = 16
established_on = 2015-01-01
[people]
"王" = { born_on = 1999-05-01 }
"李" = { stage = "full", since = 2015-07-01 }
[[steps]]
on = 2024-03-01
do = "receive_application"
person = "王"
[[steps]]
on = 2024-03-20
do = "hold_first_talk"
person = "王"
with = { by = "李" }
[[steps]]
on = 2024-06-01
do = "confirm_activist"
person = "王"
[[steps]]
on = 2025-05-31
do = "agree_development_target"
person = "王"
expect = { verdict = "block", findings = [{ rule = "dev-object-min", earliest_on = 2025-06-01 }] }
[[steps]]
on = 2025-06-01
recorded_on = 2025-06-20
do = "agree_development_target"
person = "王"
"""
QUESTIONS = """
[[ask]]
deadlines = { person = "王", on = 2025-07-01 }
[[ask]]
compliance = { period = "2025-Q2" }
[[ask]]
pipeline = { person = "王", on = 2025-07-01 }
[[ask]]
state = { person = "王", as_of = 2025-07-01 }
[[ask]]
state = { person = "王", as_of = 2025-07-01, known_on = 2025-06-10 }
"""


def play(tmp_path: Path, text: str, *options: str) -> Result:
    file = tmp_path / "story.toml"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(zhibu, ["sandbox", str(file), *options], prog_name="zhibu")


def answer(tmp_path: Path, text: str, code: int = 0) -> Any:
    result = play(tmp_path, text, "--format", "json")
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def test_steps_come_in_file_order_with_their_findings(tmp_path: Path) -> None:
    told = answer(tmp_path, STORY)
    assert told["title"] == "an activist is trained for a year"
    assert [(s["step"], s["do"], s["verdict"]) for s in told["steps"]] == [
        (1, "receive_application", "ok"),
        (2, "hold_first_talk", "ok"),
        (3, "confirm_activist", "ok"),
        (4, "agree_development_target", "block"),
        (5, "agree_development_target", "ok"),
    ]
    refused, recorded = told["steps"][3], told["steps"][4]
    assert refused["events"] == []
    assert recorded["events"] == ["DevelopmentTargetAgreed"]
    (finding,) = [f for f in refused["findings"] if f["rule"] == "dev-object-min"]
    assert finding["verdict"] == "block"
    assert finding["clause"].endswith("第十三条")
    assert finding["pack"] == "central-development"
    assert finding["version"] == "2014-05-28"
    assert finding["facts"] == {"activist_since": "2024-06-01"}
    assert finding["earliest_on"] == "2025-06-01"
    assert finding["message"].startswith("不能列为发展对象：王")
    assert told["answers"] == []


def test_questions_are_answered_after_all_steps(tmp_path: Path) -> None:
    told = answer(tmp_path, STORY + QUESTIONS)
    deadlines, compliance, pipeline, state, before = told["answers"]
    assert [a["ask"] for a in told["answers"]] == ["deadlines", "compliance", "pipeline", "state", "state"]
    assert {"rows", "as_of", "known_on", "position"} <= deadlines.keys()
    assert deadlines["rows"][0]["status"] == "met"
    assert {row["period"] for row in compliance["rows"]} >= {"2025-Q2", "2025-04", "2025-06"}
    assert compliance["as_of"] == "2025-06-30"
    assert pipeline["rows"][0]["stage"] == "target_agreed"
    assert state["stage"] == state["state"]["stage"] == "target_agreed"
    assert before["stage"] == "activist"


def test_what_is_not_as_expected_is_told_on_stderr(tmp_path: Path) -> None:
    asked = '\n[[ask]]\nstate = { unit = "甲支部" }\nexpect = { full_members = 3 }\n'
    result = play(tmp_path, STORY + asked, "--format", "json")
    assert result.exit_code == 3
    assert "full_members" in result.stderr
    assert json.loads(result.stdout)["answers"][0]["full_members"] == 16


def test_steps_are_checked_too(tmp_path: Path) -> None:
    result = play(tmp_path, STORY.replace('verdict = "block"', 'verdict = "ok"'))
    assert result.exit_code == 3
    assert "第4步" in result.stderr


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("hold_first_talk", "hold_first_tlk"), "相近的命令：派人谈话（hold_first_talk）"),
        (("[unit]", "[unt]"), "没有“unt”这一栏"),
        (("title =", "title"), "第2行第7列写法不对"),
        (('with = { by = "李" }', 'with = { b = "李" }'), "没有“b”这一栏"),
        (('with = { by = "李" }', "with = { by = 3 }"), "应是文字，填的是整数"),
        (('stage = "full"', 'stage = "fll"'), "阶段“fll”不认识"),
    ],
)
def test_a_story_that_cannot_be_played_says_why(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    result = play(tmp_path, STORY.replace(*change))
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_a_pack_or_file_that_is_not_there(tmp_path: Path) -> None:
    assert play(tmp_path, 'packs = ["nope"]\n' + STORY).exit_code == 2
    result = CliRunner().invoke(zhibu, ["sandbox", str(tmp_path / "nope.toml")])
    assert result.exit_code == 2
    assert "不能读取 nope.toml" in result.stderr


def test_the_screen_shows_steps_findings_and_answers(tmp_path: Path) -> None:
    result = play(tmp_path, STORY + QUESTIONS)
    assert result.exit_code == 0, result.stderr
    for text in ("确定发展对象", "不能办理", "最早可于2025-06-01办理", "组织生活完成情况", "入党积极分子"):
        assert text in result.stdout.replace("\n     ", "")


def test_in_english_the_messages_are_english(tmp_path: Path) -> None:
    result = play(tmp_path, STORY, "--format", "json", "--lang", "en")
    message = json.loads(result.stdout)["steps"][3]["findings"][0]["message"]
    assert message.startswith("It is not allowed to agree")
    assert message.endswith("The earliest lawful day is 2025-06-01.")


def test_as_csv_and_as_a_workbook(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(play(tmp_path, STORY, "--format", "csv").stdout)))
    assert rows[0]["办理"] == "递交入党申请书"
    assert any(row["说明"].startswith("不能列为发展对象") for row in rows)
    out = play(tmp_path, STORY, "--format", "xlsx").stdout_bytes
    with ZipFile(io.BytesIO(out)) as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()


def test_the_console_script_plays_it_too(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(STORY, "utf-8")
    script = Path(sys.executable).with_name("zhibu")
    done = subprocess.run(
        [str(script), "--format", "json", "sandbox", str(file)], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["steps"][3]["verdict"] == "block"


LOOSER = """
id = "x-county"
title = "某县发展党员工作规程"
issuer = "某县委组织部"
level = "county"
source = "某县"
issued_on = 2020-01-01
[[rules]]
id = "x-object-min"
label = "培养教育考察满六个月"
kind = "not_before"
on = ["agree_development_target"]
refines = "dev-object-min"
anchor = "activist_since"
unit = "month"
severity = "block"
values = [{ from = 2020-01-01, value = 6 }]
clauses = [{ from = 2020-01-01, article = "第三条", confidence = "SS" }]
"""


def test_a_looser_layer_is_a_conflict_and_the_higher_holds(tmp_path: Path) -> None:
    (tmp_path / "county.toml").write_text(LOOSER, "utf-8")
    told = answer(tmp_path, 'packs = ["central", "county.toml"]\n' + STORY)
    (conflict,) = [f for f in told["steps"][3]["findings"] if f["verdict"] == "conflict"]
    assert conflict["rule"] == "x-object-min"
    assert conflict["against"] == conflict["holds"] == "dev-object-min"
    assert conflict["values"] == {"dev-object-min": 12, "x-object-min": 6}
    assert "上级规定是12" in conflict["message"]
    assert told["steps"][3]["verdict"] == "block"
    checked = CliRunner().invoke(
        zhibu, ["policy", "check", str(tmp_path / "county.toml"), "--format", "json"]
    )
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["conflicts"][0]["against"] == "dev-object-min"


def test_a_question_says_its_day_and_how_many_steps_come_after_it(tmp_path: Path) -> None:
    ask = '[[ask]]\nstate = {{ person = "王", as_of = {} }}\n'
    early = play(tmp_path, STORY + ask.format("2024-06-01")).stdout
    assert "现状：2024-06-01 的情况（剧本里有 2 步在这一天以后）\n" in early
    assert "现状：2025-06-01 的情况\n" in play(tmp_path, STORY + ask.format("2025-06-01")).stdout


def test_a_story_may_be_told_in_the_words_of_record(tmp_path: Path) -> None:
    corrected = """
[[steps]]
on = 2025-06-02
do = "更正"
with = { "序号" = 2, "栏目" = "办理人", "值" = "王" }
reason = "按谈话记录"
"""
    spoken = STORY + corrected
    for identifier, word in (
        ("receive_application", "递交入党申请书"),
        ("hold_first_talk", "派人谈话"),
        ("{ by =", '{ "办理人" ='),
    ):
        assert identifier in spoken
        spoken = spoken.replace(identifier, word)
    plain = STORY + corrected.replace("更正", "correct").replace('"序号"', "event").replace(
        '"栏目" = "办理人"', 'field = "by"'
    ).replace('"值"', "value")
    told = []
    for text in (spoken, plain):
        file = tmp_path / "story.toml"
        file.write_text(text, encoding="utf-8")
        told.append(CliRunner().invoke(zhibu, ["sandbox", str(file), "--format", "json"], prog_name="zhibu"))
    assert told[0].exit_code == told[1].exit_code == 0, told[0].stderr + told[1].stderr
    assert json.loads(told[0].stdout) == json.loads(told[1].stdout)
    assert json.loads(told[0].stdout)["steps"][-1]["do"] == "correct"
