"""``demo``: plays the years of an invented county, shows what one looks at first, then serves the pages."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.workbooks import progress

if TYPE_CHECKING:
    from workflows.entrypoints.cli.frame import Frame

TO_DO_SHOWN, EVENTS_SHOWN, EVENTS_LOOKED_AT = 15, 12, 1000


def play(frame: Frame, *, seed: int, years: int, full: bool) -> dict[str, Any]:
    """Fill empty books with an invented county (``full``: and an office workbook); what was played.

    Raises:
        WrongUsage: something else is on the books.
    """
    with progress(frame, frame.wording.say("playing", years=years)) as tell:
        told: dict[str, Any] = frame.app.demo(seed=seed, years=years, full=full, progress=tell)
    return told


def recorded_since(frame: Frame) -> dict[str, int]:
    """Return how many events came after the demonstration (``count``), and how many are the scheduler's.

    Its import belongs to the demonstration; ``EVENTS_LOOKED_AT`` stands for so many or more.
    """
    from workflows.application.demo.play import OFFICE_BATCH

    with frame.app.log.read() as reading:
        latest = reading.load_since(max(0, reading.head() - EVENTS_LOOKED_AT), EVENTS_LOOKED_AT)
    since = []
    for event in reversed(latest):
        if event.origin == "demo" or event.correlation_id == OFFICE_BATCH:
            break
        since.append(event.origin)
    return {"count": len(since), "own": since.count("scheduler")}


def said_again(since: dict[str, int], frame: Frame) -> str:
    """Return the sentence that nothing was played, with what was recorded since the demonstration."""
    if since["count"] == 0:
        return frame.wording.say("played_before")
    key = "played_since" if since["count"] < EVENTS_LOOKED_AT else "played_long_since"
    return frame.wording.say(key, **since)


def first_look(frame: Frame) -> dict[str, Any]:
    """Return the to-do list, how many stand at each stage, and the history of the branch with most to do."""
    answering = frame.answering
    deadlines = answering.deadlines()
    stages = Counter(row["stage"] for row in answering.pipeline()["rows"])
    told: dict[str, Any] = {
        "deadlines": deadlines,
        "pipeline": [{"stage": stage, "count": count} for stage, count in stages.most_common()],
    }
    busy = Counter(row["unit_id"] for row in deadlines["rows"] if row["unit_id"])
    if busy:
        branch = min(busy, key=lambda unit: (-busy[unit], unit))
        told["history"] = answering.history(UUID(branch))
    return told


def drawn(answer: dict[str, Any], frame: Frame) -> list[Any]:
    """Return the first look for a screen: the import, what is due next, the stages, one branch."""
    wording = frame.wording
    pieces: list[Any] = []
    if "imported" in answer:
        pieces += [*_imported(answer["imported"], frame), ""]
    told = layout.deadline_rows(answer["deadlines"]["rows"], wording)
    rows = layout.present(told)
    today = date.fromisoformat(answer["deadlines"]["as_of"])
    rows.sort(key=lambda row: abs((date.fromisoformat(row["due_on"]) - today).days))
    nearest = sorted(rows[:TO_DO_SHOWN], key=lambda row: row["due_on"])
    counts = Counter(row["status"] for row in rows)
    summary = wording.say("to_do", overdue=counts["overdue"], due=counts["due"])
    pieces += [layout.heading(summary), layout.grid(nearest, "deadlines", frame)]
    if len(rows) < len(told):
        pieces.append(wording.say("bygone", count=len(told) - len(rows)))
    pieces += ["", layout.heading(wording.words.word("question", "pipeline"))]
    pieces.append(layout.grid(answer["pipeline"], "stages", frame))
    if "history" in answer:
        history = answer["history"]
        pieces += ["", layout.heading(str(history["state"].get("name") or ""))]
        pieces.append(layout.history_view(history["rows"][-EVENTS_SHOWN:], frame))
    return pieces


def _imported(told: dict[str, Any], frame: Frame) -> list[Any]:
    """Return what the import of the office workbook came to."""
    say = frame.wording.say
    counts = {"file": told["file"], "recorded": told["recorded"], "refused": len(told["refused"])}
    pieces: list[Any] = [layout.heading(say("sample", **counts, flagged=told["flagged"]))]
    if told["refused"]:
        pieces.append(layout.grid(told["refused"], "refused", frame))
    return pieces
