"""How the answers look on a screen of 80 cells; a sheet and JSON have everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.entrypoints import proposed, rendering
from workflows.entrypoints.cli.amendments import amendment_line, steps_of
from workflows.entrypoints.cli.facts_lines import facts_line
from workflows.entrypoints.relieved import resting
from workflows.entrypoints.urgency import pressing_first
from workflows.entrypoints.widths import wrapped
from workflows.kernel.events import AMENDING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame
    from workflows.entrypoints.wording import Wording

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "deadlines": ("status", "due_on", "left", "unit", "person", "matter"),
    "pipeline": ("person", "stage", "since", "next"),
    "compliance": ("period", "matter", "verdict", "explanation"),
    "commands": ("command_name", "title", "fields"),
    "packs": ("id", "level", "title", "rules"),
    "packs_adopted": ("id", "level", "title", "adopted_by", "from", "until"),
    "rules_found": ("id", "label", "pack"),
    "remind": ("due_on", "channel", "recipient", "text"),
    "refused": ("sheet", "row", "column", "reason"),
    "noticed": ("count", "verdict", "where", "message"),
    "rules": ("from", "value", "kinds", "article", "confidence"),
    "papers": ("step", "act_on", "title", "status", "dated_on", "hash"),
}
SHEETS: Mapping[str, tuple[str, ...]] = {
    "deadlines": (
        "status", "due_on", "days_left", "unit", "person", "matter", "label", "rule", "clause", "severity",
        "bygone", "opens_on", "met_on", "because", "unit_id", "person_id",
    ),
    "pipeline": ("person", "unit", "stage", "since", "next", "done", "unit_id", "person_id"),
    "compliance": (
        "unit", "period", "matter", "verdict", "explanation", "evidence", "base", "recorded_days_late",
        "rule", "label", "clause", "severity", "unit_id",
    ),
    "remind": (
        "due_on", "days_left", "stage", "unit", "person", "channel", "recipient", "text", "rule", "clause",
    ),
    "papers": (
        "step", "act_on", "title", "status", "required", "dated_on", "signed_by", "attached_on", "name",
        "hash", "kept", "message", "clause", "confidence",
    ),
    "rules": (
        "id", "label", "kind", "on", "severity", "from", "value", "kinds", "article", "confidence", "note",
    ),
}  # fmt: skip
"""Columns of CSV and workbook: for people; JSON is for programs."""

NESTED = frozenset({"steps", "proofs", "findings", "circumstances"})
NOT_ON_A_SCREEN = frozenset({"unit", "gender", "id_number", "phone", "ethnic_group", "education", "cell"})
NOT_ON_A_SCREEN |= {"stage_since", "in_unit_since", "back_until", "months_unpaid"}
"""What a ledger by units leaves out: the unit stands above its rows, the rest is in its sheet."""

BYGONE = "bygone"
"""The status under which the command line lists duties of periods that are long over, and only those."""

MOST_NEXT = 3


def heading(text: str) -> RenderableType:
    """Return a heading."""
    from rich.text import Text

    return Text(text, style="bold")


def grid(rows: Sequence[Mapping[str, Any]], name: str, frame: Frame) -> RenderableType:
    """Return rows in the columns of an answer, or the word that there is nothing."""
    if not rows:
        return frame.wording.say("nothing")
    return rendering.table(rows, frame.wording, columns=COLUMNS.get(name, ()), width=frame.width)


def table_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], frame: Frame) -> RenderableType:
    """Return rows in some columns, or the word that there is nothing."""
    if not rows:
        return frame.wording.say("nothing")
    return rendering.table(rows, frame.wording, columns=columns, width=frame.width)


def card(state: Mapping[str, Any], frame: Frame) -> RenderableType:
    """Return a state as one card: a line each fact that is known."""
    told = {key: value for key, value in state.items() if value not in (None, [], "", {})}
    if not told:
        return frame.wording.say("nothing")
    return rendering.cards([told], frame.wording, width=frame.width)


def command_row(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """Return a command with its fields on one line, those that must be given marked."""
    mark = "（必填）" if wording.lang == "zh" else " (required)"
    fields = [
        f"{wording.field(name)}{mark if told['required'] else ''}"
        for name, told in row["fields"].items()
        if name != "on"
    ]
    return {"command_name": row["command"], "title": row["title"], "fields": fields}


def deadline_rows(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return rows of deadlines with what they are about in words; days left only while they count."""
    return [
        {
            **row,
            "matter": _with_relief(matter(row, wording), row, wording),
            "left": row["days_left"] if row["status"] in ("overdue", "due") else None,
        }
        for row in rows
    ]


