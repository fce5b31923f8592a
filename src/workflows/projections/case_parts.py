"""What one kind of case adds to the answers about cases: to a row of the list, and to the page of one.

Each kind registers its own; what nobody registered adds nothing.
"""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import Any

from workflows.domain.case_files import CaseFile
from workflows.projections.opening import Opened


@singledispatch
def of_row(file: CaseFile, opened: Opened, on: date) -> dict[str, Any]:
    """Return what a row of the list tells besides, of a case cut at a day."""
    return {}


@singledispatch
def of_page(file: CaseFile, opened: Opened, on: date) -> dict[str, Any]:
    """Return what the answer about one case tells besides, of a case cut at a day."""
    return {}
