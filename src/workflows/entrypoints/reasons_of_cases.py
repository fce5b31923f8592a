"""Why an act of a case (案卷) is let through or not: who acted, whether the facts are clean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.pieces import Pieces, Scene
from workflows.policies.findings import Calc, Finding, Verdict

MOST_LABELS = 6
MOST_LOOKED = 6
_WORDS = ("site_level", "was_level", "censure")


class ReasonsOfCases(Pieces):
    """The second and the third part of a message about a problem, an inspection, a rating, a site."""

    def _criterion(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        met = finding.verdict is Verdict.OK
        label = finding.label if self.words.lang == "zh" else finding.rule
        return self._say("criterion_met" if met else "criterion_unmet", label=label), ""

    def _mark(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        holds: bool | None = finding.facts.get("holds")
        key = "mark_unknown" if holds is None else "mark_holds" if holds else "mark_not"
        told = self.mark(str(finding.facts.get("how", "")), finding.facts, finding.calc)
        return self._say(key, told=told), self._do("refer") if finding.verdict is Verdict.REFER else ""

    def mark(self, how: str, facts: Mapping[str, Any], calc: Sequence[Calc]) -> str:
        """Return what the facts say of a mark: since when, how much, how often; "" where they say nothing."""
        if not calc:
            return self._say("mark_nothing")
        line = calc[0]
        name = next((name for name in facts if name not in ("holds", "how")), "")
        told = {"fact": self._fact(name) if name else "", "day": line.left, "end": line.result}
        span = self.amount(line.right, line.unit) if line.unit else line.right
        if how.startswith("since") and line.right == "0":
            return self._say("mark_passed", **told)
        return self._say(f"mark_{how}", **told, number=line.left, bound=line.right, span=span)

    def _in_short(self, labels: Sequence[str]) -> str:
        """Return the first words of the first labels."""
        short = [re.split("[；，。]", label, maxsplit=1)[0] for label in labels[:MOST_LABELS]]
        return self.words.listed([*short, "…"] if len(labels) > MOST_LABELS else short)

    def _covers(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        lacking = [self.shown("value", one) for one in finding.facts.get("lacking", ())]
        if not lacking:
            return self._say("covers_ok", number=finding.facts.get("named", 0)), ""
        return self._say("covers_lacking", lacking=self.words.listed(lacking)), self._usual(finding)

    def _looked(self, periods: Sequence[str]) -> str:
        """Return which periods or days were looked at, "" where nothing tells; of many first and last."""
        if not periods:
            return ""
        told = self.words.listed(periods)
        if len(periods) > MOST_LOOKED:
            told = self._say("looked_from", first=periods[0], last=periods[-1], count=len(periods))
        return self._say("looked", periods=told)

    def _added_up(self, told: Mapping[str, Any]) -> dict[str, str]:
        """Return how the total of the reviews comes about, and which levels the scores are of."""
        parts = [str(one) for one in told.get("parts", ())]
        total = f"{told['total']:g}" if told.get("total") is not None else ""
        levels = {name: self.words.listed(told.get(name, ())) for name in ("level", "level_of_total")}
        shown = {name: self._say("score_level", level=one) if one else "" for name, one in levels.items()}
        return {
            "score": f"{told['score']:g}",
            "total": f"{' + '.join(parts)} = {total}" if parts else total,
            "reviewed_on": self.words.listed(told["reviewed_on"]),
            **shown,
        }

    def _case(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        told: dict[str, Any] = {n: self.shown("", v) if v is None else v for n, v in finding.facts.items()}
        told["days_late"] = finding.days_late
        told["label"] = (finding.label if self.words.lang == "zh" else "") or finding.facts.get("rule", "")
        for name in ("broken", "waived", "criteria", "lacking", "levels"):
            told[name] = self.words.listed(str(one) for one in finding.facts.get(name, ()))
        told["looked"] = self._looked(finding.facts.get("looked", ()))
        if told.get("authority"):
            told["given"] = self._say("waiver_given", by=told["authority"], since=told.get("since", ""))
        told.setdefault("given", "")
        told |= {n: self.shown("value", told[n]) for n in _WORDS if told.get(n)}
        told |= {"missing": self._missing(finding)} if finding.missing else {}
        if "labels" in told:
            told |= {"number": len(told["labels"]), "labels": self._in_short(told["labels"])}
        if "reviewed_on" in told:
            told |= self._added_up(told)
        if "unit" in told:
            told["unit"] = self.shown("unit", told["unit"])
        if "successor" in told:
            told["successor"] = self.shown("unit", told["successor"])
        told["units"] = self.words.listed(self.shown("unit", one) for one in told.get("units", ()))
        if "near" in told:
            near, names = told["near"], (f"“{one}”" for one in told["names"])
            told |= {
                "names": self.words.listed(names),
                "near": self.words.listed(near) or self._say("near_none"),
            }
        if "person" in told:
            told["person"] = self.shown("person", told["person"])
        told = {name: f"{value:g}" if isinstance(value, float) else value for name, value in told.items()}
        remedy = self._do(finding.rule, **told) if self.words.has("remedy", finding.rule) else ""
        return self.words.sentence("case", finding.rule, **told), remedy
