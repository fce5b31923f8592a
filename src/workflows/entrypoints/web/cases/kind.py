"""What a kind of case adds to the list and the page that all kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.lights import Light

Row = Mapping[str, Any]
"""A row of ``Answering.cases``: the state of the case, ``file_id``, ``limit``, ``last_on``."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an own column: its text (the same in an export), a light before it, where it leads."""

    text: str = ""
    light: Light | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """Stages of a kind under one word above the list."""

    name: str
    word: str
    stages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of a list beside those of all kinds: its values with their words, and who fits one."""

    name: str
    label: str
    values: Sequence[tuple[str, str]]
    fits: Callable[[Row, str], bool]


def _nothing(told: Mapping[str, Any], ask: Ask) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case on the web.

    ``path`` is that of its list, ``here`` the entry of the menu it stands under. ``course``: the stages in
    their order, those aside (void, failed) left out. ``heads`` and ``cells`` are its own columns, on the
    screen and in the export; on the screen those in ``small`` stand under the name. ``template`` is its part
    of the page of a case and finds what ``told`` makes of the answer of ``Answering.case`` under the name
    ``own``. ``about_one``: its acts may be about a unit below that of the case. ``first``: which command
    stands in a row of the list, where several lead further. ``links``: pages beside the list, their words.
    ``wanted``: the command that comes next by where a case stands, "" where the course alone tells it.
    ``usual_name``: what a case is called where nobody calls it otherwise, of ``year`` and ``place``.
    """

    kind: str
    path: str
    here: str
    title: str
    noun: str
    opening: str
    tabs: Sequence[Tab]
    course: Sequence[str]
    empty: str
    heads: Sequence[str] = ()
    small: frozenset[str] = frozenset()
    cells: Callable[[Row, Ask], Sequence[Cell]] = field(default=lambda row, ask: ())
    choices: Sequence[Choice] = ()
    template: str = ""
    told: Callable[[Mapping[str, Any], Ask], Mapping[str, Any]] = _nothing
    about_one: bool = False
    first: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()
    usual_name: str = ""
    wanted: Callable[[Row], str] = field(default=lambda row: "")

    def place(self, file_id: object) -> str:
        """Return the page of a case."""
        return f"{self.path}/{file_id}"
