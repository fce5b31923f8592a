"""dev.py: the commands that people remember."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parents[2]
OLDEST_THAT_IS_ANSWERED = (3, 7)


def test_an_older_python_gets_as_far_as_the_message() -> None:
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=OLDEST_THAT_IS_ANSWERED)


def test_an_older_python_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        dev.main(["demo"])
    assert stopped.value.code == dev.FAILURE_EXIT
    message = "不能启动：需要 Python 3.11 或更高版本，当前是 3.9。请改用 python3.11 dev.py …。\n"
    assert capsys.readouterr().err == message


def test_without_a_word_it_tells_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == dev.USAGE_EXIT
    assert "python3 dev.py demo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        (["demo"], ["demo", "--full"]),
        (["demo", "--once"], ["demo", "--full", "--once"]),
        (["--home", "demo", "demo", "--once"], ["--home", "demo", "demo", "--full", "--once"]),
        (["--format=json", "demo"], ["--format=json", "demo", "--full"]),
        (["import", "demo"], ["import", "demo"]),
        (["--version"], ["--version"]),
    ],
)
def test_only_the_demo_of_a_checkout_is_the_full_one(given: list[str], passed_on: list[str]) -> None:
    assert dev.with_full_demo(given) == passed_on


def test_our_words_leave_the_callers_folder_and_the_exit_code_alone(tmp_path: Path) -> None:
    """A program in our place sees the caller's folder, its own arguments, and its exit code comes back."""
    program = "import os, sys; print(os.getcwd(), *sys.argv[1:]); sys.exit(3)"
    call = f"import dev; dev.become([{sys.executable!r}, '-c', {program!r}, 'a b', '支部'])"
    result = subprocess.run(
        [sys.executable, "-c", call],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (3, f"{tmp_path} a b 支部\n", "")


def test_setup_without_pip_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SystemExit) as stopped:
        dev.uv()
    assert stopped.value.code == dev.FAILURE_EXIT
    assert "这个 Python 没有 pip" in capsys.readouterr().err


def test_the_index_of_pip_is_handed_to_uv_unless_uv_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert dev.with_the_index_of_pip()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    assert dev.with_the_index_of_pip()["UV_DEFAULT_INDEX"] == "https://own.example/simple"
