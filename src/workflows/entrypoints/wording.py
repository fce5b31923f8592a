"""Sentences: findings, limits, arithmetic and problems in the three parts a reader needs.

No sentence is built further in: rules and aggregates give codes and facts, and this is where they are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import convert

from workflows.entrypoints.catalogue import Catalogue, Lang
from workflows.entrypoints.cell_words import basis_of, cell_sentence
from workflows.entrypoints.details import explained
from workflows.entrypoints.name_book import NameBook, is_id, lookup, named, resolver
from workflows.entrypoints.pieces import Scene, verdict_key
from workflows.entrypoints.problem_facts import facts_of
from workflows.entrypoints.proposed import PROPOSED
from workflows.entrypoints.reasons import Reasons
from workflows.entrypoints.relieved import resting
from workflows.kernel.clock import local_day
from workflows.kernel.errors import Problem
from workflows.policies.findings import Calc, Finding, Verdict

if TYPE_CHECKING:
    from workflows.policies.flaws import Flaw

__all__ = ["NameBook", "Wording", "finding_json", "findings_json", "is_id", "named"]

_STORED = {"event-unknown": "event-foreign"}
"""Codes that mean another thing when the store says them of a stored event."""

_NAMED = frozenset({"name-unknown", "subject-unknown"})
"""Codes of names nobody bears: where none is close, it is told where all stand."""

NAMED_BY = {"event": "position"}
"""Fields told by the word of another: a record is named by its number (序号)."""

_VALUES = ("meeting", "post", "kind", "level", "stage", "value", "command")


class Wording:
    """Everything a user is told, in one language (``zh`` or ``en``)."""

    def __init__(self, lang: Lang = "zh") -> None:
        self.words, self.lang, self._colon = Catalogue(lang), lang, "：" if lang == "zh" else ": "

    # --- words ------------------------------------------------------------------------------------------

    def command(self, name: str) -> str:
        """Return a command or step: ``派人谈话``; one nobody wrote down is told by the term of its class."""
        return self.words.known("command", name) or self._term_of(name) or self.words.word("command", name)

    def event(self, name: str) -> str:
        """Return an event: ``召开会议`` for ``MeetingHeld``."""
        known = self.words.known("event", name)
        if known is not None or self.lang == "en":
            return known or self.words.word("event", name)
        from workflows.application.commands import event_named

        kind = event_named(name)
        step = getattr(kind, "step", "") if kind is not None else ""
        return self.command(step) if step else self.words.word("event", name)

    def amount(self, number: int, unit: str) -> str:
        """Return a number with its unit: ``12个月``."""
        return Reasons(self.words, resolver(None)).amount(str(number), unit)

    def stage(self, name: str | None) -> str:
        """Return a stage, "" for none."""
        return self.words.word("stage", name) if name else ""

    def verdict(self, name: str) -> str:
        """Return a verdict or a status."""
        return self.words.word("verdict", str(name))

    def subject(self, name: str) -> str:
        """Return what a limit is about: a step, an activity, or a period as it stands."""
        known = self.words.any_word(name, "command", "meeting")
        return known or (name if re.search(r"\d", name) else self.command(name))

    def limit(self, rule: str, subject: str) -> str:
        """Return what a limit is called: by the short name of its rule, else by what it is about."""
        of_case = self.words.known("limit", rule)
        return (not of_case and self.words.known("rule", rule)) or self._about(rule, subject)

    def _about(self, rule: str, subject: str) -> str:
        """Return what a limit is about: a step, a period, a case with what is to be done."""
        of_case = self.words.known("limit", rule)
        return f"{subject}{self._colon}{of_case}" if of_case else self.subject(subject)

    def value(self, name: str, value: Any, names: NameBook | None = None) -> str:
        """Return the value of a fact as one reads it; a window of the year from its first to its last day."""
        if isinstance(value, Mapping) and value.keys() == {"start", "end"}:
            return self.say("window", **value)
        return Reasons(self.words, resolver(names)).shown(name, value)

    def fact(self, name: str) -> str:
        """Return the name of a fact or field."""
        known = self.words.any_word(name, "fact", "column", "command")
        return known or self._own_day(name) or self.words.word("fact", name)

    def column(self, name: str) -> str:
        """Return the heading of a column."""
        known = self.words.any_word(name, "column", "fact")
        return known or self._own_day(name) or self.words.word("column", name)

    def say(self, key: str, /, **facts: Any) -> str:
        """Return a sentence of the command line."""
        return self.words.sentence("say", key, **facts)

    def _own_day(self, name: str) -> str | None:
        """Return what the day of an act is called where it has no name of its own (``confirmed_on``)."""
        return self.words.known("fact", "on") if self.lang == "zh" and name.endswith("_on") else None

    def _term_of(self, name: str) -> str | None:
        if self.lang == "en":
            return None
        from workflows.application.commands import commands

        kind = commands().get(name)
        term = (
            re.split(r"[;；:：.。(（]", (kind.__doc__ or "").strip(), maxsplit=1)[0].strip() if kind else ""
        )
        return term if re.search(r"[\u4e00-\u9fff]", term) else None

    # --- findings ---------------------------------------------------------------------------------------

    def finding(
        self,
        finding: Finding,
        names: NameBook | None = None,
        *,
        command: str = "",
        on: date | None = None,
        who: str = "",
    ) -> str:
        """Return one message: what, the facts against the rule with its clause, what can be done.

        ``names`` resolves ids; ``command``, ``on`` and ``who`` (a name) say where the finding was made.
        """
        reasons = Reasons(self.words, resolver(names))
        body, remedy = reasons.of(finding, Scene(command, on, who))
        return self.words.joined(self._head(finding, command), body, finding.clause, remedy)

    def title(self, row: Mapping[str, Any], names: NameBook | None = None) -> str:
        """Return what a finding in JSON form is called: its rule by its words, else what was found."""
        if row.get("label"):
            return str(row["label"])
        finding = convert(row, Finding)
        return Reasons(self.words, resolver(names)).of(finding, Scene("", None, ""))[0]

    def _head(self, finding: Finding, command: str) -> str:
        act = self.words.known("act", command) or (self.command(command) if command else self._do_it())
        if command == "record_step" and finding.verdict is Verdict.LATE and self.lang == "zh":
            act = finding.label or act
        late = finding.days_late if finding.days_late is not None else ""
        key = verdict_key(finding.verdict, finding.facts, finding.kind)
        if finding.kind == "quota" and finding.verdict is Verdict.BLOCK:
            key = "void"
        if finding.kind in ("calendar", "paper"):
            key = finding.kind
        if finding.verdict is Verdict.LATE and finding.days_late is None:
            key = "late_rough"
        return self.words.sentence("head", key, act=act, days_late=late)

    def _do_it(self) -> str:
        return "办理" if self.lang == "zh" else "do this"

    def calc(self, calc: Calc, names: NameBook | None = None) -> str:
        """Return a line of arithmetic: ``2024-06-01 + 12 个月 = 2025-06-01``."""
        return Reasons(self.words, resolver(names)).calc(calc)

    def as_history(self, row: Mapping[str, Any]) -> str:
        """Return that a record was entered as history, and how many days after the act."""
        late = local_day(datetime.fromisoformat(str(row["recorded_at"]))) - date.fromisoformat(str(row["on"]))
        return self.say("as_history_late", days=late.days) if late.days > 0 else self.say("as_history")

    # --- limits and duties ------------------------------------------------------------------------------

    def deadline(self, row: Mapping[str, Any]) -> str:
        """Return one sentence about a row of the deadlines answer."""
        who = str(row.get("person") or row.get("unit") or "")
        subject = str(row.get("step") or row.get("subject") or row.get("rule") or "")
        step = self._about(str(row.get("rule")), subject)
        status, left = str(row.get("status", "due")), row.get("days_left")
        key = "today" if status == "due" and left == 0 else status
        if not self.words.has("deadline", key):
            key = "due"
        if row.get("awaited") and status == "due":
            key = "awaited" if isinstance(left, int) and left > 0 else "awaited_now"
            key = {"follow-up": "followed", "proposal": "proposed"}.get(str(row.get("watch")), key)
        days = abs(int(left)) if isinstance(left, int) else ""
        if status == "held" and (by := row.get("held_by")):
            told = resting(self.words, row, by, who, step)
            return self.words.joined(told, "", str(row.get("clause") or ""), "")
        gap = "的" if self.lang == "zh" and who else ""
        text = self.words.sentence(
            "deadline", key, who=who + gap, step=step, days=days, due_on=row.get("due_on", "")
        )
        return self.words.joined(text, "", str(row.get("clause") or ""), "")

    def duty(self, row: Mapping[str, Any]) -> str:
        """Return why a cell of the compliance answer says what it says, in one sentence."""
        return self.words.joined(cell_sentence(self.words, row), "", "", "")

    def duty_basis(self, row: Mapping[str, Any], labels: Callable[[str], str]) -> list[str]:
        """Return by which rule and clause a cell that is not in order stands so, a sentence each."""
        return [self.words.joined(one, "", "", "") for one in basis_of(self.words, row, labels)]

    def reminder(self, row: Mapping[str, Any]) -> str:
        """Return what a reminder says; the one that is sent is in Chinese, whoever looks at it."""
        if self.lang == "zh":
            return str(row["text"])
        stage = str(row["stage"])
        if row["count"] > 1 and stage != "history":
            stage = "several"
        stage = "proposed" if row["rule"] in PROPOSED else stage
        subject = self._about(str(row["rule"]), str(row["matter"]))
        period = subject == row["matter"]
        what = f"{self.words.word('rule', str(row['rule']))} {subject}" if period else subject
        who = ", ".join(str(name) for name in (row["unit"], row["person"]) if name)
        days = abs(int(row["days_left"]))
        told = {"what": what, "due_on": row["due_on"], "days": days, "count": row["count"]}
        text = self.words.sentence("reminder", stage, who=who, **told)
        return self.words.joined(text, "", str(row["clause"]) if stage != "history" else "", "")

    # --- problems ---------------------------------------------------------------------------------------

    def problem(self, problem: Problem) -> tuple[str, str, str]:
        """Return the three parts for any problem, one with an unknown code too."""
        facts = facts_of(problem, self)
        reason, remedy = getattr(problem, "reason", None), getattr(problem, "remedy", None)
        if isinstance(reason, str) and isinstance(remedy, str):
            return self._of_a_file(problem, reason, remedy)
        try:
            code = _STORED.get(problem.code, problem.code) if "topic" in problem.facts else problem.code
            what, why, remedy = self.words.problem(code, facts)
        except KeyError:
            return self.words.problem("unknown", facts)
        spare = self.words.problem("unknown", facts)
        if code in _NAMED and not problem.facts.get("near", True):
            remedy = self.say("nothing_near")
        return what or spare[0], why or spare[1], remedy or spare[2]

    def _of_a_file(self, problem: Problem, reason: str, remedy: str) -> tuple[str, str, str]:
        """Return the parts for a file refused whole: its sentences are those of the importer."""
        if self.lang == "en":
            from workflows.adapters.workbooks import wording

            reason, remedy = (
                tell(problem.code, problem.facts, "en") for tell in (wording.reason, wording.remedy)
            )
        return ("没有导入" if self.lang == "zh" else "Nothing was imported"), reason, remedy

    def problem_text(self, problem: Problem) -> str:
        """Return the three parts as one message."""
        what, why, remedy = self.problem(problem)
        return self.words.joined(what, why, "", remedy)

    def flaw(self, flaw: Flaw) -> str:
        """Return what is wrong with a pack file: the line, the place, what, and what was probably meant."""
        line = self.say("in_line", line=flaw.line) if flaw.line else ""
        near = self.say("did_you_mean", words=self.words.listed(flaw.near)) if flaw.near else ""
        place = f"{flaw.place} " if flaw.place else ""
        return f"{line}{place}{explained(flaw.message, self)}{near}"

    def choices(self, values: Iterable[str]) -> str:
        """Return the values that a field may hold, as typed, each with its word."""
        words = {value: self.words.any_word(value, *_VALUES) for value in values}
        return self.words.listed(f"{value}（{word}）" if word else value for value, word in words.items())

    def field(self, name: str, command: str = "") -> str:
        """Return a field (of a command) as typed, its word behind it."""
        if self.lang == "en":
            return name
        word = self.words.field(NAMED_BY.get(name, name), command) or self._own_day(name)
        return f"{word}（{name}）" if word else name


def finding_json(
    finding: Finding,
    wording: Wording,
    names: NameBook | None = None,
    *,
    command: str = "",
    on: date | None = None,
    who: str = "",
) -> dict[str, Any]:
    """Return a finding in the form of the contract; ids of people inside are shown as names."""
    tell = lookup(names)
    told: dict[str, Any] = {
        "rule": finding.rule,
        "verdict": str(finding.verdict),
        "clause": finding.clause,
        "pack": finding.pack,
        "version": finding.version.isoformat() if finding.version else None,
        "facts": named(finding.facts, tell),
        "earliest_on": finding.earliest_on.isoformat() if finding.earliest_on else None,
        "latest_on": finding.latest_on.isoformat() if finding.latest_on else None,
        "days_late": finding.days_late,
        "message": wording.finding(finding, names, command=command, on=on, who=who),
        "label": finding.label,
        "kind": finding.kind,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "calc": [wording.calc(line, names) for line in finding.calc],
        "because": [
            {
                "event": source.event,
                "event_id": str(source.event_id),
                "on": source.on.isoformat(),
                "recorded_on": source.recorded_on.isoformat(),
                "position": source.position,
            }
            for source in finding.because
        ],
        "missing": list(finding.missing),
        **({"approx": finding.approx} if finding.approx else {}),
    }
    if finding.later is not None:
        told["lawful_on"] = finding.later.on.isoformat()
    if finding.aliases:
        told["aliases"] = list(finding.aliases)
    if finding.against:
        told["against"] = finding.against
    if finding.verdict is Verdict.CONFLICT:
        told["values"], told["holds"] = finding.values, finding.holds
    return told


def findings_json(
    findings: Iterable[Finding], wording: Wording, names: NameBook | None = None, **scene: Any
) -> list[dict[str, Any]]:
    """Return findings in the form of the contract, in their order."""
    return [finding_json(finding, wording, names, **scene) for finding in findings]
