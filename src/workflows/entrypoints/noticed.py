"""Sentences about public notices (公示): how long, from when, whether cut short or posted too early."""

from __future__ import annotations

from workflows.entrypoints.pieces import Pieces, Scene
from workflows.policies.findings import Calc, Finding, Verdict


class NoticeReasons(Pieces):
    """The second and the third part of a message about a notice."""

    def _notice(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        line = finding.calc[0] if finding.calc else Calc("", ">=", "", "")
        if (closed := first_left(finding, "<")) is not None and line.op == "+":
            span = self.amount(line.right, line.unit)
            said = self._say("notice_cut", start=line.left, closed=closed, span=span, last=line.result)
            return said, self._do("notice_again")
        if finding.missing:
            remedy = self._do("steps", missing=self._missing(finding))
            told = dict(finding.facts)
            posted, (name, day) = told.pop("posted", None), next(iter(told.items()), ("", ""))
            if posted is None:
                return self._say("notice_missing"), remedy
            return self._say("notice_before", posted=posted, what=self._fact(name), since=day), remedy
        if line.op != "+":
            least = self.amount(line.right, "working_day")
            if finding.verdict is Verdict.OK:
                return self._say("notice_length_ok", least=least), ""
            return self._say(
                "notice_short", days=self.amount(line.left, "working_day"), least=least
            ), self._do("fix")
        keys = {Verdict.OK: "notice_over", Verdict.REFER: "notice_provisional"}
        years, last_year = finding.provisional, line.result[:4]
        said = self._say(
            keys.get(finding.verdict, "notice_open"),
            start=line.left,
            span=self.amount(line.right, line.unit),
            last=line.result,
            years=self.words.listed(map(str, years)) or last_year,
        )
        if finding.verdict is Verdict.REFER:
            return said, self._do("calendar", year=max(years, default=last_year))
        return said + self._calendars(finding), self._usual(finding)

    def _calendars(self, finding: Finding) -> str:
        """Return from where the working days of a year came, where a unit adopted them."""
        return "".join(
            self._say(
                "calendar_of",
                year=year,
                source=told["source"],
                confidence=self.words.word("confidence", told["confidence"]),
            )
            for year, told in finding.calendars.items()
        )


def first_left(finding: Finding, op: str) -> str | None:
    """Return what stands left of the first comparison of days in the arithmetic, None where there is none."""
    return next((line.left for line in finding.calc if line.op == op and line.unit in ("day", "")), None)
