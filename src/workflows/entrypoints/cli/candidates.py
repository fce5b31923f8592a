"""``candidates``: which branches bear a mark by which they may be listed; nobody is ranked, people decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import scope
from workflows.entrypoints.cli.values import asked_of, by_structure, read_asked, read_known

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.wording import Wording
    from workflows.projections.opening import Structure

COLUMNS = ("unit", "marks_borne", "facts_told", "not_known", "listed_in")
SHEET = ("unit", "marks_borne", "facts_told", "clause", "not_known", "listed_in", "unit_id")


@command("candidates")
@option("--unit", metavar="UNIT")
@by_structure
@asked_of
@pass_frame
def candidates(
    frame: Frame, unit: str | None, structure: Structure, on: str | None, known_on: str | None
) -> None:
    """List which branches bear a mark by which they may be listed, and what a bottom share comes to."""
    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answer = frame.answering.weak_candidates(unit_id, day, known, structure)
    rows = [_row(row, frame.wording) for row in answer["rows"]]
    frame.answer(
        answer,
        title=frame.wording.say("candidates_title"),
        rows=rows,
        sheet=SHEET,
        view=lambda: _view(answer, rows, frame),
    )


def _view(answer: Mapping[str, Any], rows: list[dict[str, Any]], frame: Frame) -> Sequence[RenderableType]:
    say = frame.wording.say
    head = say("candidates_of", day=answer["as_of"], branches=answer["branches"])
    told = [head, *(_share(share, frame.wording) for share in answer["shares"])]
    pieces: list[RenderableType] = [layout.told(one, frame) for one in told]
    if not answer["marks"]:
        return [*pieces, layout.told(say("candidates_no_marks"), frame)]
    marks = [layout.told(say("candidates_mark", **mark), frame) for mark in answer["marks"]]
    return [*pieces, "", layout.table_of(rows, COLUMNS, frame), "", *marks]


def _row(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    import msgspec

    from workflows.entrypoints.reasons import Reasons
    from workflows.policies.findings import Calc

    reasons = Reasons(wording.words, lambda told: None)
    marks = row["marks"]
    return {
        "unit": row["unit"],
        "marks_borne": [one["label"] for one in marks],
        "facts_told": [
            reasons.mark(one["how"], one["facts"], msgspec.convert(one["calc"], list[Calc])) for one in marks
        ],
        "clause": list(dict.fromkeys(one["clause"] for one in marks)),
        "not_known": row["open"],
        "listed_in": row["listed"]["subject"] if row["listed"] else "",
        "unit_id": row["unit_id"],
    }


def _share(share: Mapping[str, Any], wording: Wording) -> str:
    """Return what a bottom share comes to: how many, who is among them whatever one decides, what is open."""
    told = {**share, "listed": share["listed"], "share": wording.value("value", share["share"])}
    parts = [wording.say("candidates_rule", **told)]
    if share["base"] is not None:
        parts.append(wording.say("candidates_share", **told))
    parts += [wording.say(f"candidates_{name}") for name in share["why"]]
    for name in ("sure", "unsettled"):
        if share[name]:
            parts.append(wording.say(f"candidates_{name}", units=wording.words.listed(share[name])))
    return "".join(parts)
