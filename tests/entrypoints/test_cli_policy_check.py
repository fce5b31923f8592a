"""``zhibu policy check`` for whoever writes a pack: each mistake at its line, in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflows.entrypoints.cli import zhibu

WRONG = """id = "qingshan"
title = "青山县办法"
isuer = "县委组织部"
level = "county"
source = "2026-01-10 印发"
issued_on = 2026-01-10

[[rules]]
id = "q-talk"
label = "收到入党申请书后十五日内派人谈话"
kind = "withn"
refines = "dev-first-talk"
on = ["hold_first_talk"]
anchor = "applied_on"
unit = "day"
severity = "warn"
values = [{ from = 2026-01-01, value = 15 }]
clauses = [{ from = 2026-01-01, article = "第三条", confidence = "VT" }]

[[rules]]
id = "q-lecture"
label = "党课每季度至少一次"
kind = "cadence"
on = ["unit"]
about = "unit"
activity = "party_lecture"
period = "quater"
severity = "warn"
values = [{ from = 2026-01-01, value = 1 }]
clauses = [{ from = 2026-01-01, article = "第五条" }]

[[rules]]
id = "q-object"
label = "培养教育满十八个月"
kind = "not_before"
refines = "dev-object-min"
on = ["agree_development_target"]
anchor = "activist_since"
unit = "month"
severity = "block"
values = [{ from = 2026-03-01, value = 18 }, { from = 2026-01-01, value = 12 }]
clauses = [{ from = 2026-01-01, article = "第四条", confidence = "VT" }]
"""
MENDED = (
    WRONG.replace("isuer", "issuer")
    .replace('"withn"', '"within"')
    .replace("quater", "quarter")
    .replace('article = "第五条" }', 'article = "第五条", confidence = "VT" }')
    .replace(
        "{ from = 2026-03-01, value = 18 }, { from = 2026-01-01, value = 12 }",
        "{ from = 2026-01-01, value = 18 }",
    )
)
STORY = """title = "十五日内谈话"
packs = ["central", "../qingshan.toml"]
[unit]
name = "甲支部"
full_members = 16
[people]
"王" = { born_on = 1999-05-01 }
[[steps]]
on = 2026-03-01
do = "receive_application"
person = "王"
[[steps]]
on = 2026-03-17
do = "hold_first_talk"
person = "王"
expect = { verdict = "warn", findings = [{ rule = "q-talk", verdict = "late", days_late = 1 }] }
"""


def check(*args: str) -> Result:
    return CliRunner().invoke(zhibu, ["policy", "check", *args], prog_name="zhibu")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    stories = tmp_path / "qingshan.scenarios"
    stories.mkdir()
    (stories / "talk.toml").write_text(STORY, "utf-8")
    file = tmp_path / "qingshan.toml"
    file.write_text(WRONG, "utf-8")
    return file


def test_five_mistakes_get_five_plain_messages_at_their_lines(pack: Path) -> None:
    result = check(str(pack))
    assert result.exit_code == 3
    assert result.stdout.replace("是不是 \n", "是不是 ").splitlines() == [
        "第3行 isuer 没有这一栏，是不是 issuer？",
        "第8行 q-talk 没有“withn”这一种规则，是不是 within？",
        "第27行 q-lecture.period 应是 month（月）、quarter（季度）、year（年），是不是 quarter？",
        "第30行 q-lecture.clauses.1.confidence 没有填",
        "第32行 q-object 起始日期应当从早到晚、互不相同：2026-03-01, 2026-01-01",
    ]
    assert len(result.stderr.strip().splitlines()) == 3


def test_as_json_each_flaw_has_its_line_and_what_was_probably_meant(pack: Path) -> None:
    told = json.loads(check(str(pack), "--format", "json").stdout)["flaws"]
    assert [(flaw["line"], flaw["near"]) for flaw in told][:3] == [
        (3, ["issuer"]),
        (8, ["within"]),
        (27, ["quarter"]),
    ]


def test_once_mended_the_pack_is_sound_and_its_story_comes_out(pack: Path) -> None:
    pack.write_text(MENDED, "utf-8")
    result = check(str(pack))
    assert result.exit_code == 0, result.output
    assert json.loads(check(str(pack), "--format", "json").stdout)["stories"] == 1


def test_a_file_that_is_no_toml_is_told_by_its_line(pack: Path) -> None:
    pack.write_text('id = "x"\ntitle = \n', "utf-8")
    result = check(str(pack))
    assert result.exit_code == 3
    assert result.stdout.startswith("第2行")


def test_a_value_that_loosens_is_shown_beside_the_higher_one_each_with_its_unit(pack: Path) -> None:
    pack.write_text(MENDED.replace("value = 15", "value = 60"), "utf-8")
    result = check(str(pack))
    assert "q-talk 60天、dev-first-talk 1个月" in " ".join(result.stdout.split())
    (conflict, *_) = json.loads(check(str(pack), "--format", "json").stdout)["conflicts"]
    assert conflict["values"] == {"q-talk": 60, "dev-first-talk": 1}
    assert conflict["units"] == {"q-talk": "day", "dev-first-talk": "month"}


def test_a_fact_that_nothing_gives_is_refused_with_the_one_meant(pack: Path) -> None:
    pack.write_text(MENDED.replace("activist_since", "activist_sinse"), "utf-8")
    result = check(str(pack), "--format", "json")
    assert result.exit_code == 3
    (flaw,) = json.loads(result.stdout)["flaws"]
    assert flaw["near"][0] == "activist_since"
    told = "q-object.anchor 写的“activist_sinse”：没有这个事实，是不是 activist_since"
    assert flaw["message"].startswith(told)


@pytest.mark.parametrize(
    ("right", "wrong", "near"),
    [
        ('anchor = "applied_on"', 'anchor = "递交入党申请书"', ["applied_on"]),
        ('refines = "dev-object-min"', 'refines = "dev-object-mim"', ["dev-object-min"]),
        ('activity = "party_lecture"', 'activity = "党课"', ["party_lecture"]),
    ],
)
def test_a_rule_that_could_never_work_does_not_pass(
    pack: Path, right: str, wrong: str, near: list[str]
) -> None:
    pack.write_text(MENDED.replace(right, wrong), "utf-8")
    told = json.loads(check(str(pack), "--format", "json").stdout)["flaws"]
    assert near[0] in told[0]["near"]


def test_an_activity_that_is_no_meeting_is_refused_with_those_there_are(pack: Path) -> None:
    pack.write_text(MENDED.replace("party_lecture", "xyz"), "utf-8")
    (flaw,) = json.loads(check(str(pack), "--format", "json").stdout)["flaws"]
    assert "party_lecture（党课）" in flaw["message"]


def test_what_is_hardly_meant_is_a_doubt_and_no_flaw(pack: Path) -> None:
    early = MENDED.replace('from = 2026-01-01, article = "第四条"', 'from = 2026-02-01, article = "第四条"')
    pack.write_text(early, "utf-8")
    result = check(str(pack), "--format", "json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)["doubts"]
    assert [doubt["rule"] for doubt in told] == ["q-talk", "q-object"]
    assert "按天算，它所细化的 dev-first-talk 按个月算" in told[0]["message"]
    assert "2026-01-01" in told[1]["message"]


def test_one_id_for_two_matters_is_a_doubt(pack: Path) -> None:
    pack.write_text(MENDED.replace('id = "q-object"', 'id = "q-talk"'), "utf-8")
    told = json.loads(check(str(pack), "--format", "json").stdout)["doubts"]
    assert any("用了两次" in doubt["message"] for doubt in told)


def test_a_duty_that_the_country_asks_for_in_other_words_is_told_with_what_to_write(pack: Path) -> None:
    assembly = MENDED.replace("party_lecture", "branch_assembly")
    pack.write_text(assembly, "utf-8")

    def found() -> list[dict[str, str]]:
        told = json.loads(check(str(pack), "--format", "json").stdout)["doubts"]
        return [doubt for doubt in told if doubt["rule"] == "q-lecture"]

    (doubt,) = found()
    assert 'refines = "meet-assembly"' in doubt["message"]
    assert "当成两件" in doubt["message"]
    refined = assembly.replace('kind = "cadence"', 'kind = "cadence"\nrefines = "meet-assembly"')
    pack.write_text(refined, "utf-8")
    assert found() == []
