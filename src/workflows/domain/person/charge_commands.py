"""立案、通报、追责: what can be asked for somebody charged; the day is that of the decision."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from workflows.domain.person.commands import PersonCommand, Text

Word = Annotated[str, Meta(min_length=1, max_length=200)]
ChargeForm = Literal["case_filed", "criticised", "held_accountable"]


class RecordCharge(PersonCommand, kw_only=True):
    """登记立案、通报、追责: by which authority, with which document.

    ``case_filed`` (被立案), ``criticised`` (被通报批评), ``held_accountable`` (被责任追究); ``over_work``:
    whether it was for a failure at work. No right is barred by it: that is ``bar_rights``.
    """

    form: ChargeForm
    authority: Word
    document: Text
    over_work: bool | None = None
    reason: Text | None = None
