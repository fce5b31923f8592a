"""The commands that read: each asks once and puts the answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.values import asked_of, by_structure, read_asked, read_known
from workflows.kernel.clock import today

VERDICTS = ("met", "late", "missing", "invalid", "exempt", "pending", "refer")
"""What can be said of a duty in a period."""

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.naming import Finder, NamesOnBooks
    from workflows.projections.opening import Structure


def finder(frame: Frame) -> Finder:
    """Return what finds units and people by name."""
    from workflows.entrypoints.naming import Finder

    return Finder(frame.app.log, frame.app.rules, today(frame.app.clock))


def names_of(frame: Frame) -> NamesOnBooks:
    """Return the names behind ids."""
    from workflows.entrypoints.naming import NamesOnBooks

    return NamesOnBooks(frame.app.log, frame.app.rules)


def with_messages(frame: Frame, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer whose findings carry their sentences."""
    from workflows.entrypoints.answers import explained

    return explained(answer, frame.wording, names_of(frame))


def unit_meant(frame: Frame, name: str, on: date | None = None) -> UUID:
    """Return the unit of a name; one that has another name now is said to.

    Raises:
        WrongUsage: ``unit-unknown``, ``unit-ambiguous``.
    """
    found = finder(frame)
    unit_id = found.unit(name, on)
    present = found.renamed(unit_id, name)
    if present is not None:
        frame.talk(frame.wording.say("renamed", old=name, name=present))
    return unit_id


def scope(frame: Frame, unit: str | None, person: str | None = None) -> tuple[UUID | None, UUID | None]:
    """Return the ids of the unit and of the person named."""
    unit_id = unit_meant(frame, unit) if unit else None
    person_id = finder(frame).person(person, unit_id) if person else None
    return unit_id, person_id


@command("commands")
@click.argument("name", metavar="[COMMAND]", required=False)
@pass_frame
def commands(frame: Frame, name: str | None) -> None:
    """List every command with its fields."""
    from workflows.application.commands import AMENDMENTS, described
    from workflows.entrypoints.spoken import command_named
    from workflows.kernel.errors import WrongUsage

    wanted = None if name is None else command_named(name)
    if wanted in AMENDMENTS:
        raise WrongUsage("command-amends", command=wanted, command_name=wanted)
    rows = [row for row in described() if wanted in (None, row["command"])]
    wording = frame.wording
    for row in rows:
        row["title"] = wording.command(row["command"])
    shown = [layout.command_row(row, wording) for row in rows]
    frame.answer({"rows": rows}, rows=shown, columns=layout.COLUMNS["commands"])


@command("deadlines")
@option("--unit", metavar="UNIT")
@option("--person", metavar="PERSON")
@option("--status", type=click.Choice(["overdue", "due", "held", "met", "bygone", "all"]))
@by_structure
@asked_of
@pass_frame
def deadlines(
    frame: Frame,
    unit: str | None,
    person: str | None,
    status: str | None,
    on: str | None,
    known_on: str | None,
    structure: Structure,
) -> None:
    """List deadlines: overdue and due."""
    day, known = read_asked(on), read_known(known_on)
    unit_id, person_id = scope(frame, unit, person)
    asked = "overdue" if status == layout.BYGONE else status
    answer = frame.answering.deadlines(unit_id, person_id, day, asked, known, structure)
    if status == layout.BYGONE:
        answer["rows"] = [row for row in answer["rows"] if row["bygone"]]
    shown = layout.deadline_rows(answer["rows"], frame.wording)
    now = shown if status in (layout.BYGONE, "all") else layout.present(shown)
    frame.answer(
        answer,
        title=frame.wording.words.word("question", "deadlines"),
        rows=now if frame.format == "table" else shown,
        sheet=layout.SHEETS["deadlines"],
        view=lambda: layout.deadlines_view(now, len(shown) - len(now), frame),
    )


@command("pipeline")
@option("--unit", metavar="UNIT")
@option("--person", metavar="PERSON")
@by_structure
@asked_of
@pass_frame
def pipeline(
    frame: Frame,
    unit: str | None,
    person: str | None,
    on: str | None,
    known_on: str | None,
    structure: Structure,
) -> None:
    """Who stands where on the way to membership."""
    day, known = read_asked(on), read_known(known_on)
    unit_id, person_id = scope(frame, unit, person)
    answer = with_messages(frame, frame.answering.pipeline(unit_id, person_id, day, known, structure))
    frame.answer(
        answer,
        title=frame.wording.words.word("question", "pipeline"),
        rows=layout.pipeline_rows(answer["rows"], frame.wording),
        sheet=layout.SHEETS["pipeline"],
        view=lambda: layout.pipeline_view(answer["rows"], frame),
    )


