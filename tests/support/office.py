"""LibreOffice, where it is installed; a run without it says at its end what was not tried."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

MISSING = "LibreOffice (soffice) is not installed"
SECONDS = 120

Converted = Callable[[Path, str], Path]


@pytest.fixture
def converted(tmp_path: Path) -> Converted:
    """What has LibreOffice open a file and save it as another kind, and gives the new file.

    A machine without LibreOffice skips the test, and ``pytest_terminal_summary`` says so in red.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.skip(MISSING)

    def convert(file: Path, kind: str) -> Path:
        folder = tmp_path / "converted"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        return folder / f"{file.stem}.{kind.partition(':')[0]}"

    return convert


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were not run for want of LibreOffice, however few lines a run may print."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple) and MISSING in str(report.longrepr[-1])
    ]
    if skipped:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        for report in skipped:
            terminalreporter.write_line(f"{report.nodeid}: {MISSING}", red=True)
