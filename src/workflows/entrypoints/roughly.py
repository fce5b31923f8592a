"""Findings that rest on days known only roughly (约日): words, ends, what every possible day says."""

from __future__ import annotations

from typing import Any

from workflows.entrypoints.pieces import Pieces, Scene
from workflows.policies.findings import ON, Finding, Verdict

_FOLLOWING = frozenset({"earliest_on", "latest_on", "days_late", "verdicts"})
_ILL = (Verdict.BLOCK, Verdict.WARN, Verdict.LATE)


class Roughly(Pieces):
    """The parts of a message about a finding that rests on days known only roughly."""

    def rough_days(self, finding: Finding) -> str:
        """Return each such day: the words as written, first and last possible day."""
        told = {name: day for name, day in finding.approx.items() if name not in _FOLLOWING}
        return self.words.listed(
            self._say(
                "rough_act" if name == ON else "rough_day",
                fact=self._fact(name),
                text=day["text"],
                first=day["from"],
                last=day["to"],
            )
            for name, day in told.items()
        )

    def roughly(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Return (facts against the rule, what can be done)."""
        told: dict[str, Any] = {
            "who": scene.who,
            "days": self.rough_days(finding),
            "label": finding.label if self.words.lang == "zh" else finding.rule,
        }
        earliest, latest = finding.approx.get("earliest_on"), finding.approx.get("latest_on")
        if finding.verdict is Verdict.INCOMPLETE or (finding.missing and "verdicts" in finding.approx):
            words = self.words.listed(
                self.words.word("verdict", word) for word in finding.approx.get("verdicts", ())
            )
            said = self._say("rough_differs" if words else "rough_open", words=words, **told)
            if earliest is not None:
                return said, self._do("rough_from", last=earliest["to"])
            return said, self._do("rough")
        said = self._say("rough_ill" if finding.verdict in _ILL else "rough_well", **told)
        if earliest is not None and finding.verdict is Verdict.BLOCK:
            return said, self._do("rough_not_before", first=earliest["from"], last=earliest["to"])
        if latest is not None and finding.verdict is Verdict.LATE:
            said += self._say("rough_limit", first=latest["from"], last=latest["to"])
        return said, self._usual(finding)

    def unordered(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Tell that a day known only roughly leaves open at which stage someone stood."""
        belongs = self.words.listed(self.words.word("stage", s) for s in finding.facts.get("belongs_to", ()))
        return self._say("rough_order", who=scene.who, belongs=belongs), self._do("rough")

    def left_open(self, finding: Finding) -> tuple[str, str]:
        """Tell of whom a day known only roughly does not say whether they are qualified."""
        people = [
            self._say(
                "rough_person",
                person=self.shown("person", line.unit),
                fact=self._fact(line.left),
                least=line.right.partition("-")[0],
                most=line.right.rpartition("-")[2],
            )
            if line.right.replace("-", "").isdigit()
            else self._say(
                "rough_stage",
                person=self.shown("person", line.unit),
                stages=self.words.listed(self.words.word("stage", s) for s in line.right.split("/")),
            )
            for line in finding.calc
        ]
        return self._say("rough_people", people=self.words.listed(people)), self._do("rough")
