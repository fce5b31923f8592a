"""What the documents say can be done, is done: every block of code runs, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.documents import (
    ASKED_CODE,
    REASONS,
    ROOT,
    SHOWN_ONLY,
    Block,
    anchors,
    blocks,
    differs,
    links,
    read_only,
    run,
    typed,
)
from tests.support.facts import facts_asked, facts_put
from workflows.adapters.notify.settings import read_settings
from workflows.adapters.packs import shipped
from workflows.entrypoints.cli.stories import told
from workflows.entrypoints.wording import Wording
from workflows.policies.kinds import AnyRule

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CLERK = ROOT / "docs" / "guide" / "clerk.md"
PACK_HEADER = """
id = "guide"
title = "说明用的规则包"
issuer = "某县县委组织部"
level = "county"
source = "说明"
issued_on = 2026-01-01
"""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one document: a home and a key of its own, and what one has in a checkout."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("src", "tests"):
        (folder / name).symlink_to(ROOT / name)
    monkeypatch.chdir(folder)
    for name in ("ZHIBU_DATABASE_URL", "ZHIBU_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("ZHIBU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ZHIBU_MASTER_KEY_FILE", str(tmp_path / "master.key"))
    return folder


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_block_of_a_document_does_what_it_shows(path: Path, own_folder: Path) -> None:
    names: dict[str, Any] = {}
    for block in blocks(path.read_text("utf-8")):
        place = f"{name_of(path)}:{block.line}"
        if "file" in block.options:
            file = own_folder / block.options["file"]
            assert file.resolve().is_relative_to(own_folder.resolve()), f"{place}: outside its own folder"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.body, "utf-8")
        try_out(block, own_folder, place, names)


def try_out(block: Block, folder: Path, place: str, names: dict[str, Any]) -> None:
    match block.language:
        case "console":
            console(block, place)
        case "toml" if "story" in block.words:
            story = folder / "story-of-the-block.toml"
            story.write_text(block.body, "utf-8")
            assert told(story, Wording("zh"))[1] == [], place
        case "toml" if "rule" in block.words:
            pack = folder / "pack-of-the-block.toml"
            pack.write_text(PACK_HEADER + block.body, "utf-8")
            checked = run("zhibu policy check pack-of-the-block.toml")
            assert checked.exit_code == 0, f"{place}\n{checked.output}"
        case "toml" if "notify" in block.words:
            (folder / "notify.toml").write_text(block.body, "utf-8")
            read_settings(folder)
        case "toml":
            assert "file" in block.options, f"{place}: story, rule, notify, or a file for what follows"
        case "python":
            exec(compile(block.body, place, "exec"), names)  # noqa: S102  (our own documents)
        case language:
            assert language in SHOWN_ONLY, f"{place}: what is to become of {language or 'this block'}?"


def console(block: Block, place: str) -> None:
    lines = typed(block.body)
    if "not-run" in block.options:
        assert block.options["not-run"] in REASONS, place
        for command in lines:
            read_only(command.line)
        return
    code = 0
    for number, command in enumerate(lines):
        asked = number + 1 < len(lines) and lines[number + 1].line == ASKED_CODE
        if command.line == ASKED_CODE:
            assert command.shown == [str(code)], f"{place}: exit code {code}"
            continue
        result = run(command.line)
        code = result.exit_code
        assert asked or code == 0, f"{place}: {command.line} ends with {code}\n{result.output}"
        if command.shown:
            assert (problem := differs(command.shown, result.output)) is None, (
                f"{place}: {command.line}\n{problem}"
            )


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    for link in links(text):
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), f"{name_of(path)} points to {link}"
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), f"{name_of(path)} points to {link}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_document_names_no_place_of_one_machine(path: Path) -> None:
    found = re.search(r"(?<![\w.~])/(?:home|root|tmp|work|Users)/\w+", path.read_text("utf-8"))
    assert found is None, found


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "docs" / "guide").glob("*.md")), ROOT / "README.md"], ids=name_of
)
def test_a_document_says_how_to_type_zhibu_before_it_shows_it(path: Path) -> None:
    text = path.read_text("utf-8")
    told = re.search(r"`python3 dev\.py (?:命令|COMMAND) …`", text)
    assert told, "nothing named zhibu is there for somebody who has only the sources"
    assert "$ zhibu" not in text[: told.start()]


def test_the_guide_shows_every_kind_of_rule() -> None:
    text = CLERK.read_text("utf-8")
    shown = {
        kind
        for block in blocks(text)
        if "rule" in block.words
        for kind in re.findall(r'kind = "(\w+)"', block.body)
    }
    union = AnyRule.__args__[0]
    assert {kind.kind_name for kind in union.__args__} <= shown


def test_the_guide_names_every_fact_that_a_rule_may_ask_for() -> None:
    named = set(re.findall(r"`([a-z_]+)`", CLERK.read_text("utf-8")))
    asked = {name for pack in shipped() for rule in pack.own_rules for name in facts_asked(rule)}
    assert sorted((facts_put() | asked) - named) == []


def test_the_changelog_tells_every_rule_that_is_shipped() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert sorted({rule.id for pack in shipped() for rule in pack.rules if f"`{rule.id}`" not in text}) == []
