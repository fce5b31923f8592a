"""What comes next in a campaign: which act, and about which of those that take part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.entrypoints.web import campaign_told
from workflows.policies.kinds import Requires
from workflows.policies.rules import Rules

Told = Mapping[str, Any]
SURVEY, VOID = "survey_masses", "void_round"
KEPT = frozenset({"ok", "refer"})


def next_of(found: Told, rules: Rules) -> dict[str, str]:
    """Return the act that comes first and the unit it is about: the first part of the flow not done."""
    holds, rows = found["round"], found["rows"]
    if found["frozen_on"] is None and not any(row["scores"] for row in rows):
        return {"wanted": "freeze_rubric"}
    parts = campaign_told.flow(found)
    open_appeals = [one for one in holds["appeals"] if one["settled"] is None and one["unit_id"]]
    here = next((place for place, one in enumerate(parts) if one["shape"] == "cur"), len(parts))
    match here:
        case 0:
            return _first(
                "assess_self", (row for row in rows if campaign_told.last(row, "assess_self") is None)
            )
        case 1:
            asked = (
                [row for row in rows if row["satisfaction"] is None] if _asks_the_masses(found, rules) else []
            )
            if asked:
                return _first(SURVEY, asked)
            return _first("review", (row for row in rows if campaign_told.last(row, "review") is None))
        case 2:
            return {"wanted": "draw_sample" if holds["sample"] is None else "recheck"}
        case 3 if _is_to_be_done_again(holds["recheck"]):
            return {"wanted": VOID}
        case 3 if open_appeals:
            return {"wanted": "settle_appeal", "about": str(open_appeals[0]["unit_id"])}
        case 3 if not holds["notices"]:
            return {"wanted": "post_notice"}
        case 3:
            return _first("confirm_rating", (row for row in rows if not row["grade"]))
    hung = [row for row in rows if row["plate"] == "due"]
    down = [row for row in rows if row["plate"] == "to_take_down"]
    return _first("take_plate_down", down) if down else _first("hang_plate", hung) if hung else {"wanted": ""}


def is_awaited(row: Told, wanted: str, found: Told) -> bool:
    """Say whether a unit still waits for the act that comes next, or has something to be looked at."""
    sample, recheck = found["round"]["sample"], found["round"]["recheck"]
    if row["plate"] in ("due", "to_take_down", "open") or _is_among(row, recheck, "wrong_units"):
        return True
    match wanted:
        case "assess_self" | "review":
            return campaign_told.last(row, wanted) is None
        case "survey_masses":
            return row["satisfaction"] is None
        case "recheck":
            return _is_among(row, sample, "sampled_units")
        case "confirm_rating":
            return not row["grade"]
    return False


def _is_among(row: Told, told: Told | None, units: str) -> bool:
    return told is not None and any(one["unit_id"] == row["unit_id"] for one in told[units])


def _first(command: str, lacking: Iterable[Told]) -> dict[str, str]:
    return {"wanted": command, "about": next((str(row["unit_id"]) for row in lacking), "")}


def _asks_the_masses(found: Told, rules: Rules) -> bool:
    """Say whether the plan asks for the survey before a grade is confirmed."""
    plan = [pack for pack in rules.packs if found["scheme"] in (pack.id, pack.title)]
    held = [rule for pack in plan for rule in pack.own_rules if isinstance(rule, Requires)]
    return any("confirm_rating" in rule.on and SURVEY in rule.step for rule in held)


def _is_to_be_done_again(recheck: Told | None) -> bool:
    """Say whether the plan does not let the reviews stand after the re-check."""
    return recheck is not None and any(one["verdict"] not in KEPT for one in recheck["rules"])
