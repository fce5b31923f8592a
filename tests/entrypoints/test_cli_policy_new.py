"""``zhibu policy new``: a commented pack that is sound as written, with its story; nothing is overwritten."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflows.adapters.packs import shipped
from workflows.entrypoints.cli import zhibu
from workflows.entrypoints.cli.drafting import LOCAL
from workflows.policies.kinds import KINDS
from workflows.policies.pack import LEVELS, NATIONAL, parse_pack
from workflows.policies.rules import Rules, national

Run = Callable[..., Result]
NATION = Rules(national(shipped()))
KINDS_OF = {
    rule.id: [one.kind_name for one in NATION.rules_named(rule.id)]
    for pack in NATION.packs
    for rule in pack.rules
}
BY_KIND = {kind: rule for rule, kinds in KINDS_OF.items() for kind in kinds if len(set(kinds)) == len(kinds)}
"""A rule of each kind; none that asks two things of one kind, as each would be laid beside the other."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHIBU_LANG", raising=False)
    return lambda *args: CliRunner().invoke(zhibu, ["policy", *args], prog_name="zhibu")


def test_the_pack_as_written_is_sound_and_its_story_comes_out(run: Run, tmp_path: Path) -> None:
    made = run("new", "青山县.toml", "--title", "青山县办法", "--issuer", "青山县委组织部")
    assert made.exit_code == 0, made.stderr
    assert "zhibu policy check 青山县.toml" in made.stdout
    sound = run("check", "青山县.toml")
    assert sound.exit_code == 0, sound.output
    assert "1 条规则" in sound.stdout
    assert "1 个剧本都与预期相符" in sound.stdout
    pack = parse_pack((tmp_path / "青山县.toml").read_text("utf-8"))
    assert (pack.title, pack.issuer, pack.level) == ("青山县办法", "青山县委组织部", "county")
    story = tomllib.loads((tmp_path / "青山县.scenarios" / "示例.toml").read_text("utf-8"))
    assert [step["do"] for step in story["steps"]] == ["receive_application", "hold_first_talk"]


def test_an_editor_finds_the_form_of_a_pack_beside_it(run: Run, tmp_path: Path) -> None:
    run("new", "a")
    first = (tmp_path / "a.toml").read_text("utf-8").splitlines()[0]
    schema = json.loads((tmp_path / first.removeprefix("#:schema ")).read_text("utf-8"))
    assert "calendars" in schema["properties"]
    assert run("new", "b").exit_code == 0


def test_what_is_still_to_be_filled_in_is_told_by_its_line(run: Run, tmp_path: Path) -> None:
    run("new", "a")
    lines = (tmp_path / "a.toml").read_text("utf-8").splitlines()
    told = json.loads(run("check", "a.toml", "--format", "json").stdout)["unfilled"]
    assert [lines[number - 1].split(" = ")[0] for number in told] == ["issuer", "source", "clauses"]
    assert "还有没填的地方" in run("check", "a.toml").stdout


@pytest.mark.parametrize("rule", sorted(BY_KIND.values()))
def test_begun_from_a_national_rule_of_any_kind_it_asks_the_same_and_contradicts_nothing(
    run: Run, tmp_path: Path, rule: str
) -> None:
    assert run("new", "a", "--like", rule).exit_code == 0
    result = run("check", "a.toml", "--format", "json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["flaws"], told["conflicts"]) == (0, [], []), result.output
    pack = parse_pack((tmp_path / "a.toml").read_text("utf-8"))
    assert {own.refines for own in pack.own_rules} == {rule}
    assert [own.kind_name for own in pack.own_rules] == [own.kind_name for own in NATION.rules_named(rule)]


def test_begun_from_a_rule_it_has_its_anchor_and_unit(run: Run, tmp_path: Path) -> None:
    run("new", "a", "--like", "dev-object-min")
    (own,) = tomllib.loads((tmp_path / "a.toml").read_text("utf-8"))["rules"]
    assert (own["kind"], own["anchor"], own["unit"]) == ("not_before", "activist_since", "month")
    assert own["values"][0]["value"] == 12


def test_every_kind_of_rule_is_told_with_the_fields_of_its_own(run: Run, tmp_path: Path) -> None:
    run("new", "a")
    text = (tmp_path / "a.toml").read_text("utf-8")
    lines = {line.split()[1]: line for line in text.splitlines() if line.startswith("#   ")}
    assert {kind.kind_name for kind in KINDS} <= lines.keys()
    assert "anchor* unit*" in lines["not_before"]


def test_a_calendar_is_written_with_the_days_free_by_law_and_nothing_holds_before_it_is_filled_in(
    run: Run, tmp_path: Path
) -> None:
    assert run("new", "--calendar", "2027").exit_code == 0
    file = tmp_path / "2027年工作日历.toml"
    text = file.read_text("utf-8")
    assert parse_pack(text).calendars == ()
    head, _, table = text.partition("# [[calendars]]")
    filled = "[[calendars]]" + "\n".join(line.removeprefix("# ") for line in table.splitlines())
    file.write_text(head + filled, "utf-8")
    (year,) = json.loads(run("check", file.name, "--format", "json").stdout)["calendars"]
    assert (year["year"], year["doubts"]) == (2027, [])


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("new", "there.toml"), 2, "已经有这个文件"),
        (("new", "beside"), 2, "示例.toml"),
        (("new", "no/such/folder.toml"), 2, "folder.toml"),
        (("new", "a", "--like", "dev-object-mim"), 2, "dev-object-min"),
        (("new", "a", "--calendar", "2027", "--level", "unit"), 2, "2027年"),
    ],
)
def test_what_cannot_be_written_is_told_in_three_parts_and_nothing_is_written(
    run: Run, tmp_path: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "there.toml").write_text("mine", "utf-8")
    (tmp_path / "beside.scenarios").mkdir()
    (tmp_path / "beside.scenarios" / "示例.toml").write_text("mine", "utf-8")
    before = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.toml")}
    result = run(*args)
    assert (result.exit_code, words in result.stderr) == (code, True), result.stderr
    assert len(result.stderr.strip().splitlines()) == 3
    assert {path: path.read_text("utf-8") for path in tmp_path.rglob("*.*") if path.is_file()} == before


def test_the_levels_offered_are_those_that_can_be_adopted() -> None:
    assert list(LOCAL) == [level for level in LEVELS if level not in NATIONAL]
