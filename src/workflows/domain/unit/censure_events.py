"""通报、追责: a unit was censured. What nobody recorded is unknown, never taken for nothing."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflows.domain.act import Decided


class UnitCensured(Decided, tag="unit.censured", omit_defaults=True):
    """党组织被通报、追责; what it was for may tell of somebody: it is sealed."""

    step: ClassVar[str] = "record_censure"
    sealed: ClassVar[frozenset[str]] = frozenset({"reason"})
    censured_on: date
    form: str
    authority: str = ""
    document: str = ""
    over_work: bool | None = None
    reason: str | None = None
