"""``units``: the tree of units on a day, with their people, their secretary and their past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli.frame import Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import scope
from workflows.entrypoints.cli.values import asked_of, by_structure, read_asked, read_known

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording
    from workflows.projections.opening import Structure

SCREEN = ("unit", "level", "kind", "full_members", "members_below", "secretary", "lineage")
SHEET = (
    "unit", "depth", "level", "kind", "superior", "full_members", "probationary_members", "members_below",
    "secretary", "since", "established_on", "dissolved_on", "names", "lineage", "unit_id",
)  # fmt: skip
INDENT = "　"


@command("units")
@option("--unit", metavar="UNIT")
@option("--ended", is_flag=True)
@by_structure
@asked_of
@pass_frame
def units(
    frame: Frame, unit: str | None, ended: bool, on: str | None, known_on: str | None, structure: Structure
) -> None:
    """The tree of units on a day."""
    day, known = read_asked(on), read_known(known_on)
    unit_id, _ = scope(frame, unit)
    answer = frame.answering.units(unit_id, day, known, structure, ended=ended)
    table = frame.format == "table"
    frame.answer(
        answer,
        title=frame.wording.words.word("question", "units"),
        rows=[_shown(row, frame.wording, indented=table) for row in answer["rows"]],
        columns=SCREEN,
        sheet=SHEET,
    )


def _shown(row: Mapping[str, Any], wording: Wording, *, indented: bool) -> dict[str, Any]:
    """Return a row in words; on a screen each unit stands further in than the one above it."""
    words = wording.words
    name = str(row["unit"] or "")
    earlier = [told["name"] for told in row["names"][:-1]]
    return {
        **row,
        "unit": INDENT * row["depth"] + name if indented else name,
        "level": words.word("level", row["level"]) if row["level"] else None,
        "kind": words.kind(row["kind"]),
        "names": words.listed(earlier),
        "lineage": "；".join(_past(row, earlier, wording)),
    }


def _past(row: Mapping[str, Any], earlier: Sequence[str], wording: Wording) -> list[str]:
    say = wording.words.sentence
    told = [say("lineage", "named", name=name) for name in earlier]
    told += [say("lineage", f"from_{one['how']}", **one) for one in row["predecessors"]]
    told += [say("lineage", f"to_{one['how']}", **one) for one in row["successors"]]
    if row["dissolved_on"]:
        told.append(say("lineage", "ended", on=row["dissolved_on"]))
    return told
