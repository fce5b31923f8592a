"""A machine without LibreOffice: what it could not try is told at the end of the run, not passed over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDS_OFFICE = "tests/adapters/workbooks/test_workbooks_rejects.py::test_the_file_opens_in_libreoffice"


def test_a_run_without_libreoffice_names_each_test_it_left_out(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-qq", "-p", "no:cacheprovider", NEEDS_OFFICE],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "NOT TESTED" in told.stdout
    assert f"{NEEDS_OFFICE}: LibreOffice (soffice) is not installed" in told.stdout
