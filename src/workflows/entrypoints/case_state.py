"""Where a case stands, line by line: each fact under the name it has for its kind, and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workflows.entrypoints.case_words import CaseWords
from workflows.entrypoints.rendering import cell
from workflows.entrypoints.wording import Wording

NAMES: Mapping[str, Mapping[str, str]] = {
    "": {"subject": "case_subject", "over": "case_over", "opened_on": "case_opened_on"},
    "campaign": {
        "units": "campaign_units",
        "declared": "case_declared",
        "passed": "case_passed",
        "sample": "case_sample",
        "recheck": "case_recheck",
    },
    "inspection": {"findings": "case_findings"},
    "listing": {"due_on": "overhaul_due_on", "accepted": "overhaul_accepted"},
    "rectification": {
        "source": "issue_source",
        "severity": "issue_severity",
        "leader": "case_leader",
        "level": "escalated_to",
        "text": "issue_text",
        "rule": "issue_rule",
        "period": "issue_period",
        "due_on": "issue_due_on",
    },
    "site": {"level": "site_level"},
}
"""Under which heading a fact of a state stands, by the kind of the case ("": of every kind)."""

FOR_THE_PROGRAM = frozenset({"kind", "unit_id", "kept_by_id"})


def state(told: Mapping[str, Any], wording: Wording, words: CaseWords) -> dict[str, Any]:
    """Return the state of a case for a card: each value in words, under the name it has there."""
    kind, found = str(told["kind"]), dict[str, Any]()
    for key, value in words.facts(told).items():
        if key in FOR_THE_PROGRAM or (key == "over" and kind == "campaign"):
            continue
        name = NAMES[kind].get(key) or NAMES[""].get(key, key)
        tell = _TELL.get(key)
        if key == "stage":
            found[name] = wording.stage(f"{kind}.{value}")
        elif tell is not None and value not in (None, []):
            found[name] = tell(value, wording, words)
        else:
            found[name] = value
    return found


def named(key: str, kind: str) -> str:
    """Return under which heading a fact of the state of a kind of case stands."""
    return NAMES.get(kind, {}).get(key) or NAMES[""].get(key, key)


def _joined(parts: Sequence[str], wording: Wording) -> str:
    return ("，" if wording.lang == "zh" else ", ").join(part for part in parts if part)


def _sample(value: Mapping[str, Any], wording: Wording, words: CaseWords) -> str:
    units = wording.words.listed(map(str, value["units"]))
    key = "told_drawn" if units else "told_drawn_number"
    drawn = wording.say(key, count=value["count"], units=units)
    seed = wording.say("told_seed", seed=value["seed"]) if value["seed"] else ""
    return drawn + wording.words.bracketed(seed)


def _recheck(value: Mapping[str, Any], wording: Wording, words: CaseWords) -> str:
    concealed = wording.say("told_concealed") if value["concealed"] else ""
    return _joined([wording.say("told_recheck", **value), concealed], wording)


def _count(value: int, wording: Wording, words: CaseWords) -> str:
    return wording.say("told_units", count=value)


def _declared(value: int, wording: Wording, words: CaseWords) -> str:
    """Return how many units have declared; where none is on the books, that nothing was recorded."""
    return wording.say("told_units", count=value) if value else wording.say("told_nobody_declared")


def _ratings(value: Sequence[Mapping[str, Any]], wording: Wording, words: CaseWords) -> list[str]:
    return [_rating(one, wording) for one in value]


def _rating(one: Mapping[str, Any], wording: Wording) -> str:
    """Return what was decided of one unit: its grade, when, by how many points."""
    told = {"unit": one["unit"], "on": one["on"], "what": wording.event(one["event"])}
    if not one["grade"]:
        return wording.say("told_unrated", **told)
    parts = [wording.say("told_score", score=f"{one['score']:g}")] if one["score"] is not None else []
    if one["satisfaction"] is not None:
        parts.append(wording.say("told_rate", rate=f"{one['satisfaction']:g}"))
    more = "".join(("，" if wording.lang == "zh" else ", ") + part for part in parts)
    return wording.say("told_rated", grade=one["grade"], more=more, **told)


def _closures(value: Sequence[Mapping[str, Any]], wording: Wording, words: CaseWords) -> list[str]:
    return [
        wording.say("told_closed" if one["by"] else "told_closed_by_nobody", on=one["on"], by=one["by"])
        for one in value
    ]


def _accepted(value: Mapping[str, Any], wording: Wording, words: CaseWords) -> str:
    parts = [value["on"], wording.say(_PASSED[value["passed"]])]
    if value["score"] is not None:
        parts.append(wording.say("told_score", score=f"{value['score']:g}"))
    if value["dissatisfied"] is not None:
        parts.append(wording.say("told_dissatisfied", rate=f"{value['dissatisfied']:g}"))
    return _joined(parts, wording)


def _assessments(value: Sequence[Mapping[str, Any]], wording: Wording, words: CaseWords) -> list[str]:
    return [_assessment(one, wording, words) for one in value]


def _assessment(one: Mapping[str, Any], wording: Wording, words: CaseWords) -> str:
    """Return one assessment of a site: its day, whether it was passed, the satisfaction, what was unmet."""
    parts = [one["on"]]
    if one["year"]:
        parts.append(wording.say("told_for_year", year=one["year"]))
    parts.append(wording.say(_PASSED[one["passed"]]))
    if one["satisfaction"] is not None:
        parts.append(wording.say("told_rate", rate=f"{one['satisfaction']:g}"))
    if one["unmet"]:
        labels = wording.words.listed(words.label(name) for name in one["unmet"])
        parts.append(wording.say("told_lacking", labels=labels))
    return _joined(parts, wording)


_PASSED = {True: "told_passed", False: "told_failed", None: "told_undecided"}


def _findings(value: Sequence[Mapping[str, Any]], wording: Wording, words: CaseWords) -> list[str]:
    return [cell("findings", words.facts(one), wording, "raise_finding") for one in value]


def _points(value: Sequence[str], wording: Wording, words: CaseWords) -> list[str]:
    return [words.label(one) for one in value]


def _files(value: Sequence[str], wording: Wording, words: CaseWords) -> list[str]:
    return [words.name_of(one) or one for one in value]


Tell = Callable[[Any, Wording, CaseWords], Any]
_TELL: Mapping[str, Tell] = {
    "sample": _sample,
    "recheck": _recheck,
    "units": _count,
    "declared": _declared,
    "passed": _count,
    "ratings": _ratings,
    "closures": _closures,
    "accepted": _accepted,
    "assessments": _assessments,
    "findings": _findings,
    "recurs": _files,
    "not_looked": _points,
    "to_raise": _points,
}
"""How a fact is told that is more than a word, a day or a number."""
