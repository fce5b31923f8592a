"""What the author of a story expects, held against what came."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

ABSENT = "∅"
"""What is told of a key that is not there."""

LONGEST_TOLD = 300


def unmet(expected: Any, actual: Any, place: str = "") -> list[str]:
    """Return where ``actual`` does not fulfil ``expected``: keys must match, of a list each item some item.

    An empty list expected means empty.
    """
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            return [_differs(place, expected, actual)]
        return [
            line
            for key, value in expected.items()
            for line in unmet(value, actual.get(key, ABSENT), f"{place}.{key}".lstrip("."))
        ]
    if isinstance(expected, list):
        if not isinstance(actual, Sequence) or isinstance(actual, str) or (actual and not expected):
            return [_differs(place, expected, actual)]
        return [
            _differs(f"{place}[{i}]", item, _nearest(item, actual))
            for i, item in enumerate(expected)
            if not any(not unmet(item, other) for other in actual)
        ]
    if isinstance(expected, date):
        expected = expected.isoformat()
    return [] if expected == actual else [_differs(place, expected, actual)]


def _nearest(expected: Any, actual: Sequence[Any]) -> Any:
    """Return of the listed table that comes nearest what was expected of it; the list where none does."""
    if not isinstance(expected, Mapping):
        return actual
    tables = [table for table in actual if isinstance(table, Mapping)]
    met = [
        [not unmet(value, table.get(key, ABSENT)) for key, value in sorted(expected.items(), key=_not_named)]
        for table in tables
    ]
    if not any(map(any, met)):
        return actual
    nearest = tables[met.index(max(met))]
    return {key: nearest.get(key, ABSENT) for key in expected}


def _not_named(entry: tuple[str, Any]) -> bool:
    """Say whether a key tells something else than which thing is meant."""
    return entry[0] not in ("rule", "person", "unit", "period", "due_on")


def _differs(place: str, expected: Any, actual: Any) -> str:
    """Return one line that names the place, what was expected and what came, both as JSON."""
    told = (json.dumps(value, ensure_ascii=False, default=str)[:LONGEST_TOLD] for value in (expected, actual))
    return f"{place}: " + " ≠ ".join(told)