def _with_relief(told: str, row: Mapping[str, Any], wording: Wording) -> str:
    """Return what a limit is about, with what lets it rest or the day from which it was moved."""
    if row.get("proposal"):
        return proposed.in_one_line(told, row, wording)
    if row.get("held_by"):
        return wording.say("limit_resting", what=told, why=resting(wording.words, row, row["held_by"]))
    if row.get("first_due_on"):
        return wording.say("limit_moved", what=told, first=row["first_due_on"])
    return told


def matter(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what a limit or duty is about: a person's step with its number, an activity with its period."""
    subject = str(row.get("subject") or "")
    if wording.words.known("limit", str(row.get("rule"))):
        return wording.limit(str(row["rule"]), subject)
    told = str(row.get("title") or "") or (wording.subject(subject) if subject else "")
    if told == subject and row.get("label") not in (None, "", subject):
        short = wording.words.known("rule", str(row.get("rule")))
        return f"{short or _label_of(row, wording)} {subject}".strip()
    if not row.get("title"):
        told = wording.limit(str(row.get("rule")), subject) if subject else ""
    number = row.get("number") if row.get("person") or row.get("person_id") else None
    return wording.say("limit_numbered", what=told, number=number) if number else told


def _label_of(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what a rule asks for: its label, in English what is to be held (labels are Chinese)."""
    if wording.lang == "zh":
        return str(row["label"])
    return wording.words.word("meeting", str(row["activity"])) if row.get("activity") else str(row["rule"])


def present(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the limits that can still be kept or made up for: without those of periods long over.

    What is long overdue stands behind what is overdue of late, and before what is not due yet.
    """
    now = [row for row in rows if not row["bygone"]]
    return sorted(now, key=pressing_first)


def deadlines_view(rows: Sequence[Mapping[str, Any]], bygone: int, frame: Frame) -> RenderableType:
    """Return limits, then how many blanks of periods long over there are besides."""
    from rich.console import Group

    pieces = [grid(rows, "deadlines", frame)]
    if bygone:
        pieces.append(frame.wording.say("bygone", count=bygone))
    return Group(*pieces)


def pipeline_view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return people under their units, each with the next steps and their days, a line a step."""
    wording = frame.wording
    if not rows:
        return wording.say("nothing")
    told = [{**row, "next": "\n".join(_next(row["next"], wording))} for row in rows]
    return by_unit(told, COLUMNS["pipeline"], frame)


def pipeline_rows(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return people with all their next steps in words, for a sheet."""
    return [{**row, "next": _next(row["next"], wording, None)} for row in rows]


def _next(steps: Sequence[Mapping[str, Any]], wording: Wording, most: int | None = MOST_NEXT) -> list[str]:
    told = []
    for step in steps[:most]:
        parts = [_step_word(step, wording)]
        for key in ("earliest_on", "latest_on"):
            if step.get(key):
                mark = wording.say("provisional_mark") if key == "earliest_on" and step["provisional"] else ""
                parts.append(wording.say(f"next_{key}", day=step[key]) + mark)
        if step.get("missing"):
            titles = step["missing_titles"]
            listed = wording.words.listed(
                titles.get(m) or rendering.cell("missing", m, wording) for m in step["missing"]
            )
            parts.append(wording.say("next_missing", missing=listed))
        told.append(" ".join(parts))
    return told


def _step_word(step: Mapping[str, Any], wording: Wording) -> str:
    """Return the name of a step: that of its command, else its title in the chart of a pack."""
    name = str(step["step"])
    return wording.words.known("command", name) or str(step.get("title") or "") or wording.command(name)


def ledger_sheet(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a ledger for a sheet: each step a column of its own, findings as their messages."""
    steps = list(dict.fromkeys(step for row in rows for step in row.get("steps") or ()))
    told = []
    for row in rows:
        flat = {key: value for key, value in row.items() if key not in NESTED}
        flat |= {step: (row.get("steps") or {}).get(step) for step in steps}
        if "findings" in row:
            flat["findings"] = [finding["message"] for finding in row["findings"]]
        told.append(flat)
    return told


def ledger_view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return the rows of a ledger for a screen: the steps as one list."""
    wording = frame.wording
    if not rows:
        return wording.say("nothing")
    told = []
    for row in rows:
        flat = {k: v for k, v in row.items() if k not in (*NESTED, "recorded_on", "position")}
        if "steps" in row:
            flat["steps"] = [f"{wording.command(step)} {day}" for step, day in row["steps"].items()]
        told.append(flat)
    if "steps" in rows[0]:
        return rendering.cards([_without_ids(row) for row in told], wording, width=frame.width)
    return by_unit(told, [key for key in rendering.shown_of(told) if key not in NOT_ON_A_SCREEN], frame)


def by_unit(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], frame: Frame) -> RenderableType:
    """Return rows as a table, each unit once, as a heading above its own."""
    from rich.console import Group

    units = [(unit, list(part)) for unit, part in groupby(rows, key=lambda row: str(row.get("unit") or ""))]
    return Group(*rendering.tables(units, frame.wording, columns=columns, width=frame.width))


def _without_ids(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not key.endswith("_id")}


def history_view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return events line by line: position, day, what happened, what it says, what corrects it."""
    from rich.console import Group
    from rich.text import Text

    wording = frame.wording
    if not rows:
        return wording.say("nothing")
    pieces: list[RenderableType] = []
    steps = steps_of(rows)
    for row in rows:
        what = amendment_line(row, wording, steps) or wording.event(str(row["event"]))
        head = f"{row['position']:>6}  {rendering.day_told(row)}  "
        lines = wrapped("  ".join([what, *marks(row, wording)]), frame.width - len(head))
        pieces.append(Text(head + f"\n{'':{len(head)}}".join(lines)))
        facts = "" if row["event"] in AMENDING else facts_line(row, wording)
        if facts:
            pieces.append(indented(facts, INDENT, frame))
        for finding in row.get("now") or ():
            pieces.append(indented(wording.say("vote_now", message=finding["message"]), INDENT, frame))
    return Group(*pieces)


INDENT = 8


def unbroken(text: str, paths: Sequence[object], frame: Frame) -> RenderableType:
    """Return a text with the paths of files in it: these are to be copied, so no line breaks them."""
    from rich.text import Text

    lines = wrapped(text, frame.width, paths=[str(path) for path in paths])
    return Text("\n".join(lines), no_wrap=True, overflow="ignore")


def told(text: str, frame: Frame) -> RenderableType:
    """Return a sentence, broken where a reader would break it."""
    from rich.text import Text

    return Text("\n".join(wrapped(text, frame.width)))


def indented(text: str, by: int, frame: Frame) -> RenderableType:
    """Return a text set in by some cells, broken where a reader would break it."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text("\n".join(wrapped(text, frame.width - by))), (0, 0, 0, by))


def marks(row: Mapping[str, Any], wording: Wording) -> list[str]:
    """Return what became of a record: corrected, withdrawn, entered as history."""
    found = []
    if row.get("corrected_by"):
        numbers = wording.words.listed(map(str, row["corrected_by"]))
        found.append(wording.say("corrected", positions=numbers))
    if row.get("retracted_by"):
        found.append(wording.say("retracted", position=row["retracted_by"]))
    if row.get("as_history"):
        found.append(wording.as_history(row))
    return found


def changes_view(changes: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return the limits that come, go or move, each before and after."""
    wording = frame.wording
    rows = [
        {
            "matter": matter(row, wording),
            "before": _limit(row["before"], wording),
            "after": _limit(row["after"], wording),
        }
        for row in changes
    ]
    return rendering.table(rows, wording, columns=("matter", "before", "after"), width=frame.width)


def _limit(told: Mapping[str, Any] | None, wording: Wording) -> str:
    return "-" if told is None else f"{told['due_on']} {wording.verdict(told['status'])}"
