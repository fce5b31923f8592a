"""``import`` and ``undo-import``: good rows are recorded as the past, wrong ones told at their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from workflows.entrypoints.cli.acting import actor_of
from workflows.entrypoints.cli.frame import REFUSED, Frame, command, option, pass_frame
from workflows.entrypoints.cli.layout import grid, heading
from workflows.entrypoints.cli.reading import names_of
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.adapters.workbooks.rows import Workbook
    from workflows.application.importing.shapes import Noticed, Report

MOST_SHOWN = 40


@command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option("--check", is_flag=True)
@option("--rejects", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@pass_frame
def import_(frame: Frame, file: Path, check: bool, rejects: Path | None) -> None:
    """Import a workbook or CSV."""
    answer = imported(frame, file, check=check, rejects=rejects)
    frame.answer(answer, rows=answer["refusals"] or answer["sheets"], view=lambda: drawn(answer, frame))
    if answer["refusals"]:
        raise click.exceptions.Exit(REFUSED)


def imported(frame: Frame, file: Path, *, check: bool = False, rejects: Path | None = None) -> dict[str, Any]:
    """Import a file and return its report in the form of the contract.

    Raises:
        WrongUsage: the file cannot be read safely, or the rejects cannot be written.
    """
    if not file.exists() or file.is_dir():  # told before anything is opened, or even made
        raise WrongUsage("file-unreadable", file=file.name)
    from workflows.adapters.workbooks.workbook import read_workbook
    from workflows.kernel.clock import today

    try:
        book = read_workbook(file, today=today(frame.app.clock))
    except OSError as error:
        raise WrongUsage("file-unreadable", file=file.name) from error
    with progress(frame, frame.wording.say("importing", file=file.name)) as tell:
        report = frame.app.importing.run(book, actor=actor_of(frame), check=check, progress=tell)
    if rejects is not None:
        _write_rejects(frame, rejects, book, report)
    return told(report, frame)


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


def _write_rejects(frame: Frame, target: Path, book: Workbook, report: Report) -> None:
    """Write the refused rows of a workbook, those included that only the books could refuse."""
    from dataclasses import replace

    from workflows.adapters.workbooks.rejects import write_rejects
    from workflows.adapters.workbooks.rows import CellError
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
    try:
        write_rejects(target, replace(book, sheets=tuple(sheets)), today(frame.app.clock))
    except OSError as error:
        raise WrongUsage("file-unwritable", file=target.name) from error


def told(report: Report, frame: Frame) -> dict[str, Any]:
    """Return a report in the form of the contract."""
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
                "reason": refusal.trouble.reason,
                "remedy": refusal.trouble.remedy,
            }
            for refusal in report.refusals
        ],
        "findings": [_noticed(item, frame) for item in report.findings],
        "batch": str(report.batch) if report.batch and not report.checked_only else None,
    }


def _noticed(item: Noticed, frame: Frame) -> dict[str, Any]:
    place: dict[str, Any] = {"sheet": item.sheet, "row": item.row}
    if item.finding is None:
        rule = item.remark.rule if item.remark else ""
        message = item.remark.message if item.remark else ""
        return {**place, "rule": rule, "verdict": "note", "message": message}
    finding = item.finding
    message = frame.wording.finding(finding, names_of(frame), command=item.command, who=item.subject or "")
    return {
        **place,
        "rule": finding.rule,
        "verdict": str(finding.verdict),
        "message": message,
        "clause": finding.clause,
        "days_late": finding.days_late,
    }


def drawn(answer: dict[str, Any], frame: Frame) -> Sequence[RenderableType]:
    """Return a report for the screen: the sheets, then what was refused, then how many findings there are."""
    from collections import Counter

    from workflows.entrypoints import rendering

    wording = frame.wording
    pieces: list[RenderableType] = [rendering.table(answer["sheets"], wording, width=frame.width)]
    if answer["refusals"]:
        pieces += ["", heading(wording.say("refusals", count=len(answer["refusals"])))]
        columns = ("sheet", "row", "column", "value", "reason")
        shown = answer["refusals"][:MOST_SHOWN]
        pieces.append(rendering.table(shown, wording, columns=columns, width=frame.width))
        pieces += _more(len(answer["refusals"]), wording)
    if answer["findings"]:
        pieces += ["", heading(wording.say("findings", count=len(answer["findings"])))]
        counts = Counter((f["rule"], f["verdict"]) for f in answer["findings"])
        first = {(f["rule"], f["verdict"]): f["message"] for f in reversed(answer["findings"])}
        rows = [
            {"count": count, "verdict": verdict, "message": first[rule, verdict]}
            for (rule, verdict), count in counts.most_common(MOST_SHOWN)
        ]
        pieces.append(grid(rows, "noticed", frame))
    if answer["batch"]:
        pieces.append(wording.say("batch", batch=answer["batch"]))
    return pieces


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
