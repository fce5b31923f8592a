"""Global options anywhere, help and click's own errors in the language of the call, wrong usage."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from workflows.entrypoints.cli import zhibu
from workflows.entrypoints.cli.frame import hoisted
from workflows.entrypoints.cli.language import help_texts


def run(*args: str) -> Result:
    return CliRunner().invoke(zhibu, list(args), prog_name="zhibu")


def test_global_options_move_to_the_front() -> None:
    assert hoisted(["deadlines", "--format", "json", "--unit", "x", "--lang=en"]) == [
        "--format",
        "json",
        "--lang=en",
        "deadlines",
        "--unit",
        "x",
    ]
    assert hoisted(["record", "--", "--lang", "en"]) == ["record", "--", "--lang", "en"]


def test_before_and_after_the_command_they_mean_the_same() -> None:
    before, after = run("--format", "json", "policy", "list"), run("policy", "list", "--format", "json")
    assert before.exit_code == after.exit_code == 0
    assert before.stdout == after.stdout
    assert before.stdout.startswith("{")


@pytest.mark.parametrize("name", [*sorted(zhibu.commands), ""])
def test_every_command_has_help_in_both_languages(name: str) -> None:
    args = [name] if name else []
    chinese, english = run(*args, "--help"), run(*args, "--help", "--lang", "en")
    assert chinese.exit_code == english.exit_code == 0
    assert "用法：" in chinese.stdout
    assert english.stdout.startswith("Usage:")
    assert not re.search(r"[\u4e00-\u9fff]", english.stdout)
    described = chinese.stdout.split("选项")[1]
    assert "Show" not in described


def test_every_command_and_option_is_described() -> None:
    texts = help_texts()
    todo = [("", zhibu)]
    while todo:
        path, command = todo.pop()
        if path:
            assert texts["command"].get(getattr(command, "told", "") or path), path
        for param in command.params:
            if param.param_type_name == "option" and param.name not in ("help", "version"):
                assert texts["option"].get(getattr(param, "_told", "")), (path, param.name)
        for name, below in getattr(command, "commands", {}).items():
            todo.append((name, below))


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("deadlnes",), "没有“deadlnes”这个命令"),
        (("deadlines", "--unti", "x"), "没有“--unti”这个选项"),
        (("policy", "list", "--format", "pdf"), "“pdf”不可用"),
        (("compliance",), "缺少选项"),
        (("deadlines", "--unit"), "后面要写值"),
        (("policy", "list", "more"), "多写了参数"),
        (("serve", "--port", "x"), "不是整数"),
    ],
)
def test_wrong_usage_is_told_in_chinese(args: tuple[str, ...], told: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_wrong_usage_in_english() -> None:
    result = run("--lang", "en", "deadlnes")
    assert result.exit_code == 2
    assert "No such command" in result.stderr


@pytest.mark.parametrize("host", ["10.1.2.3", "example.org", "::"])
def test_no_other_machine_is_served(host: str) -> None:
    result = run("serve", "--host", host)
    assert result.exit_code == 2
    assert "只许本机" in result.stderr


def test_packs_are_listed_shown_and_checked() -> None:
    assert "central-development" in run("policy", "list").stdout
    assert run("policy", "show", "central-terms").exit_code == 0
    assert run("policy", "show", "nope").exit_code == 2
    checked = run("policy", "check", "central-terms")
    assert checked.exit_code == 0, checked.output
    assert run("policy", "schema").stdout.startswith("{")


def test_a_pack_with_an_error_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "bad.toml"
    file.write_text('id = "x"\ntitle = "x"\n', "utf-8")
    result = run("policy", "check", str(file))
    assert result.exit_code == 3
    assert "issuer 没有填" in result.stdout


def test_the_chart_is_drawn_from_the_stage_machine() -> None:
    chart = run("chart", "development")
    assert chart.exit_code == 0
    assert chart.stdout.startswith("stateDiagram-v2")
    assert "activist --> target_agreed: 确定发展对象" in chart.stdout
    assert run("chart", "other").exit_code == 2


def test_no_line_of_help_is_wider_than_the_screen() -> None:
    lines = [line for name in zhibu.commands for line in run(name, "--help").stdout.splitlines()]
    assert max(cell_len(line) for line in lines if "通用选项" not in line) <= 80
