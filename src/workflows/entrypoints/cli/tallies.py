"""``compliance`` of several units on a screen: how many of each verdict, by duty and by unit.

Counts alone, in the order of the roster: nothing is scored, and nobody is ranked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from workflows.domain.unit.verdicts import Verdict
from workflows.entrypoints import rendering
from workflows.entrypoints.cli import duty_cells, layout

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame

VERDICTS: tuple[str, ...] = get_args(Verdict)
Cell = Mapping[str, Any]


def is_of_several(cells: Sequence[Cell]) -> bool:
    """Say whether the cells are those of more than one unit."""
    return len({cell["unit_id"] for cell in cells}) > 1


def drawn(cells: Sequence[Cell], frame: Frame) -> RenderableType:
    """Return the counts of each duty with every verdict, of each unit with those there are, and a hint."""
    from rich.console import Group

    wording = frame.wording
    about = {(row["rule"], row["label"]): row["matter"] for row in duty_cells.rows_of(cells, wording)}
    twice = Counter(about.values())
    duties = {
        rule: matter if twice[matter] == 1 else f"{matter} ({rule})" for (rule, _), matter in about.items()
    }
    above = _superiors(cells, frame)
    units = len({cell["unit_id"] for cell in cells})
    there = [verdict for verdict in VERDICTS if any(cell["verdict"] == verdict for cell in cells)]
    heading = wording.say("tally_rules", units=units, count=len(cells))
    return Group(
        layout.heading(heading),
        _table(cells, "matter", lambda cell: duties[cell["rule"]], VERDICTS, frame),
        "",
        layout.heading(wording.say("tally_units")),
        _table(cells, "unit", lambda cell: above[cell["unit_id"]], there, frame),
        "",
        wording.say("tally_hint"),
    )


def _superiors(cells: Sequence[Cell], frame: Frame) -> dict[str, str]:
    """Return under which name each unit is counted: its superior's, where there are several of them."""
    with frame.app.log.read() as reading:
        entries = {str(entry.id): entry for entry in reading.directory.units()}
    own = {str(cell["unit_id"]): str(cell["unit"] or "") for cell in cells}
    found = {unit: entries[unit].superior for unit in own}
    if len(set(found.values())) == 1:
        return own
    return {unit: entries[str(above)].name if above else own[unit] for unit, above in found.items()}


def _table(
    cells: Sequence[Cell], head: str, named: Callable[[Cell], str], verdicts: Sequence[str], frame: Frame
) -> RenderableType:
    counts: dict[str, Counter[str]] = {}
    for cell in cells:
        counts.setdefault(named(cell), Counter())[cell["verdict"]] += 1
    words = {verdict: _word(verdict, frame) for verdict in verdicts}
    rows = [
        {head: name, **{words[verdict]: count[verdict] for verdict in verdicts}}
        for name, count in counts.items()
    ]
    return rendering.table(rows, frame.wording, width=frame.width)


def _word(verdict: str, frame: Frame) -> str:
    return frame.wording.words.known("tally", verdict) or frame.wording.verdict(verdict)
