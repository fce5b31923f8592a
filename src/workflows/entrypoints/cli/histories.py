"""A history: its events, what differs from other knowledge, the state; on a screen and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.entrypoints import case_state, rendering
from workflows.entrypoints.case_words import CaseWords
from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.amendments import Steps, amendment_line, changes_of, steps_of
from workflows.entrypoints.cli.facts_lines import facts_line
from workflows.kernel.clock import LOCAL

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame
    from workflows.entrypoints.pieces import Names
    from workflows.entrypoints.wording import Wording
    from workflows.kernel.events import Known

FINDINGS, CHANGES = "findings", "changes"
STREAM = "stream"
"""Of which row of somebody merged a record is: for programs."""
OF_CASES = frozenset({"campaign", "inspection", "listing", "rectification", "site"})
OF_A_UNIT: Mapping[str, str] = {"name": "unit_name", "documents": "unit_documents"}
"""Under which name a fact of the state of a unit stands on a card, where it would be that of a person."""

ONE_A_LINE = frozenset({"ratings", "closures", "assessments", "case_findings", "grades", "unit_documents"})
"""Facts of a state that are lists of sentences: on a card each has a line of its own."""


def case_words(frame: Frame, answer: Mapping[str, Any], known: Known, names: Names) -> CaseWords | None:
    """Return the words for a history that is a case's, as they stand on its day; None of any other."""
    from datetime import date

    if answer["kind"] not in OF_CASES:
        return None
    unit_id, day = answer["state"]["unit_id"], date.fromisoformat(answer["as_of"])
    with frame.app.answering.opened(known, day) as opened:
        rules = opened.books.rules_for(UUID(unit_id) if unit_id else None, day)
    return CaseWords(frame.app.rules, lambda: rules, day, names)


def in_words(answer: Mapping[str, Any], words: CaseWords | None) -> dict[str, Any]:
    """Return a history whose facts speak of rules, plans and periods in words, where it is that of a case."""
    if words is None:
        return dict(answer)
    told = {**answer, "rows": words.rows(answer["rows"])}
    if "diff" in answer:
        pairs = [
            {**pair, **{side: pair[side] and words.rows([pair[side]])[0] for side in ("this", "other")}}
            for pair in answer["diff"]["rows"]
        ]
        told["diff"] = {**answer["diff"], "rows": pairs}
    return told


def name_of(answer: Mapping[str, Any], typed: str, names: Names) -> str:
    """Return what a history is of: the name there is, that of the record it began with, or what was typed."""
    rows: Sequence[Mapping[str, Any]] = answer["rows"]
    first: Mapping[str, Any] = min(rows, key=lambda row: int(row["position"]))["facts"] if rows else {}
    profile = first.get("profile")
    told = profile.get("name") if isinstance(profile, Mapping) else first.get("name")
    return str(names(answer["id"]) or first.get("subject") or told or typed)


# --- as a sheet ---------------------------------------------------------------------------------------------


def history_sheet(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return the rows of a history for CSV and workbook, in the columns that they have."""
    steps = steps_of(rows)
    return [_row(row, wording, steps) for row in rows]


def _row(row: Mapping[str, Any], wording: Wording, steps: Steps) -> dict[str, Any]:
    told = {
        **{key: value for key, value in row.items() if key != STREAM},
        "recorded_at": local_moment(str(row["recorded_at"])),
        "facts": facts_line(row, wording),
        FINDINGS: [finding["message"] for finding in row[FINDINGS]],
    }
    if row.get("now"):
        told["now"] = [finding["message"] for finding in row["now"]]
    else:
        told.pop("now", None)
    if CHANGES in row:
        told[CHANGES] = changes_of(row, wording, steps)
    return told


def local_moment(text: str) -> str:
    """Return a moment as the clock on the wall showed it: ``2026-11-22 08:22``."""
    return f"{datetime.fromisoformat(text).astimezone(LOCAL):%Y-%m-%d %H:%M}"


# --- on a screen --------------------------------------------------------------------------------------------


def view(answer: Mapping[str, Any], frame: Frame, words: CaseWords | None) -> Sequence[RenderableType]:
    """Return a history for the screen: its events, the difference asked for, and the state."""
    say = frame.wording.say
    pieces: list[RenderableType] = []
    if gone := answer["withdrawn"]:
        told = {**gone, "day": local_moment(gone["recorded_at"])[: len("2026-11-22")]}
        pieces += [layout.told(say("history_withdrawn", **told), frame), ""]
    if "asked_for" in answer:
        into = answer["merged_into"] or answer["id"]
        pieces.append(say("merged_away", asked=answer["asked_for"], into=into))
    others = [{"name": one["name"] or one["id"], "id": one["id"]} for one in answer.get("merged", ())]
    pieces += [say("merged_here", **one) for one in others]
    pieces.append(layout.history_view(answer["rows"], frame))
    if "diff" in answer:
        pieces += ["", layout.heading(say("diff", known=answer["diff"]["known_on"]))]
        pieces += difference_view(answer, frame, words)
    if not gone:
        told = state_told(answer["state"], str(answer["kind"]), frame.wording, words)
        told |= {key: "\n".join(told[key]) for key in ONE_A_LINE & told.keys() if told[key]}
        pieces += ["", layout.heading(say("state")), layout.card(told, frame)]
    return pieces


def state_told(
    state: Mapping[str, Any], kind: str, wording: Wording, words: CaseWords | None
) -> dict[str, Any]:
    """Return a state, or some facts of one, under the names they have there, each in words."""
    if words is not None:
        return case_state.state({"kind": kind, **state}, wording, words)
    told = {OF_A_UNIT.get(key, key) if kind == "unit" else key: value for key, value in state.items()}
    if told.get("grades"):
        from workflows.entrypoints.grade_words import grade_line

        told["grades"] = [grade_line(row, wording) for row in told["grades"]]
    if told.get("unit_documents"):
        told["unit_documents"] = [
            rendering.cell("documents", row, wording, "file_document") for row in told["unit_documents"]
        ]
    return told


def difference_view(answer: Mapping[str, Any], frame: Frame, words: CaseWords | None) -> list[RenderableType]:
    """Return what differs between two horizons: events seen by one only or otherwise, and the state."""
    wording, diff = frame.wording, answer["diff"]
    steps = {**steps_of([pair["this"] or pair["other"] for pair in diff["rows"]]), **steps_of(answer["rows"])}
    rows: list[dict[str, Any]] = [
        {
            "position": row["position"],
            "event": (row["this"] or row["other"])["event"],
            "event_name": None,
            "before": _told_whole(row["other"], wording, steps),
            "after": _told_whole(row["this"], wording, steps),
        }
        for row in diff["rows"]
    ]
    before, after = (
        state_told(
            {key: pair[side] for key, pair in diff["state"].items()}, str(answer["kind"]), wording, words
        )
        for side in ("other", "this")
    )
    for key in dict.fromkeys([*before, *after]):
        old, new = (rendering.cell(key, told.get(key), wording) for told in (before, after))
        rows.append({"event_name": wording.column(key), "before": old, "after": new})
    if not rows:
        return [wording.say("unchanged")]
    return [rendering.cards(rows, wording, width=frame.width)]


def _told_whole(row: Mapping[str, Any] | None, wording: Wording, steps: Steps) -> str:
    """Return an event with its day and what became of it, "" where it is not there."""
    if row is None:
        return ""
    said = amendment_line(row, wording, steps) or facts_line(row, wording)
    return "  ".join(part for part in (rendering.day_told(row), said, *layout.marks(row, wording)) if part)
