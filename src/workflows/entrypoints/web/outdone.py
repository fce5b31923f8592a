"""Which acts of a campaign no longer count, by its history: reviewed again, claimed again, begun anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workflows.entrypoints.web.timeline import Entry
from workflows.entrypoints.web.words import CATALOGUE

Row = Mapping[str, Any]
AGAIN = {"Reviewed": "初评", "SelfAssessed": "自评"}
"""Acts of which the last word on each thing holds."""

OF_A_ROUND = frozenset({"Reviewed", "SampleDrawn", "Rechecked"})
GONE = "不再作数"


def outdone(rows: Sequence[Row]) -> dict[int, str]:
    """Return by position what no longer counts of an act and since when; ``rows`` in the order of their days.

    What was withdrawn is told elsewhere, and outdoes nothing.
    """
    found: dict[int, str] = {}
    told: list[Row] = []
    for row in rows:
        if row.get("retracted_by"):
            continue
        if row["event"] == "RoundVoided":
            of_it = [one for one in told if one["event"] in OF_A_ROUND]
            found |= {int(one["position"]): f"{GONE}：{row['on']} 推倒重来" for one in of_it}
            told = [one for one in told if one not in of_it]
            continue
        for one in told:
            position, text = int(one["position"]), _by(one, row)
            if text and GONE not in found.get(position, ""):
                found[position] = text
        if row["event"] in AGAIN or row["event"] in OF_A_ROUND:
            told.append(row)
    return found


def noted(entries: Sequence[Entry], notes: Mapping[int, str]) -> list[Entry]:
    """Return the entries of a history, what no longer counts of them in front of what else is told."""
    return [
        replace(one, notes=[notes[one.position], *one.notes]) if one.position in notes else one
        for one in entries
    ]


def _by(one: Row, later: Row) -> str:
    """Return what no longer counts of an act since a later one; "" where all of it does."""
    mine, its, word = one["facts"], later["facts"], AGAIN.get(one["event"])
    if word is None or one["event"] != later["event"] or mine["about"] != its["about"]:
        return ""
    since = f"{later['on']} 的{word}"
    if mine["about"] is None:
        return f"达标的以 {since}为准" if mine.get("passing") and its.get("passing") else ""
    before, after = ({point["criterion"] for point in facts["scores"]} for facts in (mine, its))
    if after or (its["score"] is not None and not before):
        if before <= after:
            return f"{GONE}：{later['on']} 重新{word}"
        both = sorted(before & after)
        return f"其中{CATALOGUE.listed(both)}以 {since}为准" if both else ""
    if its["score"] is not None:
        return f"总分以 {since}为准"
    told = mine.get("passed") is not None and its.get("passed") is not None
    return f"是否达标以 {since}为准" if told else ""