@command("compliance")
@option("--unit", metavar="UNIT")
@option("--period", metavar="PERIOD", required=True)
@option("--rule", metavar="RULE", told="duty-rule")
@option("--verdict", type=click.Choice(VERDICTS))
@option("--matrix", is_flag=True)
@option("--all", "whole", is_flag=True)
@by_structure
@asked_of
@pass_frame
def compliance(
    frame: Frame,
    unit: str | None,
    period: str,
    rule: str | None,
    verdict: str | None,
    matrix: bool,
    whole: bool,
    on: str | None,
    known_on: str | None,
    structure: Structure,
) -> None:
    """How the recurring duties were done: counted, or period by period for one branch."""
    from workflows.entrypoints.answers import with_explanations
    from workflows.entrypoints.cli import duty_cells, matrices, tallies

    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answering, title = frame.answering, frame.wording.words.word("question", "compliance")
    named = frame.app.rules.rule(rule) if rule else None
    rule = named.id if named is not None else rule
    if matrix:
        told = answering.matrix(unit_id, period, day, known, rule=rule, verdict=verdict, structure=structure)
        rows = matrices.rows_of(told, frame.wording)
        frame.answer(told, title=title, rows=rows, view=lambda: _table(rows, frame))
        return
    found = answering.compliance(unit_id, period, day, known, rule=rule, verdict=verdict, structure=structure)
    answer = with_explanations(found, frame.wording)
    counted = not whole and verdict is None and tallies.is_of_several(answer["rows"])
    frame.answer(
        answer,
        title=title,
        rows=duty_cells.rows_of(answer["rows"], frame.wording),
        sheet=layout.SHEETS["compliance"],
        view=lambda: (
            _not_begun(period, answer, frame)
            or (tallies.drawn if counted else duty_cells.view)(answer["rows"], frame)
        ),
    )


def _table(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    from workflows.entrypoints import rendering

    return rendering.table(rows, frame.wording, width=frame.width) if rows else frame.wording.say("nothing")


def _not_begun(period: str, answer: Mapping[str, Any], frame: Frame) -> str:
    """Return the sentence that a period without cells has not begun, "" where that is not why."""
    from workflows.kernel.calendar import Period

    first = Period.parse(period).first.isoformat()
    if answer["rows"] or first <= answer["as_of"]:
        return ""
    return frame.wording.say("not_begun", period=period, first=first, day=answer["as_of"])


@command("ledger")
@click.argument("name", metavar="[NAME]", required=False)
@option("--unit", metavar="UNIT")
@option("--year", type=int, metavar="YEAR")
@by_structure
@asked_of
@pass_frame
def ledger(
    frame: Frame,
    name: str | None,
    unit: str | None,
    year: int | None,
    on: str | None,
    known_on: str | None,
    structure: Structure,
) -> None:
    """List a ledger; without a name the names there are."""
    if name is None:
        from workflows.projections.answers import LEDGERS

        frame.answer({"rows": [{"ledger": each, "available": True} for each in LEDGERS]})
        return
    name, day, known = _ledger_named(name), read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answer = with_messages(frame, frame.answering.ledger(name, unit_id, year, day, known, structure))
    rows = answer["rows"]
    if "parts" in answer:
        from workflows.entrypoints.cli import part_sheets

        lines = part_sheets.sheet(answer, frame.wording)
        frame.answer(
            answer,
            title=name,
            rows=lines,
            sheet=part_sheets.SHEET,
            view=lambda: part_sheets.view(answer, frame),
        )
        return
    if rows and ("file_kind" in rows[0] or "class" in rows[0]):
        from workflows.entrypoints import case_tables
        from workflows.entrypoints.cli import case_sheets

        sheet = case_tables.sheet(rows, frame.wording)
        frame.answer(answer, title=name, rows=sheet, view=lambda: case_sheets.view(rows, frame))
        return
    frame.answer(
        answer,
        title=name,
        rows=layout.ledger_sheet(answer["rows"]),
        view=lambda: layout.ledger_view(answer["rows"], frame),
    )


def _ledger_named(text: str) -> str:
    """Return the ledger of a name, or of a part of a name that only one has; else the text itself."""
    from workflows.projections.answers import LEDGERS

    told = text.strip()
    found = [name for name in LEDGERS if told and told in name]
    return found[0] if len(found) == 1 else told


@command("history")
@click.argument("name", metavar="UNIT_OR_PERSON")
@option("--unit", metavar="UNIT")
@option("--diff", metavar="WHEN")
@asked_of
@pass_frame
def history(
    frame: Frame, name: str, unit: str | None, diff: str | None, on: str | None, known_on: str | None
) -> None:
    """Everything on the books of a unit or person."""
    from workflows.entrypoints.cli import histories

    day, known, other = read_asked(on), read_known(known_on), read_known(diff, "--diff")
    unit_id, _ = scope(frame, unit)
    stream = finder(frame).person(name, unit_id) if unit_id else finder(frame).stream(name)
    answer = with_messages(frame, frame.answering.history(stream, day, known, other))
    names = names_of(frame)
    words = histories.case_words(frame, answer, known, names)
    told = histories.in_words(answer, words)
    frame.answer(
        answer,
        title=histories.name_of(answer, name, names),
        rows=histories.history_sheet(told["rows"], frame.wording),
        view=lambda: histories.view(told, frame, words),
    )
