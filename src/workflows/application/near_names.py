"""Names of units that look alike: what a name nobody knows may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

MOST_NEAR = 5
_WORN = re.compile(r"^中(国)?共(产党)?|(党支部委员会|支部委员会|党支部|支部|党总支|总支|党委|委员会)$")


def near_units(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that ``name`` may have meant, the nearest first; what all names have says nothing."""
    names: dict[str, list[str]] = {}
    for one in known:
        names.setdefault(_core(one), []).append(one)
    wanted = _core(name)
    parts = [core for core in names if wanted and core and (wanted in core or core in wanted)]
    alike = get_close_matches(wanted, names, n=MOST_NEAR, cutoff=0.5)
    return [one for core in dict.fromkeys([*parts, *alike]) for one in names[core]][:MOST_NEAR]


def _core(name: str) -> str:
    return _WORN.sub("", name.strip())
