"""Why an act of a case (案卷) is let through or not: who acted, whether the facts are clean."""

from __future__ import annotations

from typing import Any

from workflows.entrypoints.pieces import Pieces, Scene
from workflows.policies.findings import Finding


class ReasonsOfCases(Pieces):
    """The second and the third part of a message about a problem, an inspection, a rating."""

    def _case(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        told: dict[str, Any] = {**finding.facts, "days_late": finding.days_late}
        told["label"] = (finding.label if self.words.lang == "zh" else "") or finding.facts.get("rule", "")
        for name in ("broken", "waived", "criteria"):
            told[name] = self.words.listed(str(one) for one in finding.facts.get(name, ()))
        if "unit" in told:
            told["unit"] = self.shown("unit", told["unit"])
            told["units"] = self.words.listed(self.shown("unit", one) for one in told.get("units", ()))
        if "person" in told:
            told["person"] = self.shown("person", told["person"])
        remedy = self._do(finding.rule) if self.words.has("remedy", finding.rule) else ""
        return self.words.sentence("case", finding.rule, **told), remedy
