"""What the plan of a campaign tells at two forms: what is frozen, and the grade that the reviews come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from workflows.application.ports import FileEntry
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.campaign_told import number
from workflows.entrypoints.web.forms.fields import Field
from workflows.kernel.errors import WrongUsage

FREEZE, CONFIRM = "freeze_rubric", "confirm_rating"
BY_THE_PLAN = frozenset({FREEZE, CONFIRM})


@dataclass(frozen=True, slots=True)
class PlanTold:
    """The criteria that would be frozen by the plan called ``title``; the grade by the reviews of a unit."""

    criteria: Sequence[Mapping[str, Any]] = ()
    title: str = ""
    draft: str = ""

    @classmethod
    def of(cls, ask: Ask, case: FileEntry, day: date, about: UUID | None) -> PlanTold:
        """Return what the plan tells on a day, ``about``: of the unit chosen."""
        answering, known_on = ask.desk.app.answering, ask.horizon.known_on
        try:  # asked of the holder, who takes no part, nothing but the criteria is reckoned
            told = answering.scores(case.id, about or case.unit_id, day, known_on)
        except WrongUsage:  # it was not yet opened that day
            return cls()
        scheme = ask.desk.rules_for(case.unit_id).schemes.named(told["scheme"], day)
        drafts = [row["draft"] or {} for row in told["rows"]] if about else []
        return cls(
            told["criteria"] if told["frozen_on"] is None else (),
            scheme.title if scheme is not None else "",
            next((str(one["grade"]) for one in drafts if one.get("grade")), ""),
        )

    def field(self, command: str, one: Field) -> Field:
        """Return a field with what need not be written."""
        if command == FREEZE and one.name == "criteria" and self.criteria:
            told = f"照{self.title or '方案'}的 {len(self.criteria)} 项，不用写；与方案不同的才写"
            return replace(one, folded=True, hint=told)
        if command == CONFIRM and one.name == "grade" and self.draft:
            return replace(one, hint=f"不写就按分数段，是{self.draft}；写别的要写理由")
        return one

    def lines(self, command: str, typed: Sequence[Any]) -> list[str]:
        """Return what would be frozen where nothing was typed."""
        if command != FREEZE or typed or not self.criteria:
            return []
        told = "、".join(map(_called, self.criteria))
        return [f"冻结的标准 {len(self.criteria)} 项：{told}", "冻结以后按这些打分，方案以后改了也不变"]


def _called(one: Mapping[str, Any]) -> str:
    if one["veto"]:
        return f"{one['id']}（一票否决）"
    most = f"{number(one['points'])} 分" if one["points"] is not None else "没有写分值"
    return f"{one['id']}（{most}）"
