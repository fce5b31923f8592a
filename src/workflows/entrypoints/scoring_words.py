"""考评得分 in words, for screen, sheet and page: the state of a criterion, why, what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.entrypoints.cell_words import activity_word
from workflows.entrypoints.wording import Wording

BROKEN = frozenset({"missing", "invalid"})
NOT_KEPT = BROKEN | {"late", "refer", "pending"}

SHEET = (
    "unit", "scored_item", "title", "points", "state", "not_kept", "by_facts", "claim", "claim_evidence",
    "last_points", "review_points", "review_reason", "clause", "unit_id",
)  # fmt: skip
"""The columns of a sheet: a row a unit and criterion."""


def plain(value: Any) -> Any:
    """Return a whole number without its point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def state(criterion: Mapping[str, Any], wording: Wording) -> str:
    """Return whether a criterion is fulfilled by the facts, or why a person must say."""
    told = wording.words.word("scoring", str(criterion["state"]))
    if criterion["why"]:
        return wording.words.word("scoring", str(criterion["why"]))
    if criterion["open_times"]:
        return told + wording.say(
            "scoring_times_open", count=criterion["times"], open_times=criterion["open_times"]
        )
    if criterion["times"]:
        return told + wording.say("scoring_times", count=criterion["times"])
    return told


def matter(told: Mapping[str, Any], wording: Wording) -> str:
    """Return what a thing the facts say is about: the duty and its period, the limit, or the rule."""
    if told["kind"] == "cell":
        what = f"{told['what']} {activity_word(wording.words, told['rule'], told['activity'] or '')}"
    elif told["kind"] == "limit":
        what = wording.limit(told["rule"], told["what"])
    else:
        what = told["label"]
    return " ".join(part for part in (what, told["part"], told["person"]) if part)


def proof(told: Mapping[str, Any], wording: Wording) -> str:
    """Return one thing the facts say: what it is about, how it stands, the day of it."""
    is_due = told["outcome"] in BROKEN and told["kind"] == "limit"
    day = told["on"] or (told["due_on"] if is_due else None)
    return " ".join(part for part in (matter(told, wording), outcome(told, wording), day) if part)


def outcome(told: Mapping[str, Any], wording: Wording) -> str:
    """Return how a thing the facts say stands; an act is by the rule or not."""
    if told["kind"] == "act" and told["outcome"] in ("met", "missing"):
        return wording.words.word("scoring", "kept" if told["outcome"] == "met" else "not_kept")
    return wording.verdict(told["outcome"])


def rows(answer: Mapping[str, Any], wording: Wording) -> list[dict[str, Any]]:
    """Return a row a unit and criterion, for a sheet."""
    return [
        {
            "unit": row["unit"],
            "scored_item": one["id"],
            "title": one["title"],
            "points": plain(one["points"]),
            "state": state(one, wording),
            "not_kept": [proof(told, wording) for told in one["proofs"] if told["outcome"] in NOT_KEPT],
            "by_facts": plain(one["by_facts"]),
            "claim": plain(one["claim"]["points"]) if one["claim"] else None,
            "claim_evidence": evidence(one["claim"], wording),
            "last_points": plain(one["last_points"]),
            "review_points": plain(one["review"]["points"]) if one["review"] else None,
            "review_reason": one["review"]["reason"] if one["review"] else None,
            "clause": one["clause"],
            "unit_id": row["unit_id"],
        }
        for row in answer["rows"]
        for one in row["criteria"]
    ]


def evidence(claim: Mapping[str, Any] | None, wording: Wording) -> str | None:
    """Return what a unit shows for its claim; that it shows nothing, where it does not."""
    if claim is None:
        return None
    if claim["bare"]:
        return wording.words.word("scoring", "bare")
    parts = [claim["evidence"] or ""]
    if claim["events"]:
        parts.append(wording.say("scoring_events", count=len(claim["events"])))
    return " ".join(part for part in parts if part) or None


def summary(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one line about a unit: what it gave itself, what the reviews gave, what was decided."""

    def last(step: str) -> float | None:
        found = [one["score"] for one in row["scores"] if one["step"] == step and not one["void"]]
        return found[-1] if found else None

    return {
        "unit": row["unit"],
        "self_score": plain(last("assess_self")),
        "review_score": plain(last("review")),
        "automatic": row["automatic"],
        "by_hand": row["by_hand"],
        "satisfaction": row["satisfaction"],
        "score": plain(row["score"]),
        "grade": row["grade"] if not row["revoked_on"] else None,
        "unit_id": row["unit_id"],
    }
