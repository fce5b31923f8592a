"""通报、追责: what can be asked for a unit that was censured; the command's day is that of the decision."""

from __future__ import annotations

from typing import Literal

from workflows.domain.unit.commands import Text, UnitCommand
from workflows.domain.unit.meeting_commands import Word

CensureForm = Literal["notified", "criticised", "held_accountable", "case_filed"]


class RecordCensure(UnitCommand, kw_only=True):
    """登记党组织被通报、追责: by which authority, with which document.

    ``notified`` (被上级通报), ``criticised`` (被通报批评), ``held_accountable`` (被责任追究), ``case_filed``
    (所属人员被立案, of somebody who is on no books: a member is told by ``record_charge``); ``over_work``:
    whether it was for a failure at work.
    """

    form: CensureForm
    authority: Word
    document: Text
    over_work: bool | None = None
    reason: Text | None = None
