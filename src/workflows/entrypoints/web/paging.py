"""A long list in pages: 共 N 条, with links that keep the filter and the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from workflows.entrypoints.web.horizon import Horizon

T = TypeVar("T")
NEIGHBOURS = 2
LONG_LIST = 50
TASK_LIST = 20


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a page stands in a list: ``number`` counts from 1; ``query`` is the filter its links keep."""

    total: int
    number: int
    size: int
    path: str
    horizon: Horizon
    query: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, total: int, asked: int, size: int, path: str, horizon: Horizon, query: Mapping[str, str]
    ) -> Pages:
        """Return the page asked for; beyond the end it is the last one."""
        last = max(1, -(-total // size))
        return cls(total, min(max(asked, 1), last), size, path, horizon, query)

    @property
    def count(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the number of the first row shown, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return min(self.number * self.size, self.total)

    @property
    def shown(self) -> list[int | None]:
        """Return the page numbers to show; None is a gap."""
        near = range(self.number - NEIGHBOURS, self.number + NEIGHBOURS + 1)
        wanted = sorted({1, self.count, *(n for n in near if 1 <= n <= self.count)})
        found: list[int | None] = []
        for number in wanted:
            if found and found[-1] is not None and number - found[-1] > 1:
                found.append(None)
            found.append(number)
        return found

    def link(self, number: int) -> str:
        """Return the address of another page of the same list."""
        return self.horizon.link(self.path, **{**self.query, "page": number if number > 1 else ""})

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        """Return the rows of this page."""
        return rows[self.first - 1 : self.last]


def chip(word: str, path: str, *, here: bool, count: int | None = None, shape: str = "") -> dict[str, Any]:
    """Return one of the filters above a list; ``shape`` is a status it stands for."""
    return {"word": word, "path": path, "is_here": here, "count": count, "shape": shape}
