"""``scores``: a campaign, criterion by criterion: what is claimed, what the facts say, what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import finder, unit_meant
from workflows.entrypoints.cli.values import asked_of, read_asked, read_known

if TYPE_CHECKING:
    from rich.console import RenderableType

UNITS = ("unit", "self_score", "review_score", "automatic", "by_hand", "score", "grade")
CRITERIA = ("scored_item", "points", "state", "claim", "by_facts", "last_points", "review_points")


@command("scores")
@click.argument("campaign", metavar="CAMPAIGN")
@option("--unit", metavar="UNIT")
@asked_of
@pass_frame
def scores(frame: Frame, campaign: str, unit: str | None, on: str | None, known_on: str | None) -> None:
    """Show the criteria of a campaign: each unit in one line, or one unit criterion by criterion."""
    from workflows.entrypoints import scoring_words

    day, known = read_asked(on), read_known(known_on)
    unit_id = unit_meant(frame, unit) if unit else None
    file_id = finder(frame).file(campaign, unit_id, "campaign")
    answer = frame.answering.scores(file_id, unit_id, day, known)
    rows = scoring_words.rows(answer, frame.wording)
    units = [scoring_words.summary(row) for row in answer["rows"]]
    frame.answer(
        answer,
        title=answer["campaign"]["subject"] or "",
        rows=units if frame.format == "table" and unit_id is None else rows,
        sheet=scoring_words.SHEET,
        view=lambda: _view(answer, frame, one=unit_id is not None),
    )


def _view(answer: Mapping[str, Any], frame: Frame, *, one: bool) -> Sequence[RenderableType]:
    from workflows.entrypoints import scoring_words

    wording, counts = frame.wording, answer["counts"]
    pieces: list[RenderableType] = []
    if answer["not_given"]:
        pieces.append(layout.told(wording.say("scoring_not_given", not_given=answer["not_given"]), frame))
    if answer["frozen_on"] is None:
        pieces.append(layout.told(wording.say("scoring_not_frozen"), frame))
    counted = wording.say("scoring_counts", **counts) if counts["criteria"] else wording.say("scoring_none")
    pieces.append(layout.told(counted, frame))
    if not one:
        return [
            *pieces,
            "",
            layout.table_of([scoring_words.summary(row) for row in answer["rows"]], UNITS, frame),
        ]
    pieces += ["", criteria_of(answer, frame)]
    for row in scoring_words.rows(answer, wording):
        if row["not_kept"]:
            pieces += ["", layout.heading(row["scored_item"])]
            pieces += [layout.indented(line, 2, frame) for line in row["not_kept"]]
    return pieces


def criteria_of(answer: Mapping[str, Any], frame: Frame) -> RenderableType:
    """Return every criterion of the units of an answer, a line each."""
    from workflows.entrypoints import scoring_words

    rows = scoring_words.rows(answer, frame.wording)
    columns = CRITERIA if len(answer["rows"]) == 1 else ("unit", *CRITERIA)
    return layout.table_of(rows, columns, frame)
