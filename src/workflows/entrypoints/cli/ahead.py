"""``plan``: what comes next, or back from a wished day; ``eligible``: who may be what on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import scope, with_messages
from workflows.entrypoints.cli.values import asked_of, read_asked, read_known

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.wording import Wording

STEPS = ("step", "status", "earliest_on", "latest_on", "note")
STEPS_BACK = ("step", "status", "earliest_on", "do_by", "note")
PEOPLE = ("person", "stage", "verdict", "days_left", "next", "note")
SHEET = (
    "unit", "person", "stage", "step", "status", "earliest_on", "latest_on", "note", "clause", "rule",
    "version", "provisional", "unit_id", "person_id",
)  # fmt: skip
SHEET_BACK = (
    "unit", "person", "stage", "verdict", "days_left", "why", "step", "status", "earliest_on", "do_by",
    "latest_on", "note", "clause", "rule", "version", "provisional", "unit_id", "person_id",
)  # fmt: skip


@command("plan")
@option("--unit", metavar="UNIT")
@option("--person", metavar="PERSON")
@option("--step", metavar="STEP", told="plan-step")
@option("--by", metavar="DATE", told="plan-by")
@option("--quota", type=click.IntRange(min=0), metavar="N", told="plan-quota")
@asked_of
@pass_frame
def plan(
    frame: Frame,
    unit: str | None,
    person: str | None,
    step: str | None,
    by: str | None,
    quota: int | None,
    on: str | None,
    known_on: str | None,
) -> None:
    """Play the course on ahead: by the rules alone, each step on its earliest lawful day."""
    day, wished, known = read_asked(on), read_asked(by), read_known(known_on)
    unit_id, person_id = scope(frame, unit, person)
    asked = None if step is None else _step_named(frame, step)
    answering = frame.answering
    told = answering.plan(unit_id, person_id, day, by=wished, step=asked, quota=quota, known_on=known)
    answer = with_messages(frame, told)
    back, wording = wished is not None, frame.wording
    frame.answer(
        answer,
        title=wording.words.word("question", "plan"),
        rows=answer["rows"] if back and frame.format == "table" else _sheet(answer["rows"], wording),
        sheet=SHEET_BACK if back else SHEET,
        view=lambda: _backward(answer, frame) if back else _forward(answer["rows"], frame),
    )


def _step_named(frame: Frame, text: str) -> str:
    """Return the step that a text means: one of a pack by its id, else a command by its name."""
    from workflows.entrypoints.spoken import command_named

    charted = {step.id for pack in frame.app.rules.packs for step in pack.steps}
    return text if text in charted or text.isascii() else command_named(text)


def _sheet(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return a row a step, with whose it is."""
    from workflows.entrypoints import planned

    return [
        {
            **{key: value for key, value in row.items() if key not in ("steps", "findings", "because")},
            "why": planned.row_note(row, wording) if "verdict" in row else "",
            **step,
            "step": planned.step_word(step, wording),
            "note": planned.step_note(step, wording),
        }
        for row in rows
        for step in row["steps"]
    ]


def _steps(row: Mapping[str, Any], wording: Wording) -> list[dict[str, Any]]:
    from workflows.entrypoints import planned

    return [
        {**step, "step": planned.step_word(step, wording), "note": planned.step_note(step, wording)}
        for step in row["steps"]
    ]


def _forward(rows: Sequence[Mapping[str, Any]], frame: Frame) -> Sequence[RenderableType]:
    """Return every person's steps to the end, each person a table."""
    if not rows:
        return [frame.wording.say("nothing")]
    pieces: list[RenderableType] = []
    for row in rows:
        pieces += [""] if pieces else []
        pieces.append(layout.heading(_whose(row, frame.wording)))
        pieces.append(layout.table_of(_steps(row, frame.wording), STEPS, frame))
    return [*pieces, "", layout.told(frame.wording.say("plan_means"), frame)]


def _backward(answer: Mapping[str, Any], frame: Frame) -> Sequence[RenderableType]:
    """Return who makes it by the day; of one person every step with the day by which it must be done."""
    from workflows.entrypoints import planned

    wording, rows = frame.wording, answer["rows"]
    if not rows:
        return [wording.say("nothing")]
    told = [
        {**row, "next": planned.next_by(row, wording), "note": planned.row_note(row, wording)} for row in rows
    ]
    pieces: list[RenderableType] = [layout.table_of(told, PEOPLE, frame)]
    if len(rows) == 1:
        pieces += ["", layout.heading(_whose(rows[0], wording))]
        pieces.append(layout.table_of(_steps(rows[0], wording), STEPS_BACK, frame))
    return [*pieces, "", *(layout.told(text, frame) for text in planned.places(answer, wording))]


def _whose(row: Mapping[str, Any], wording: Wording) -> str:
    parts = (row["unit"], row["person"], wording.stage(row["stage"]))
    return " ".join(str(part) for part in parts if part)


ELIGIBLE = ("person", "stage", "may_be", "note")
ELIGIBLE_SHEET = ("unit", "person", "stage", "may_be", "note", "unit_id", "person_id")


@command("eligible")
@option("--unit", metavar="UNIT", required=True)
@option("--for", "role", metavar="ROLE", required=True, told="eligible-role")
@asked_of
@pass_frame
def eligible(frame: Frame, unit: str, role: str, on: str | None, known_on: str | None) -> None:
    """Who of a unit may be mentor, sponsor, officer, secretary or voter on a day, and why not the others."""
    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    if unit_id is None:
        return
    told = frame.answering.eligible(unit_id, _role_named(role, frame.wording), day, known)
    answer = with_messages(frame, told)
    rows = [_may(row, frame.wording) for row in answer["rows"]]
    frame.answer(
        answer,
        title=frame.wording.words.word("role", answer["role"]),
        rows=rows,
        columns=ELIGIBLE,
        sheet=ELIGIBLE_SHEET,
    )


def _role_named(text: str, wording: Wording) -> str:
    """Return the role that a Chinese word means; another text as it is."""
    from workflows.projections.choosing import ROLES

    words = {wording.words.word("role", name): name for name in ROLES}
    return words.get(text.strip(), text.strip())


def _may(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    from workflows.entrypoints import planned

    words = wording.words
    state = "cannot_tell" if row["eligible"] is None else "may" if row["eligible"] else "may_not"
    return {**row, "may_be": words.word("verdict", state), "note": planned.why_not(row, wording)}
