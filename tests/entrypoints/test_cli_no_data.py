"""A place without data: every command makes it; one that was not asked to says so, it may be mistyped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflows.entrypoints.cli import zhibu

Run = Callable[..., Result]
READING = (
    ("deadlines",),
    ("pipeline",),
    ("compliance", "--period", "2026"),
    ("overview",),
    ("drive",),
    ("ledger", "花名册"),
    ("terms",),
    ("scores", "规范化"),
    ("candidates",),
    ("bulletin", "规范化", "通报.docx"),
    ("units",),
    ("history", "甲支部"),
    ("plan", "--unit", "甲支部"),
    ("eligible", "--unit", "甲支部", "--for", "mentor"),
    ("papers", "王五"),
    ("attach", "README.md", "--person", "王五", "--kind", "证明"),
    ("verify",),
    ("remind", "--dry-run"),
    ("rebuild",),
    ("undo-import", "00000000-0000-0000-0000-000000000001"),
    ("record", "establish_unit", "--with", '{"name": "甲支部", "kind": "village"}'),
    ("record", "correct", "--with", '{"event": 1, "field": "on", "value": "2026-01-01", "reason": "x"}'),
)
UNITS = "党组织名称,类型,成立时间\n东河村党支部,村,2020-01-01\n"


@pytest.fixture
def run(own_home: None) -> Run:
    return lambda *args: CliRunner().invoke(zhibu, list(args), prog_name="zhibu")


def test_the_table_of_commands_that_read_has_them_all() -> None:
    without_data = {"init", "demo", "import", "commands", "policy", "sandbox", "chart"}
    without_data |= {"serve", "worker"}  # these open the same way and then stay
    assert {args[0] for args in READING} == set(zhibu.commands) - without_data


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_a_place_without_data_is_begun_and_said_to_be_new(
    run: Run, tmp_path: Path, args: tuple[str, ...]
) -> None:
    result = run("--home", str(tmp_path / "typo"), "--format", "json", *args)
    assert "里原来没有数据，现已新建空台账" in result.stderr
    assert str(tmp_path / "typo") in result.stderr
    assert "新建空台账" not in result.stdout
    assert (tmp_path / "typo" / "zhibu.db").exists()


def test_it_is_told_in_english_and_only_once(run: Run) -> None:
    assert "there was no data in" in run("verify", "--lang", "en").stderr
    assert "there was no data in" not in run("verify", "--lang", "en").stderr


def test_a_folder_that_is_there_but_empty_is_a_new_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    result = run("deadlines")
    assert result.exit_code == 0
    assert "新建空台账" in result.stderr


def test_a_database_file_elsewhere_is_named(run: Run, tmp_path: Path) -> None:
    result = run("deadlines", "--database", f"sqlite:///{tmp_path / 'other.db'}")
    assert result.exit_code == 0
    assert "other.db" in result.stderr


def test_a_server_without_the_tables_gets_them_and_says_so(run: Run, pg_url: str) -> None:
    first, second = (run("deadlines", "--database", pg_url) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "新建空台账" in first.stderr
    assert "新建空台账" not in second.stderr


ESTABLISHED = ("record", "establish_unit", "--on", "2020-01-01", "--with", READING[-2][3])


@pytest.mark.parametrize("args", [("deadlines",), ("init",), ("import", "UNITS"), ("demo", "--once")])
def test_a_mistyped_home_beside_a_server_with_data_gets_no_keys(
    run: Run, tmp_path: Path, pg_url: str, args: tuple[str, ...]
) -> None:
    assert run(*ESTABLISHED, "--database", pg_url).exit_code == 0
    result = run(*_with_file(tmp_path, args), "--database", pg_url, "--home", str(tmp_path / "typo"))
    assert result.exit_code == 1
    assert "密钥" in result.stderr
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("args", [("deadlines",), ("init",), ("import", "UNITS"), ("demo", "--once")])
def test_a_lost_key_store_is_never_made_anew_beside_events(
    run: Run, tmp_path: Path, args: tuple[str, ...]
) -> None:
    assert run(*ESTABLISHED).exit_code == 0
    (tmp_path / "home" / "keys.db").unlink()
    result = run(*_with_file(tmp_path, args))
    assert result.exit_code == 1
    assert "密钥" in result.stderr
    assert not (tmp_path / "home" / "keys.db").exists()


def _with_file(tmp_path: Path, args: tuple[str, ...]) -> list[str]:
    file = tmp_path / "党组织.csv"
    file.write_text(UNITS, "utf-8")
    return [str(file) if arg == "UNITS" else arg for arg in args]


def test_a_place_that_cannot_be_made_is_not_said_to_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    result = run("deadlines", "--home", str(tmp_path / "file" / "home"))
    assert result.exit_code == 2
    assert "新建空台账" not in result.stderr


def test_init_begins_data(run: Run, tmp_path: Path) -> None:
    assert run("init").exit_code == 0
    assert (tmp_path / "home" / "zhibu.db").exists()
    assert run("verify").exit_code == 0


def test_an_import_begins_data(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "党组织.csv"
    file.write_text(UNITS, "utf-8")
    result = run("import", str(file), "--format", "json")
    assert result.exit_code == 0, result.output
    assert run("verify").exit_code == 0


@pytest.mark.parametrize("args", [("policy", "list"), ("commands",), ("chart",), ("policy", "schema")])
def test_what_needs_no_data_does_without(run: Run, tmp_path: Path, args: tuple[str, ...]) -> None:
    assert run("--home", str(tmp_path / "typo"), *args).exit_code == 0
    assert list(tmp_path.iterdir()) == []
