"""``bulletin``: a Word paper of a decided campaign, or of what was left undone in a period."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.files import must_be_writable, write_bytes
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import finder, scope, unit_meant
from workflows.entrypoints.cli.values import asked_of, read_asked, read_known
from workflows.entrypoints.period_words import is_period
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

ENDING = ".docx"


@command("bulletin")
@click.argument("about", metavar="CAMPAIGN_OR_PERIOD")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option("--unit", metavar="UNIT")
@asked_of
@pass_frame
def bulletin(
    frame: Frame, about: str, file: Path, unit: str | None, on: str | None, known_on: str | None
) -> None:
    """Write the bulletin of a campaign, or of what was left undone in a period, as a Word document."""
    from workflows.entrypoints.bulletins import paper_of
    from workflows.entrypoints.documents import as_docx
    from workflows.entrypoints.wording import Wording

    must_be_writable(file)
    if file.suffix.lower() != ENDING:
        raise WrongUsage("bulletin-ending", file=file.name)
    day, known = read_asked(on), read_known(known_on)
    if is_period(about):
        unit_id, _ = scope(frame, unit)
        answer = frame.answering.undone(unit_id, about, day, known)
    else:
        campaign = finder(frame).file(about, unit_meant(frame, unit) if unit else None, "campaign")
        answer = frame.answering.bulletin(campaign, day, known)
    paper = paper_of(answer, Wording("zh"))
    write_bytes(file, as_docx(paper))
    told = frame.wording.say("bulletin_written", title=paper["title"], file=file)
    frame.answer(
        {**answer, "file": str(file)},
        title=paper["title"],
        view=lambda: layout.unbroken(told, [str(file)], frame),
    )


def grades_of(answer: Mapping[str, Any], frame: Frame) -> RenderableType:
    """Return the grades of an answer in the order of the plan, each with its units."""
    rows = [{"grade": one["grade"], "units": one["units"]} for one in answer["grades"]]
    return layout.table_of(rows, ("grade", "units"), frame)
