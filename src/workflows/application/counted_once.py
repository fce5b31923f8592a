"""Somebody entered and named twice counts once: in a list of names, and in the numbers counted from it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import msgspec

from workflows.domain.act import Who
from workflows.domain.person.joined import is_open


def named_once(was: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    """Return a list without those named again; ``was`` are the same items with the ids before the merger.

    Of two entries (somebody on leave, with the reason) the one told of the id kept has the word, the other
    fills in what it left open. A person may stand in several posts, each once.
    """
    found: dict[Hashable, Any] = {}
    kept: set[Hashable] = set()
    for place, (before, item) in enumerate(zip(was, now, strict=True)):
        key = _named(item, place)
        is_kept = before is item
        if key not in found:
            found[key] = item
        elif is_kept and key not in kept:
            found[key] = _filled(item, found[key])
        else:
            found[key] = _filled(found[key], item)
        kept |= {key} if is_kept else set()
    return list(found.values())


def _named(item: Any, place: int) -> Hashable:
    """Return by what an entry is the same as another: who it names, and as what; else its place."""
    if not isinstance(item, msgspec.Struct):
        return item if isinstance(item, Hashable) else place
    if isinstance(item, Who):
        return item
    who = getattr(item, "person", None)
    return (type(item), who, getattr(item, "post", None)) if isinstance(who, Who) else place


def _filled(one: Any, other: Any) -> Any:
    if one == other or not isinstance(one, msgspec.Struct):
        return one
    pairs = ((name, getattr(one, name), getattr(other, name)) for name in one.__struct_fields__)
    return msgspec.structs.replace(one, **{name: theirs for name, mine, theirs in pairs if is_open(mine)})
