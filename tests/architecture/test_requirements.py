"""The locked requirements: hashed, without an address, in step with pyproject.toml and each other."""

import re
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pinned(name: str) -> dict[str, str]:
    """Return version by name of package."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {found["name"]: found["version"] for found in PINNED.finditer(text)}


def names_asked_for(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", text)[0].lower().replace("_", "-") for text in requirements}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_requirements_name_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"^\s*(-i|-f|-e|--index|--extra-index|--find-links|--trusted-host)", text, re.MULTILINE
    )


def test_hooks_before_a_commit_fetch_nothing() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "://" not in text
    assert re.findall(r"repo: (\S+)", text) == ["local"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_requirement_is_hashed(path: Path) -> None:
    logical = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    entries = [line for line in logical if line and not line.startswith("#")]
    assert entries
    assert [line for line in entries if not re.match(r"\S+==.*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_what_the_project_asks_for_is_locked() -> None:
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = metadata["project"], metadata["dependency-groups"]
    runtime = names_asked_for([*project["dependencies"], *project["optional-dependencies"]["postgres"]])
    assert runtime - pinned("runtime").keys() == set(), "run: python3 dev.py lock"
    assert names_asked_for(groups["dev"]) - pinned("dev").keys() == set(), "run: python3 dev.py lock"


def test_the_tests_run_on_the_versions_that_users_get() -> None:
    assert pinned("runtime").items() - pinned("dev").items() == set()


def test_one_series_of_uv_builds_and_installs() -> None:
    """Then uv builds by itself, without fetching a builder that no hash holds."""
    builder = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert builder == ["uv_build>=0.13,<0.14"]
    assert dev.UV_SERIES == "0.13."
    assert pinned("uv")["uv"].startswith(dev.UV_SERIES)
    assert pinned("dev")["uv-build"].startswith(dev.UV_SERIES)
