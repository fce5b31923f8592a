"""``papers`` and ``attach``: which papers are there and which are wanting; a file attached by its hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.acting import put_out, requested
from workflows.entrypoints.cli.files import must_be_there
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import finder, names_of, with_messages
from workflows.entrypoints.cli.values import asked_of, read_asked, read_day, read_known

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN = 12
"""Characters of a hash that are shown where there is little room; all stand in JSON and in the workbook."""


@command("papers")
@click.argument("name", metavar="UNIT_OR_PERSON")
@option("--unit", metavar="UNIT")
@asked_of
@pass_frame
def papers(frame: Frame, name: str, unit: str | None, on: str | None, known_on: str | None) -> None:
    """Which papers are there, which are wanting or dated oddly."""
    day, known = read_asked(on), read_known(known_on)
    unit_id = finder(frame).unit(unit) if unit else None
    stream = finder(frame).person(name, unit_id) if unit_id else finder(frame).stream(name)
    answer = with_messages(frame, frame.answering.papers(stream, day, known))
    rows = [_told(row, frame) for row in answer["rows"]]
    who = names_of(frame)(str(stream)) or name
    frame.answer(
        answer,
        title=frame.wording.say("papers_of", who=who),
        rows=rows,
        sheet=layout.SHEETS["papers"],
        view=lambda: _drawn(answer, rows, frame),
    )


def _told(row: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    """Return a row as one reads it: the step in words, the papers attached side by side."""
    wording = frame.wording
    last = row["attached"][-1] if row["attached"] else {}
    step = str(row["step"] or "")
    return {
        "step": (wording.words.known("command", step) or row["step_title"] or step) if step else "",
        "act_on": row["on"],
        "title": row["title"],
        "status": wording.words.word("paper", row["status"]),
        "required": row["required"],
        "dated_on": last.get("dated_on"),
        "signed_by": last.get("signed_by") or row["signed_by"],
        "attached_on": last.get("on"),
        "hash": last.get("hash"),
        "name": last.get("name"),
        "kept": last.get("kept"),
        "clause": row["clause"],
        "confidence": row["confidence"] and wording.words.word("confidence", row["confidence"]),
        "message": [finding["message"] for finding in row["findings"]],
    }


def _drawn(
    answer: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], frame: Frame
) -> Sequence[RenderableType]:
    from workflows.entrypoints import rendering

    say = frame.wording.say
    if not rows:
        return [say("papers_none")]
    shown = [{**row, "hash": str(row["hash"] or "")[:SHOWN]} for row in rows]
    columns = layout.COLUMNS["papers"]
    pieces: list[RenderableType] = [
        rendering.table(shown, frame.wording, columns=columns, width=frame.width),
        say("papers_wanting", count=answer["wanting"]),
    ]
    return [*pieces, *(message for row in rows for message in row["message"])]


@command("attach")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option("--unit", metavar="UNIT")
@option("--person", metavar="PERSON")
@option("--kind", metavar="TEXT", required=True, told="paper-kind")
@option("--dated", metavar="DATE", told="paper-dated")
@option("--signed-by", "signed_by", metavar="TEXT", multiple=True, told="paper-signed")
@option("--step", metavar="STEP", told="paper-step")
@option("--act-on", "act_on", metavar="DATE", told="paper-act-on")
@option("--act", type=click.IntRange(min=1), metavar="N", told="paper-act")
@option("--on", metavar="DATE", told="act-on")
@option("--keep", is_flag=True, told="paper-keep")
@pass_frame
def attach(
    frame: Frame,
    file: Path,
    unit: str | None,
    person: str | None,
    kind: str,
    dated: str | None,
    signed_by: tuple[str, ...],
    step: str | None,
    act_on: str | None,
    act: int | None,
    on: str | None,
    keep: bool,
) -> None:
    """Attach a file by its hash; with ``--keep`` a copy is kept."""
    from workflows.adapters.attachments import hash_of

    must_be_there(file)
    days = {"dated_on": read_day(dated), "act_on": read_day(act_on)}
    fields: dict[str, Any] = {"kind": kind, "hash": hash_of(file), "name": file.name, "kept": keep}
    fields |= {name: day.isoformat() for name, day in days.items() if day is not None}
    fields |= {"signed_by": list(signed_by)} if signed_by else {}
    fields |= {"step": step} if step else {}
    fields |= {"act": act} if act is not None else {}
    request = requested(frame, "attach", fields, read_day(on), unit, person)
    if keep:
        frame.app.attachments.keep(file)
    outcome = frame.app.recording.record(request)
    more = {"hash": fields["hash"], "kept": keep}
    told = frame.wording.say("paper_hash", hash=fields["hash"])
    drawn = [layout.unbroken(told, [fields["hash"]], frame)]
    put_out(frame, "attach", request, outcome, [], preview=False, more=more, drawn=drawn)
