"""Refusals of a whole file and of one cell, as data; their sentences stand in ``wording``."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.adapters.workbooks import wording
from workflows.kernel.errors import WrongUsage

Fact = str | int
"""What a sentence is filled with: never personal data that is not masked."""


class UnreadableFile(WrongUsage):
    """The file is refused whole and nothing of it is used (整份拒收).

    ``code`` is stable, ``facts`` fill the sentence; ``reason`` and ``remedy`` are that sentence in Chinese.
    """

    def __init__(self, code: str, /, **facts: Fact) -> None:
        super().__init__(code, **facts)

    @property
    def reason(self) -> str:
        """What is wrong with the file, in Chinese."""
        return wording.reason(self.code, self.facts)

    @property
    def remedy(self) -> str:
        """What the user can do about it, in Chinese."""
        return wording.remedy(self.code, self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


class BadCell(Exception):
    """What stands in a cell cannot be taken for what its column asks; raised by the readers of cells only."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Fact] = facts
