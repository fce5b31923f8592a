"""Why a rule said what it said: the facts against the rule, and what can be done, kind by kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from workflows.entrypoints.noticed import NoticeReasons, first_left
from workflows.entrypoints.pieces import Scene
from workflows.entrypoints.reasons_of_cases import ReasonsOfCases
from workflows.entrypoints.reasons_of_meetings import ReasonsOfMeetings
from workflows.entrypoints.roughly import Roughly
from workflows.policies.findings import PERCENT, UNKNOWN, Calc, Finding, Verdict
from workflows.policies.relief import OF_A_RELIEF, is_relieved

_BAD = (Verdict.BLOCK, Verdict.WARN, Verdict.NOTE, Verdict.INCOMPLETE, Verdict.NOT_PASSED)


class Reasons(Roughly, ReasonsOfMeetings, NoticeReasons, ReasonsOfCases):
    """The second and the third part of a message about a finding."""

    def of(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Return (facts against the rule, what can be done), without full stops; the latter may be empty."""
        if is_relieved(finding):
            return self._relieved(finding, scene)
        if finding.approx:
            return self.roughly(finding, scene)
        tell = getattr(self, f"_{finding.kind}", None)
        if finding.verdict is Verdict.CONFLICT and finding.kind != "calendar":
            tell = self._conflict
        elif finding.verdict is Verdict.CONVENTION:
            tell = self._convention
        if tell is None:
            return self._generic(finding), self._usual(finding)
        answer: tuple[str, str] = tell(finding, scene)
        return answer

    # --- let pass by name ---------------------------------------------------------------------------------

    def _relieved(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Tell what the rule found, then who let it pass or gave more time, and by which paper."""
        facts = finding.facts
        bare = {name: value for name, value in facts.items() if name not in OF_A_RELIEF}
        kept: dict[str, Any] = {"verdict": Verdict(facts.get("waived_verdict", finding.verdict))}
        named = {name: self.shown(name, facts.get(name)) for name in ("authority", "document")}
        if "waived_on" in facts:
            text = self.words.sentence(
                "relief",
                "waived",
                since=facts["waived_on"],
                until=self.shown("", facts.get("waived_until")),
                **named,
            )
        elif "hold_since" in facts:
            until = facts.get("hold_until", "")
            text = self.words.sentence("relief", "held" if until else "held_open", until=until, **named)
        else:
            was = date.fromisoformat(str(facts["was_due_on"]))
            late = (scene.on - was).days if scene.on else 1
            kept |= {"latest_on": was, "days_late": late}
            text = self.words.sentence("relief", "extended", until=facts["extended_to"], **named)
        said, remedy = self.of(replace(finding, facts=bare, **kept), scene)
        semicolon = "；" if self.words.lang == "zh" else "; "
        return said + semicolon + text, "" if finding.verdict is Verdict.NOTE else remedy

    def _waiver(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        facts = finding.facts
        told = {
            "label": self._label(finding),
            "authority": facts["authority"],
            "by": self.shown("", facts.get("waivable_by", [])),
        }
        keys = {Verdict.OK: "waiver_ok", Verdict.BLOCK: "waiver_refused"}
        key = keys.get(finding.verdict, "waiver_open")
        return self._say(key, **told), self._do("waivable") if finding.verdict is Verdict.BLOCK else ""

    def _extension(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        told = {"label": self._label(finding), "latest_on": finding.latest_on, **finding.facts}
        return self._say("extension_over", **told), self._do("extension", latest_on=finding.latest_on)

    def _put_off_late(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        told = {"label": self._label(finding), "days": finding.days_late, **finding.facts}
        return self._say("put_off_late", **told), self._do("put_off_late")

    def _label(self, finding: Finding) -> str:
        return finding.label if self.words.lang == "zh" else finding.rule

    # --- limits -----------------------------------------------------------------------------------------

    def _within(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if "latest" in finding.facts:
            return self._told_day(finding)
        name = next(iter(finding.facts), "")
        anchor, start = self._fact(name), finding.facts.get(name, "")
        spans = [line for line in finding.calc if line.op in "+-" and line.unit and line.left == start]
        facts: dict[str, Any] = {
            "who": scene.who,
            "anchor": anchor,
            "start": start,
            "on": scene.on or first_left(finding, "-") or "",
            "latest_on": finding.latest_on,
            "earliest_on": finding.earliest_on,
            "days_late": finding.days_late,
            "missing": self._missing(finding),
        }
        if finding.earliest_on is not None:
            early = first_left(finding, "<")
            facts["on"] = scene.on or early or ""
            return self._say("within_early", **facts), self._earliest(finding)
        late = finding.days_late is not None
        if not spans:
            shape = "within_same_late" if late else "within_same_ok"
            return self._say(shape, **facts), self._usual(finding)
        span = self.amount(spans[0].right, spans[0].unit)
        facts["span"] = span
        if spans[0].op == "-":
            shape = "within_before_late" if late else "within_before_ok"
            return self._say(shape, **facts), self._usual(finding)
        match finding.verdict:
            case Verdict.BLOCK if len(spans) > 1:
                longest = self.amount(spans[1].right, spans[1].unit)
                return self._say("within_after_max", **facts, longest=longest), self._do("too_late")
            case Verdict.INCOMPLETE:
                return self._say("within_after_excuse", **facts), self._do("reason")
            case Verdict.REFER if adopted := finding.facts.get("adopted_from"):
                return self._say("within_after_ask", **facts, adopted=adopted), self._do("refer")
            case Verdict.REFER:
                return self._say("within_after_refer", **facts), self._do("refer")
        shape = "within_after_late" if late else "within_after_ok"
        return self._say(shape, **facts), self._usual(finding)

    def _told_day(self, finding: Finding) -> tuple[str, str]:
        """Tell of a day that the record names, compared with the last one allowed."""
        name, day = next(iter(finding.facts.items()))
        key = "within_other_broken" if finding.verdict in _BAD else "within_other_ok"
        said = self._say(key, other=self._fact(name), day=day, latest=finding.facts["latest"])
        return said, self._usual(finding)

    def _not_before(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        line = finding.calc[0] if finding.calc else Calc("", "+", "", "")
        broken = finding.verdict in _BAD
        span = self.amount(line.right, line.unit)
        if finding.earliest_on is None:
            other, day = next(iter(finding.facts.items()), ("", ""))
            key = "not_before_other_broken" if broken else "not_before_other_ok"
            said = self._say(key, other=self._fact(other), day=day, on=line.left, span=span)
            return said, self._usual(finding)
        name = next(iter(finding.facts), "")
        shape = "not_before_age" if name == "born_on" and line.unit == "year" else "not_before"
        said = self._say(
            f"{shape}_broken" if broken else f"{shape}_ok",
            years=line.right,
            who=scene.who,
            anchor=self._fact(name),
            start=line.left,
            on=scene.on or "",
            span=span,
            earliest_on=finding.earliest_on,
        )
        remedy = self._earliest(finding) if broken else ""
        return said, remedy

    def _interval(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if not finding.calc:
            return self._say("interval_none", who=scene.who), ""
        line = finding.calc[0]
        name = next(iter(finding.facts), "")
        key = "interval_late" if finding.verdict is Verdict.LATE else "interval_ok"
        said = self._say(
            key,
            who=scene.who,
            anchor=self._fact(name),
            start=line.left,
            each=self.amount(str(finding.facts.get("every", line.right)), line.unit),
            latest_on=finding.latest_on,
            on=scene.on or "",
        )
        return said, self._usual(finding)

    def _calendar(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        words = {True: "workday", False: "holiday"}
        days = [f"{day} {self.shown('value', words[value])}" for day, value in finding.values.items()]
        said = self._say(
            "calendar_differs", year=finding.facts["year"], count=len(days), days=self.words.listed(days)
        )
        return said, self._do("calendar_holds")

    def _term(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        key = "term_late" if finding.days_late else "term_ok"
        on = scene.on or first_left(finding, "-") or ""
        return self._say(key, latest_on=finding.latest_on, on=on), self._usual(finding)

    def _window(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        days = {"earliest_on": finding.earliest_on, "latest_on": finding.latest_on}
        broken = finding.verdict in _BAD
        said = self._say("window_broken" if broken else "window_ok", on=scene.on or "", **days)
        return said, self._do("between", **days) if broken else ""

    # --- numbers ----------------------------------------------------------------------------------------

    def _count(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if finding.missing:
            return self._lacks(finding)
        lines = [line for line in finding.calc if line.op in ("<", ">", "<=", ">=")]
        broken = finding.verdict in _BAD
        if len(lines) > 1 or (lines and lines[0].unit):
            counts = self.words.listed(self._against(line) for line in lines)
            return self._say("count_any_low" if broken else "count_any_ok", counts=counts), self._usual(
                finding
            )
        name = next(iter(finding.facts), "")
        key = "count_ok" if not broken else "count_low" if lines[0].op == "<" else "count_high"
        number, bound = (lines[0].left, lines[0].right) if lines else ("", "")
        return self._say(key, counted=self._fact(name), number=number, bound=bound), self._usual(finding)

    def _against(self, line: Calc) -> str:
        least = self.words.sentence("relation", "at_least")
        need, name = self.amount(line.right, line.unit), self._fact(line.unit)
        have = self.amount(line.left, line.unit) if line.left != UNKNOWN else self._say("count_unknown")
        return f"{name}{have}（{least}{need}）" if self.words.lang == "zh" else f"{have} ({least} {need})"

    def _ratio(self, finding: Finding, ok: str, broken: str) -> str:
        line = finding.calc[0]
        if line.unit == PERCENT:
            return self._of_the_rate(finding, line, ok, broken)
        total, _, share = line.right.partition(" × ")
        names = [name for name in finding.facts if name not in ("item", "exempt", "exempt_here")]
        counted = self._fact(names[0]) if len(names) > 1 else self._fact("votes")
        base = self._fact(names[-1]) if names else ""
        if len(finding.calc) > 1:
            taken = finding.calc[1]
            base = self._say(
                "ratio_exempt", base=base, whole=taken.left, exempt=taken.right, total=taken.result
            )
            total = ""
        relation = "more" if line.op in (">", "<=") else "at_least"
        said = self._say(
            broken if finding.verdict in _BAD else ok,
            counted=counted,
            number=line.left,
            base=base,
            total=total,
            share=share,
            wanted=line.result,
            relation=self.words.sentence("relation", relation),
        )
        item = finding.facts.get("item")
        colon = "：" if self.words.lang == "zh" else ": "
        return said if item is None else f"{self.shown('item', item)}{colon}{said}"

    def _of_the_rate(self, finding: Finding, line: Calc, ok: str, broken: str) -> str:
        """Tell of a rate that was told alone: no number of people was counted."""
        relation = "more" if line.op in (">", "<=") else "at_least"
        return self._say(
            f"{broken if finding.verdict in _BAD else ok}_rate",
            rate=self._fact(next(iter(finding.facts))),
            number=line.left,
            wanted=line.right,
            relation=self.words.sentence("relation", relation),
        )

    def _share(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if finding.missing or not finding.calc:
            return self._lacks(finding)
        return self._ratio(finding, "ratio_ok", "ratio_broken"), self._usual(finding)

    def _quorum(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        said, remedy = self._share(finding, scene)
        return said, self._do("vote_again") if finding.verdict is Verdict.BLOCK else remedy

    def _majority(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        said, remedy = self._share(finding, scene)
        return said, self._do("claim") if finding.verdict is Verdict.BLOCK else remedy

    def _quota(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if finding.missing or not finding.calc:
            return self._lacks(finding)
        remedy = self._do("numbers") if finding.verdict is Verdict.BLOCK else self._usual(finding)
        return self._ratio(finding, "quota_ok", "quota_broken"), remedy

    def _bands(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        levels = finding.facts.get("levels")
        if levels is None:
            return self._say("bands_ok", level=finding.facts.get("level", "")), ""
        key = "bands_overlap" if levels else "bands_gap"
        return self._say(key, levels=self.words.listed(map(str, levels))), self._do("refer")

    def _rate(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        told = finding.facts
        if "due" not in told:
            if finding.missing:
                return self._lacks(finding)
            if "levels" not in told:  # kept without the sums: they tell what somebody earns
                return self._say("rate_kept", label=self._label(finding)), self._usual(finding)
            return self._say("bands_overlap", levels=self.words.listed(told["levels"])), self._do("refer")
        said = self._say("rate_capped" if "cap" in told else "rate_due", **told)
        if "paid" not in told:
            return said, self._do("missing") if finding.missing else ""
        keys = {Verdict.OK: "rate_paid", Verdict.REFER: "rate_more"}
        paid = self._say(keys.get(finding.verdict, "rate_less"), **told)
        return self._say("rate", due=said, paid=paid), self._usual(finding)

    # --- conditions -------------------------------------------------------------------------------------

    def _requires(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if finding.missing:
            return self._lacks(finding)
        if finding.verdict is Verdict.OK:
            return self._say("requires_ok", label=finding.label), ""
        if "required" in finding.facts:
            required = self.words.word("command", finding.facts["required"])
            done = self.words.word("command", finding.facts.get("act", scene.command))
            return self._say("requires_other", required=required, done=done), self._do(
                "instead", required=required
            )
        name, value = next(iter(finding.facts.items()), ("", ""))
        broken = self.words.known("broken", name)
        if broken is None:
            said = self._say("requires_value", fact=self._fact(name), value=self.shown(name, value))
        else:
            said = self._say("requires_broken", broken=broken)
        return said, self._do("secret" if name in ("secret", "together") else "unfit")

    def _qualified(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if finding.verdict is Verdict.OK:
            return self._say("qualified_ok", label=finding.label), ""
        if "unsure" in finding.facts:
            return self.left_open(finding)
        people = []
        for line in finding.calc:
            value = self.words.known("being", line.right) or self.shown(line.left, line.right)
            condition = self.words.known("condition", line.left)
            text = condition.format(value=value) if condition else f"{self._fact(line.left)} {value}"
            people.append(f"{self.shown('person', line.unit)}{'' if self.words.lang == 'zh' else ' '}{text}")
        remedy = self._do("person") if finding.verdict is Verdict.BLOCK else self._usual(finding)
        return self._say("qualified_broken", people=self.words.listed(people)), remedy

    def _forbids(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        facts = self.words.listed(f"{self._fact(k)} {self.shown(k, v)}" for k, v in finding.facts.items())
        return self._say("forbids", label=finding.label, facts=facts), self._usual(finding)

    def _order(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        name = next(iter(finding.facts), "")
        said = self._say(
            "order_broken", on=scene.on or "", anchor=self._fact(name), earliest_on=finding.earliest_on
        )
        return said, self._usual(finding)

    def _stage(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        if finding.verdict is Verdict.INCOMPLETE:
            return self.unordered(finding, scene)
        stage = str(finding.facts.get("stage", ""))
        if stage in ("established", "nothing", "dissolved"):
            return self._say(f"stage_{stage}", **{**finding.facts, "who": scene.who}), ""
        belongs = self.words.listed(self.words.word("stage", s) for s in finding.facts.get("belongs_to", ()))
        said = self._say("stage", who=scene.who, stage=self.words.word("stage", stage), belongs=belongs)
        return said, self._do("stage")

    def _conflict(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        mine, theirs = (self._valued(finding, rule) for rule in (finding.rule, finding.against))
        said = self._say(
            "conflict",
            label=finding.label,
            rule=finding.rule,
            mine=mine,
            theirs=theirs,
        )
        return said, self._do("conflict")

    def _valued(self, finding: Finding, rule: str) -> str:
        """Return the value of one of the rules of a conflict, with its unit where it has one."""
        value, unit = finding.values.get(rule), finding.units.get(rule, "")
        counted = isinstance(value, int) and not isinstance(value, bool)
        return self.amount(str(value), unit) if counted and unit else self.shown("value", value)

    def _convention(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        calc = self.words.listed(self.calc(line) for line in finding.calc)
        keys = {"conv-month-add": "convention_month", "conv-notice-start": "convention_notice"}
        return self._say(keys.get(finding.rule, "convention"), calc=calc), ""
