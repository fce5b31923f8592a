"""``demo``: plays the years of an invented county, shows what one looks at first, then serves the pages."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.workbooks import drawn as import_drawn
from workflows.entrypoints.cli.workbooks import imported, progress

if TYPE_CHECKING:
    from workflows.entrypoints.cli.frame import Frame

TO_DO_SHOWN, EVENTS_SHOWN = 15, 12


def play(frame: Frame, *, seed: int, years: int, branches: int) -> dict[str, Any] | None:
    """Play an invented county into empty books; None where there is something on them already."""
    import msgspec

    from workflows.application.amending import Amending
    from workflows.application.demo import play_county
    from workflows.application.recording import Recording
    from workflows.kernel.clock import today

    app = frame.app
    with app.log.read() as reading:
        if reading.head():
            return None
    day = today(app.clock)
    # the views are brought up once at the end, not after each of the many thousand acts
    bulk = Recording(app.log, app.rules, app.clock, app.recording.identity, app.recording.new_id)
    try:
        with progress(frame, frame.wording.say("playing", years=years)) as tell:
            summary = play_county(
                bulk,
                Amending(bulk),
                app.clock,
                seed=seed,
                until=day,
                years=years,
                branches=branches,
                progress=tell,
            )
    finally:
        app.clock.release()
    with progress(frame, frame.wording.say("deriving")) as tell:
        app.views.run(tell)
    told: dict[str, Any] = msgspec.to_builtins(summary)
    return told


def import_sample(frame: Frame, seed: int) -> dict[str, Any]:
    """Import a generated office workbook, as an office would send it."""
    from workflows.entrypoints.cli.sample import write_sample
    from workflows.kernel.clock import today

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "办公室台账.xlsx"
        write_sample(file, seed=seed, today=today(frame.app.clock))
        return imported(frame, file)


def first_look(frame: Frame) -> dict[str, Any]:
    """Return the to-do list, how many stand at each stage, and the history of the branch with most to do."""
    answering = frame.app.answering
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
    if answer.get("import"):
        pieces += [layout.heading(wording.say("sample")), *import_drawn(answer["import"], frame), ""]
    rows = layout.deadline_rows(answer["deadlines"]["rows"], wording)
    today = date.fromisoformat(answer["deadlines"]["as_of"])
    rows.sort(key=lambda row: abs((date.fromisoformat(row["due_on"]) - today).days))
    nearest = sorted(rows[:TO_DO_SHOWN], key=lambda row: row["due_on"])
    counts = Counter(row["status"] for row in rows)
    summary = wording.say("to_do", overdue=counts["overdue"], due=counts["due"])
    pieces += [layout.heading(summary), layout.grid(nearest, "deadlines", frame)]
    pieces += ["", layout.heading(wording.words.word("question", "pipeline"))]
    pieces.append(layout.grid(answer["pipeline"], "stages", frame))
    if "history" in answer:
        history = answer["history"]
        pieces += ["", layout.heading(str(history["state"].get("name") or ""))]
        pieces.append(layout.history_view(history["rows"][-EVENTS_SHOWN:], frame))
    return pieces
