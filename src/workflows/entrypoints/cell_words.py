"""履行情况: what a cell says in one sentence: what was held, what was due, why nothing was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.entrypoints.catalogue import Catalogue
from workflows.entrypoints.relieved import waiver_of

NOT_IN_ORDER = frozenset({"missing", "invalid", "late", "refer"})
"""The verdicts of a cell that somebody has to do something about, or had to."""

DATED = {"not-yet-asked": "_until", "no-longer-asked": "_from"}
"""Reasons of an exemption that read otherwise where their day is known."""


STANDING = frozenset({"met", "late", "missing", "pending"})
"""What is said in other words of a duty that looks at the last day of its period alone."""


def cell_sentence(words: Catalogue, row: Mapping[str, Any]) -> str:
    """Return why a cell of the compliance answer says what it says, without its full stop."""
    waiver = waiver_of(row)
    facts, verdict = row["facts"], _key(row, waived=bool(waiver))
    held = row["evidence"] if verdict == "invalid" else [e for e in row["evidence"] if e["valid"]]
    return words.sentence(
        "compliance",
        verdict,
        what=activity_word(words, row["rule"], facts["activity"]),
        unit=words.sentence("compliance", f"unit_{facts.get('sum') or 'acts'}"),
        days=words.listed(str(event["on"]) for event in held),
        numbers=_numbers(words, row.get("base") or {}),
        **facts,
        late=row["recorded_days_late"],
        period=row["period"],
        authority=waiver.get("authority", ""),
        document=waiver.get("document", ""),
        since=waiver.get("on", ""),
        until=waiver.get("until", ""),
    )


def basis_of(words: Catalogue, row: Mapping[str, Any], labels: Callable[[str], str]) -> list[str]:
    """Return by which rule and clause a cell that is not in order stands so, and which rule a record broke.

    ``labels`` gives what a rule asks for, in the words of its pack.
    """
    if row["verdict"] not in NOT_IN_ORDER:
        return []
    broken = dict.fromkeys(rule for event in row["evidence"] for rule in event["flaws"])
    told = [
        words.sentence("compliance", "basis_broken", rule=rule, label=labels(rule))
        for rule in (broken if row["verdict"] == "invalid" else ())
    ]
    return [*told, words.sentence("compliance", "basis", rule=row["rule"], clause=row["clause"])]


def _numbers(words: Catalogue, base: Mapping[str, Any]) -> str:
    """Return who should have come to the meeting of a cell and who came, "" where nothing is known of it.

    Of contacts: how many of the leading body keep one.
    """
    if base.get("leaders"):
        return words.sentence("compliance", "numbers_leaders", **base)
    if base.get("attending") is None:
        return ""
    told = words.sentence("compliance", "numbers" if base.get("eligible") else "numbers_attending", **base)
    return told + (words.sentence("compliance", "numbers_exempt", **base) if base.get("exempt") else "")


def activity_word(words: Catalogue, rule: str, activity: str) -> str:
    """Return what a duty is about in a few words: the meeting it asks for, else what its rule is called."""
    return words.known("meeting", activity) or words.known("rule", rule) or words.word("command", activity)


def _key(row: Mapping[str, Any], *, waived: bool) -> str:
    """Return which sentence tells of a cell."""
    facts, verdict = row["facts"], str(row["verdict"])
    if waived:
        return "waived"
    if facts.get("counted_by") == "person" and verdict != "exempt" and not facts.get("unsure"):
        return f"{verdict}_members"
    if facts.get("standing") and verdict in STANDING:
        return f"{verdict}_standing"
    if verdict == "met" and row["recorded_days_late"]:
        return "met_entered_late"
    if verdict == "missing" and facts["required"] > 1:
        return "missing_some"
    if verdict == "exempt":
        reason = str(facts["exempt"])
        return _said(verdict, reason) + (DATED.get(reason, "") if facts.get("exempt_on") else "")
    if verdict == "refer" and facts.get("unsure"):
        return _said(verdict, str(facts["unsure"]))
    return verdict


def _said(verdict: str, reason: str) -> str:
    return f"{verdict}_{reason.replace('-', '_')}"
