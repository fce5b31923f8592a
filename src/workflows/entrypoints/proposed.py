"""建议的话: what speaks for looking at a decision again, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording


PROPOSED = frozenset({"rating-review", "rating-correct", "follow-up-relapse", "site-adjust"})
"""The rules of the limits by which a person decides, and nothing is due."""


def causes_of(row: Mapping[str, Any], wording: Wording) -> str:
    """Return the causes of a proposal as one lists them: what, of which rule, since when."""
    return wording.words.listed(_cause(cause, wording) for cause in row["proposal"]["causes"])


def _cause(cause: Mapping[str, Any], wording: Wording) -> str:
    what = wording.subject(str(cause["what"]))
    rule = wording.words.known("rule", cause["rule"]) or (cause["label"] if wording.lang == "zh" else "")
    named = " ".join(part for part in (what, rule or cause["rule"]) if part)
    return wording.say("proposal_cause", what=named, since=cause["since"])


def choices_of(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what one can decide about a proposal: the commands, as they are called."""
    offers = [wording.command(offer["command"]) for offer in row["proposal"]["offers"]]
    return ("或者" if wording.lang == "zh" else " or ").join(offers)


def in_one_line(told: str, row: Mapping[str, Any], wording: Wording) -> str:
    """Return what is proposed with its causes, and what one can decide."""
    causes, choices = causes_of(row, wording), choices_of(row, wording)
    return wording.say("limit_proposed", what=told, causes=causes, choices=choices)
