"""立案、通报、追责: somebody was charged. What nobody recorded is unknown, never taken for nothing."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflows.domain.act import Decided


class PersonCharged(Decided, tag="person.charged", omit_defaults=True):
    """被立案、通报批评、责任追究; by which paper and what for are personal: they are sealed."""

    step: ClassVar[str] = "record_charge"
    sealed: ClassVar[frozenset[str]] = frozenset({"document", "reason"})
    charged_on: date
    form: str
    authority: str = ""
    document: str | None = None
    over_work: bool | None = None
    reason: str | None = None
