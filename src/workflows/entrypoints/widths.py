"""Widths of the columns of a screen, and lines that break where a reader would break them.

Widths are cells: a Chinese character is two of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

GAP = 2
NARROWEST_COLUMN = 9
"""A table with a column of sentences narrower than this is told as cards, one a row."""
BESIDE = 16
"""What a column of sentences keeps at most while the longest one needs the place."""

_CLOSING = "，。；：、！？）》〉〕】」』”’％,.;:!?)]"
_OPENING = "（《〈〔【「『“‘("
_PIECES = re.compile(r"[!-~]+|\s+|.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column before it is given its width: its heading, its texts, and whether they must stay whole."""

    heading: str
    texts: Sequence[str]
    whole: bool = False

    @property
    def natural(self) -> int:
        """Return the width at which nothing is broken."""
        lines = [line for text in self.texts for line in text.split("\n")]
        return max(cell_len(self.heading), *(cell_len(line) for line in lines), 0)


def fitted(columns: Sequence[Column], width: int) -> list[int] | None:
    """Return the width of each column, gaps not counted; None where the table does not fit the screen.

    Columns that must stay whole get what they need, the longest of the others what is left.
    """
    widths = [column.natural for column in columns]
    room = width - GAP * (len(columns) - 1)
    if sum(widths) <= room:
        return widths
    broken = sorted((at for at, column in enumerate(columns) if not column.whole), key=lambda at: widths[at])
    if not broken:
        return None
    wanted, longest = list(widths), broken.pop()
    for at in broken:
        widths[at] = min(wanted[at], max(BESIDE, cell_len(columns[at].heading)))
    widths[longest] = room - (sum(widths) - wanted[longest])
    if widths[longest] < BESIDE:
        for at in broken:
            widths[at] = min(widths[at], max(NARROWEST_COLUMN, cell_len(columns[at].heading)))
        widths[longest] = room - (sum(widths) - widths[longest])
    for at in broken:
        spare = max(widths[longest] - wanted[longest], 0)
        more = min(spare, wanted[at] - widths[at])
        widths[at], widths[longest] = widths[at] + more, widths[longest] - more
    return widths if widths[longest] >= max(NARROWEST_COLUMN, cell_len(columns[longest].heading)) else None


def wrapped(text: str, width: int, names: Iterable[str] = (), paths: Sequence[str] = ()) -> list[str]:
    """Return a text in lines of a width: days, numbers, words and ``names`` are not broken.

    What is longer than a line alone is broken all the same; no line begins with a mark that closes. ``paths``
    are to be copied: they are never broken, however long the line, and stand with the word before them.
    """
    known = (*names, *paths)
    return [line for part in text.split("\n") for line in _lines(part, width, known, tuple(paths))]


def _lines(text: str, width: int, names: Iterable[str], paths: tuple[str, ...]) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text, names):
        if cell_len(line + piece.rstrip()) <= width or piece.startswith(paths):
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = chop_cells(piece.lstrip(), width) or [""]
        lines += full
    return [*lines, line.rstrip()]


def _pieces(text: str, names: Iterable[str]) -> list[str]:
    """Return a text cut where a line may end: marks that close stand with what is before them."""
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    cut = re.compile(f"{known}|{_PIECES.pattern}") if known else _PIECES
    pieces: list[str] = []
    for piece in cut.findall(text):
        last = pieces[-1] if pieces else ""
        if last and not last[-1].isspace() and (piece[0] in _CLOSING or last[-1] in _OPENING):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
