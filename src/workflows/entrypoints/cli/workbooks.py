"""``import`` and ``undo-import``: good rows become the past, the others are told at their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from workflows.entrypoints.cli import remarks
from workflows.entrypoints.cli.acting import actor_of
from workflows.entrypoints.cli.files import must_be_there, must_be_writable, must_not_be
from workflows.entrypoints.cli.frame import REFUSED, Frame, command, option, pass_frame
from workflows.entrypoints.cli.layout import grid, heading, unbroken
from workflows.entrypoints.cli.reading import names_of
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.adapters.workbooks.rows import Workbook
    from workflows.application.importing.shapes import Report
    from workflows.entrypoints.pieces import Names

MOST_SHOWN = 40


@command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option("--check", is_flag=True)
@option("--rejects", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@pass_frame
def import_(frame: Frame, file: Path, check: bool, rejects: Path | None) -> None:
    """Import a workbook or CSV."""
    answer = imported(frame, file, check=check, rejects=rejects)
    title = frame.wording.say("sheet_refused" if answer["refusals"] else "sheet_counts")
    frame.answer(
        answer,
        title=title if frame.format == "xlsx" else "",
        rows=answer["refusals"] or answer["sheets"],
        view=lambda: drawn(answer, frame, checked=check, rejects=rejects),
        more=[(frame.wording.say("sheet_remarks"), remarks.rows_of(answer["remarks"]), remarks.COLUMNS)],
    )
    if answer["refusals"]:
        raise click.exceptions.Exit(REFUSED)


def imported(frame: Frame, file: Path, *, check: bool = False, rejects: Path | None = None) -> dict[str, Any]:
    """Import a file and return its report in the form of the contract.

    Raises:
        WrongUsage: the file cannot be read safely, or the rejects cannot be written.
    """
    must_be_there(file)  # told before anything is opened, imported, or even made
    from workflows.adapters.workbooks.workbook import read_workbook
    from workflows.kernel.clock import today

    if rejects is not None:
        must_be_writable(rejects)
        must_not_be(rejects, [("FILE", file)])
    try:
        book = read_workbook(file, today=today(frame.app.clock))
    except OSError as error:
        raise WrongUsage("file-closed", file=file.name) from error
    with progress(frame, frame.wording.say("importing", file=file.name)) as tell:
        report = frame.app.importing.run(book, actor=actor_of(frame), check=check, progress=tell)
    answer = told(report, book, frame)
    wrote = rejects is not None and _write_rejects(frame, rejects, book, report)
    return {**answer, "rejects": str(rejects) if wrote else None}


@command("undo-import")
@click.argument("batch", metavar="BATCH")
@pass_frame
def undo_import(frame: Frame, batch: str) -> None:
    """Withdraw what nobody built upon of one import."""
    reason = frame.wording.say("undone", batch=batch)
    undone = frame.app.undoing.undo(_batch(batch), actor=actor_of(frame), reason=reason)
    names = names_of(frame)
    rows = [
        {
            "position": record.position,
            "on": record.effective_on.isoformat(),
            "event": type(record.event).__name__,
            "name": names(str(record.stream_id)),
        }
        for record in undone.kept
    ]
    say = frame.wording.say
    frame.answer(
        {"withdrawn": undone.withdrawn, "rows": rows},
        view=lambda: [
            say("withdrawn", count=undone.withdrawn),
            *([heading(say("kept", count=len(rows))), grid(rows, "kept", frame)] if rows else []),
        ],
    )


def _batch(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise WrongUsage("batch-unknown", batch=text) from error


def _write_rejects(frame: Frame, target: Path, book: Workbook, report: Report) -> bool:
    """Write the refused rows, those included that only the books could refuse, and every remark.

    The words are Chinese in every language of the call: the file goes back to those who keep the workbook.
    Return whether there was anything to write.
    """
    from dataclasses import replace

    from workflows.adapters.workbooks.rejects import write_rejects
    from workflows.adapters.workbooks.rows import CellError
    from workflows.entrypoints.wording import Wording
    from workflows.kernel.clock import today

    troubles = report.refused_rows()
    sheets = []
    for sheet in book.sheets:
        rows = []
        for row in sheet.rows:
            known = {error.code for error in row.errors}
            for trouble in troubles.get((sheet.name, row.row_number), ()):
                if isinstance(trouble, CellError) and trouble.code not in known:
                    row = row.refused_for(trouble)
            rows.append(row)
        sheets.append(replace(sheet, rows=tuple(rows)))
    told = replace(book, sheets=tuple(sheets))
    chinese = Wording()
    lines = remarks.lines_of(remarks.remarks_of(report, book, chinese, _names(report, frame)), chinese)
    try:
        refused = write_rejects(target, told, today(frame.app.clock), lines)
    except OSError as error:
        raise WrongUsage("file-unwritable", file=target.name) from error
    return bool(refused or lines)


def told(report: Report, book: Workbook, frame: Frame) -> dict[str, Any]:
    """Return a report in the form of the contract."""
    names = _names(report, frame)
    return {
        "sheets": [
            {
                "sheet": sheet.sheet,
                "rows": sheet.rows,
                "accepted": sheet.accepted,
                "refused": sheet.refused,
                "unchanged": sheet.unchanged,
            }
            for sheet in report.sheets
        ],
        "refusals": [
            {
                "sheet": refusal.sheet,
                "row": refusal.row,
                "column": refusal.trouble.column,
                "value": refusal.trouble.value,
                "reason": refusal.trouble.told_in(frame.wording.lang)[0],
                "remedy": refusal.trouble.told_in(frame.wording.lang)[1],
            }
            for refusal in report.refusals
        ],
        "findings": [
            {"sheet": item.sheet, "row": item.row, **remarks.told_of(item, frame.wording, names)}
            for item in report.findings
        ],
        "remarks": remarks.remarks_of(report, book, frame.wording, names),
        "batch": str(report.batch) if report.batch and not report.checked_only else None,
    }


def _names(report: Report, frame: Frame) -> Names:
    """Return the names behind ids: of a check those it had, else those on the books."""
    on_books = names_of(frame)
    return lambda text: report.names.get(text) or on_books(text)


def drawn(
    answer: dict[str, Any], frame: Frame, *, checked: bool, rejects: Path | None
) -> Sequence[RenderableType]:
    """Return a report for the screen: the sheets, what was refused, what was noticed, where it all stands."""
    from workflows.entrypoints import rendering

    wording = frame.wording
    pieces: list[RenderableType] = [rendering.table(answer["sheets"], wording, width=frame.width)]
    if answer["refusals"]:
        pieces += ["", heading(wording.say("refusals", count=len(answer["refusals"])))]
        columns = ("sheet", "row", "column", "value", "reason")
        shown = answer["refusals"][:MOST_SHOWN]
        pieces.append(rendering.table(shown, wording, columns=columns, width=frame.width))
        pieces += _more(len(answer["refusals"]), wording)
    pieces += remarks.drawn(answer["remarks"], frame, checked=checked)
    return [*pieces, *_whereabouts(answer, frame, checked=checked, wanted=rejects)]


def _whereabouts(
    answer: dict[str, Any], frame: Frame, *, checked: bool, wanted: Path | None
) -> list[RenderableType]:
    """Return where the refused rows and the remarks stand one by one, and how the import is withdrawn."""
    wording = frame.wording
    refused = len({(refusal["sheet"], refusal["row"]) for refusal in answer["refusals"] if refusal["row"]})
    counts = (("rejects_rows", refused), ("rejects_remarks", len(answer["remarks"])))
    parts = [wording.say(key, count=count) for key, count in counts if count]
    told: list[RenderableType] = []
    if answer["rejects"]:
        listed = ("；" if wording.lang == "zh" else "; ").join(parts)
        text = wording.say("rejects_written", file=answer["rejects"], parts=listed)
        told.append(unbroken(text, [answer["rejects"]], frame))
    elif wanted is not None:
        told.append(unbroken(wording.say("rejects_none", file=wanted), [wanted], frame))
    elif remarks.are_more_than_shown(answer["remarks"]):
        told.append(wording.say("rejects_to_write" if checked else "rejects_not_written"))
    if answer["batch"]:
        told.append(wording.say("batch", batch=answer["batch"]))
    if checked:
        told.append(wording.say("only_checked"))
    return ["", *told] if told else []


def _more(count: int, wording: Any) -> list[str]:
    return [wording.say("more", count=MOST_SHOWN)] if count > MOST_SHOWN else []


@contextmanager
def progress(frame: Frame, title: str) -> Iterator[Callable[[int, int], None]]:
    """Yield what to call with (done, total); a bar on stderr where that is a screen, else nothing."""
    import sys

    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = frame.console(err=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
