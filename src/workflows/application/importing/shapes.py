"""What an import reads and what it reports, as far as the use case needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from workflows.policies.findings import Finding


class Trouble(Protocol):
    """Why a row is refused, as the reader of workbooks words it."""

    @property
    def column(self) -> str:
        """The heading as the user wrote it."""
        ...

    @property
    def value(self) -> str:
        """What stands there, masked where it is personal."""
        ...

    @property
    def code(self) -> str:
        """The code of the sentence."""
        ...

    @property
    def reason(self) -> str:
        """What is wrong, in Chinese."""
        ...

    @property
    def remedy(self) -> str:
        """What can be done."""
        ...

    def told_in(self, lang: str) -> tuple[str, str]:
        """Return reason and remedy in ``zh`` or ``en``."""
        ...


class Remark(Protocol):
    """A flag of the input itself: recorded all the same."""

    @property
    def rule(self) -> str:
        """``input-…``."""
        ...

    @property
    def message(self) -> str:
        """What was noticed, in Chinese."""
        ...

    def told_in(self, lang: str) -> str:
        """Return what was noticed, in ``zh`` or ``en``."""
        ...


class Line(Protocol):
    """One row of a sheet."""

    @property
    def sheet(self) -> str:
        """The name of the sheet."""
        ...

    @property
    def row_number(self) -> int:
        """The number of the row as Excel counts."""
        ...

    @property
    def cells(self) -> Mapping[str, Any]:
        """Typed values by canonical name; None is unknown."""
        ...

    @property
    def raw(self) -> Mapping[str, Any]:
        """The same as written."""
        ...

    @property
    def errors(self) -> Sequence[Trouble]:
        """Why the row is refused by itself."""
        ...

    @property
    def flags(self) -> Sequence[Remark]:
        """What was noticed of the row by itself."""
        ...


class Page(Protocol):
    """One sheet."""

    @property
    def name(self) -> str:
        """The name of the sheet."""
        ...

    @property
    def kind(self) -> str | None:
        """The kind of table (``units``, ``members``, ``dues`` …); None for a sheet not recognised."""
        ...

    @property
    def rows(self) -> Sequence[Line]:
        """The rows of data."""
        ...

    @property
    def errors(self) -> Sequence[Trouble]:
        """Why the sheet as a whole is not read."""
        ...

    @property
    def flags(self) -> Sequence[Remark]:
        """What was noticed of the sheet."""
        ...

    def heading(self, canonical: str) -> str:
        """Return the user's own heading of a column."""
        ...


class Book(Protocol):
    """A workbook read."""

    @property
    def sheets(self) -> Sequence[Page]:
        """The sheets in the order of the file."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the file."""
        ...


TroubleMaker = Callable[[str, str, str, Mapping[str, Any]], Trouble]
"""Words a refusal that only the books can tell: (heading, value, code, facts)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused row (or, with row 0, a sheet) and why."""

    sheet: str
    row: int
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding of a rule, or a flag of the input, at its row; ``recorded``: its act is on the books."""

    sheet: str
    row: int
    finding: Finding | None = None
    remark: Remark | None = None
    subject: str | None = None
    command: str = ""
    recorded: bool = True


@dataclass(slots=True)
class SheetCount:
    """How many rows of a sheet were taken, refused, known already."""

    sheet: str
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Report:
    """What an import came to; ``batch`` names what it recorded, for ``undo-import``.

    ``names`` are those of people in findings, by id: after a check nobody else knows them.
    """

    sheets: list[SheetCount] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Noticed] = field(default_factory=list)
    batch: UUID | None = None
    recorded: int = 0
    checked_only: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def refused_rows(self) -> dict[tuple[str, int], list[Trouble]]:
        """Return the troubles of each refused row."""
        found: dict[tuple[str, int], list[Trouble]] = {}
        for refusal in self.refusals:
            found.setdefault((refusal.sheet, refusal.row), []).append(refusal.trouble)
        return found
