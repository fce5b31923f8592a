"""Why a rule said what it said of a gathering, or what is wrong with what was typed."""

from __future__ import annotations

from workflows.entrypoints.pieces import Pieces, Scene
from workflows.policies.findings import UNKNOWN, Finding


class ReasonsOfMeetings(Pieces):
    """The second and the third part of a message about who came, what was joined, and the input itself."""

    def _exemption(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        key = "exemption_out" if finding.facts.get("counted") == "out_of_base" else "exemption_in"
        return self._say(key, **{"eligible": UNKNOWN, **finding.facts}), ""

    def _joins(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        types = (self.words.word("meeting", kind) for kind in finding.facts.get("joined", ()))
        return self._say("joins_ok", types=self.words.listed(types)), ""

    def _input(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if not self.words.has("input", finding.rule):
            return self._say("input"), self._do("roster")
        near = self.words.listed(finding.facts.get("near") or ())
        key = f"{finding.rule}-near" if near else finding.rule
        remedy = finding.rule if self.words.has("remedy", finding.rule) else "roster"
        told = {**finding.facts, "near": near}
        if self.words.known("command", str(told.get("step"))):
            told["step"] = self.words.word("command", told["step"])
        if self.words.known("meeting", str(told.get("type"))):
            told["type"] = self.words.word("meeting", told["type"])
        if "numbers" in told:
            told["numbers"] = self.words.listed(map(str, told["numbers"]))
        if finding.rule == "input-days-reversed":
            key = key if "day" in told else f"{key}-untold"
            told |= {name: self._fact(str(told[name])) for name in ("what", "then")}
        if "branch" in told:
            told["branch"] = self.shown("branch", told["branch"])
        if "unfit" in told:
            told["unfit"] = self.shown("unfit", told["unfit"])
        if "found" in told:
            told["found"] = self.words.word("verdict", told["found"])
        return self.words.sentence("input", key, **told), self._do(remedy)
