"""``demo``: plays the years of an invented county, shows what one looks at first, then serves the pages."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.workbooks import progress

if TYPE_CHECKING:
    from workflows.entrypoints.cli.frame import Frame

TO_DO_SHOWN, EVENTS_SHOWN = 15, 12


def play(frame: Frame, *, full: bool, once: bool, seed: int, years: int, host: str, port: int) -> None:
    """Fill the books with an invented county and show them; again shows what is there.

    Raises:
        WrongUsage: ``host`` is no loopback address, or the books hold something else.
    """
    if not once:
        from workflows.entrypoints.web.serving import refuse_other_hosts

        refuse_other_hosts(host)
    from workflows.entrypoints.cli.upkeep import part

    with progress(frame, frame.wording.say("playing", years=years)) as tell:
        told = part(frame, "demo")(seed=seed, years=years, full=full, progress=tell)
    answer = {**told, **first_look(frame)}
    rows = answer["deadlines"]["rows"]
    frame.answer(answer, rows=rows, view=lambda: drawn(answer, frame))
    if not once:
        from workflows.entrypoints.web.serving import serve

        frame.talk(frame.wording.say("serving", host=host, port=port))
        part(frame, "scheduler").start()
        serve(frame.app, host, port)


def first_look(frame: Frame) -> dict[str, Any]:
    """Return the to-do list, how many stand at each stage, and the history of the branch with most to do."""
    answering = frame.app.answering
    deadlines = answering.deadlines()
    pipeline = answering.pipeline()
    stages = Counter(row["stage"] for row in pipeline["rows"])
    told: dict[str, Any] = {
        "deadlines": deadlines,
        "pipeline": [{"stage": stage, "count": count} for stage, count in stages.most_common()],
    }
    busy = Counter(row["unit_id"] for row in deadlines["rows"] if row["unit_id"])
    if busy:
        from uuid import UUID

        branch = min(busy, key=lambda unit: (-busy[unit], unit))
        told["history"] = answering.history(UUID(branch))
    return told


def drawn(answer: dict[str, Any], frame: Frame) -> list[Any]:
    """Return the first look for a screen: what is due next, the stages, the last events of one branch."""
    wording = frame.wording
    rows = layout.deadline_rows(answer["deadlines"]["rows"], wording)
    today = date.fromisoformat(answer["deadlines"]["as_of"])
    rows.sort(key=lambda row: abs((date.fromisoformat(row["due_on"]) - today).days))
    nearest = sorted(rows[:TO_DO_SHOWN], key=lambda row: row["due_on"])
    counts = Counter(row["status"] for row in rows)
    summary = wording.say("to_do", overdue=counts["overdue"], due=counts["due"])
    pieces = [layout.heading(summary), layout.grid(nearest, "deadlines", frame)]
    pieces += ["", layout.heading(wording.words.word("question", "pipeline"))]
    pieces.append(layout.grid(answer["pipeline"], "stages", frame))
    if "history" in answer:
        history = answer["history"]
        pieces += ["", layout.heading(str(history["state"].get("name") or ""))]
        pieces.append(layout.history_view(history["rows"][-EVENTS_SHOWN:], frame))
    return pieces
