"""``overview`` and ``drive``: what stands open below a unit on a day, and how its problems are driven.

Rows stand in the order of the tree; nothing is scored, nobody is ranked. ``--of`` lists the rows behind a
number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import scope
from workflows.entrypoints.cli.values import asked_of, by_structure, read_asked, read_known

if TYPE_CHECKING:
    from workflows.projections.opening import Structure


@command("overview")
@option("--unit", metavar="UNIT")
@option("--of", "figure", metavar="NUMBER", told="figure")
@by_structure
@asked_of
@pass_frame
def overview(
    frame: Frame,
    unit: str | None,
    figure: str | None,
    structure: Structure,
    on: str | None,
    known_on: str | None,
) -> None:
    """What stands open in a unit and all below on a day."""
    from workflows.entrypoints import oversight as told
    from workflows.entrypoints.cli import oversight_views as views

    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answering, wording = frame.answering, frame.wording
    if figure is not None:
        listed = answering.overview_rows(told.figure_named(figure, wording), unit_id, day, known, structure)
        rows = told.listed_rows(listed["rows"], wording)
        frame.answer(listed, title=told.title_of(listed, wording), rows=rows, columns=told.ON_A_SCREEN)
        return
    answer = answering.overview(unit_id, day, known, structure)
    frame.answer(
        answer,
        title=told.heading("overview", answer, wording),
        rows=told.sums(answer, wording),
        view=lambda: views.overview(answer, frame),
        more=told.sheets(answer, wording),
    )


@command("drive")
@option("--unit", metavar="UNIT")
@option("--period", metavar="PERIOD")
@option("--of", "figure", metavar="NUMBER", told="figure")
@option("--source", metavar="SOURCE", told="issue-source")
@by_structure
@asked_of
@pass_frame
def drive(
    frame: Frame,
    unit: str | None,
    period: str | None,
    figure: str | None,
    source: str | None,
    structure: Structure,
    on: str | None,
    known_on: str | None,
) -> None:
    """How the problems of a span stand on a day."""
    from workflows.entrypoints import case_tables
    from workflows.entrypoints import oversight as told
    from workflows.entrypoints.cli import case_sheets
    from workflows.entrypoints.cli import oversight_views as views

    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answering, wording = frame.answering, frame.wording
    if figure is not None or source is not None:
        of = told.figure_named(figure or "total", wording, of_problems=True)
        source = told.source_named(source, wording)
        listed = answering.drive_rows(of, unit_id, period, day, known, structure, source=source)
        rows = case_tables.sheet(listed["rows"], wording)
        title = told.title_of(listed, wording)
        frame.answer(listed, title=title, rows=rows, view=lambda: case_sheets.view(listed["rows"], frame))
        return
    answer = answering.drive(unit_id, period, day, known, structure)
    frame.answer(
        answer,
        title=told.heading("drive", answer, wording),
        rows=told.drive_sheet(answer, wording),
        view=lambda: views.drive(answer, frame),
        more=[told.source_sheet(answer, wording)],
    )
