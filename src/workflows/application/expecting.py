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
            _differs(f"{place}[{i}]", item, actual)
            for i, item in enumerate(expected)
            if not any(not unmet(item, other) for other in actual)
        ]
    if isinstance(expected, date):
        expected = expected.isoformat()
    return [] if expected == actual else [_differs(place, expected, actual)]


def _differs(place: str, expected: Any, actual: Any) -> str:
    """Return one line that names the place, what was expected and what came, both as JSON."""
    told = (json.dumps(value, ensure_ascii=False, default=str)[:LONGEST_TOLD] for value in (expected, actual))
    return f"{place}: " + " ≠ ".join(told)
