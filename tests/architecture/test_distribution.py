"""What a user installs: one wheel that holds the whole package, its data and its command."""

import os
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import uv_build

import workflows

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        name = uv_build.build_wheel(str(folder))
    return zipfile.Path(folder / name)


def test_the_wheel_holds_every_file_of_the_package(wheel: zipfile.Path) -> None:
    source = ROOT / "src"
    files = {path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    wanted = {path.relative_to(source).as_posix() for path in files}
    assert wanted - set(wheel.root.namelist()) == set()


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.Path) -> None:
    info = wheel / f"zhibu-{workflows.__version__}.dist-info"
    assert "zhibu=workflows.entrypoints.cli:main" in (info / "entry_points.txt").read_text("utf-8").replace(
        " ", ""
    )
    assert (info / "licenses" / "LICENSE").exists()


def test_the_version_is_told_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == workflows.__version__
