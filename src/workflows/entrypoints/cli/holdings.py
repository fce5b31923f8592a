"""Packs that a unit or a superior of it adopted: by whom, from when until when; rules found by a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from workflows.entrypoints.cli.frame import Frame
    from workflows.policies.pack import Adopted, Pack

LEAST_HELD = 4
"""Letters of a word that an id may hold somewhere; shorter ones stand in too many."""

Held = tuple[str, "Adopted"]
"""Who adopted a pack, and the pack with its days."""


def held_by(frame: Frame, unit_id: UUID, day: date) -> list[Held]:
    """Return what a unit and its superiors had adopted by a day, the highest first; days to come count.

    Where a unit and a superior adopted the same pack, the days of the superior's are not the unit's.
    """
    from workflows.adapters import packs
    from workflows.application.books import Books
    from workflows.policies.pack import left_by
    from workflows.policies.rules import Rules, national

    found: list[Held] = []
    with frame.app.log.read() as reading:
        books = Books(reading, Rules(national(packs.shipped()), packs.calendar()))
        for holder in reversed(books.line_of(unit_id, day)):
            unit = books.unit_state(holder).at(day)
            above = [adopted for _, adopted in found]
            found += [(unit.name, adopted) for adopted in left_by(above, unit.adopted)]
    return found


def pack_row(pack: Pack) -> dict[str, Any]:
    """Return what a list of packs says of one."""
    return {
        "id": pack.id,
        "title": pack.title,
        "level": pack.level,
        "issuer": pack.issuer,
        "source": pack.source,
        "issued_on": pack.issued_on.isoformat(),
        "published_on": pack.published_on.isoformat() if pack.published_on else None,
        "rules": len(pack.rules),
    }


def adoption(name: str, adopted: Adopted) -> dict[str, Any]:
    """Return who adopted a pack, from which day, and until which (the last one on which it holds)."""
    from datetime import timedelta

    until = adopted.until - timedelta(days=1) if adopted.until else None
    return {
        "adopted_by": name,
        "from": adopted.start.isoformat(),
        "until": until.isoformat() if until else None,
    }


def adopted_rows(held: Sequence[Held]) -> list[dict[str, Any]]:
    """Return a row for each time that a pack holds."""
    return [{**pack_row(one.pack), **adoption(name, one)} for name, one in held]


def near_rules(name: str, packs: Sequence[Pack]) -> list[str]:
    """Return ids of rules that are written much like a word, or hold it."""
    from difflib import get_close_matches

    known = list(dict.fromkeys(rule.id for pack in packs for rule in pack.own_rules))
    holding = [one for one in known if len(name) >= LEAST_HELD and name.casefold() in one]
    return list(dict.fromkeys([*get_close_matches(name, known, n=4), *holding]))[:6]


def rules_with(word: str, packs: Sequence[Pack], frame: Frame) -> list[dict[str, Any]]:
    """Return the rules whose id, label, pack or act has a word in it; all of them for ""."""
    found: list[dict[str, Any]] = []
    for pack in packs:
        for rule in pack.own_rules:
            acts = [frame.wording.subject(command) for command in rule.on]
            texts = (rule.id, *rule.aliases, rule.label, rule.note or "", pack.id, pack.title, *acts)
            if any(word.casefold() in text.casefold() for text in texts):
                row: Mapping[str, Any] = {
                    "id": rule.id,
                    "label": rule.label,
                    "pack": pack.id,
                    "level": pack.level,
                    "kind": rule.kind_name,
                    "on": acts,
                }
                found.append(dict(row))
    return found
