"""Adopting packs: what is asked of a pack and of the unit that adopts it, before anything is decided."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.application.ports import PackLibrary
from workflows.domain.unit.commands import AdoptPack, RetirePack
from workflows.kernel.errors import WrongUsage
from workflows.policies.pack import LEVELS, NATIONAL, Level, Pack, PackError, parse_pack

HIGHEST: dict[str, Level] = {"province": "province", "city": "city", "county": "county"}
"""The highest level of packs a unit of a level may adopt; any other unit only those of level ``unit``."""


def with_text(command: AdoptPack, unit_id: UUID, books: Books, library: PackLibrary | None) -> AdoptPack:
    """Return an adoption with the id and the text of its pack, read and found sound.

    Raises:
        WrongUsage: no such pack, a flawed or national one, one above the unit, or a rule it does not have.
    """
    text = command.text
    if text is None:
        text = library(command.pack) if library is not None else None
        if text is None:
            raise WrongUsage("pack-unknown", pack=command.pack, packs=[])
    try:
        pack = parse_pack(text)
    except PackError as error:
        raise WrongUsage("pack-flawed", file=command.pack, flaws=error.flaws) from error
    if pack.level in NATIONAL:
        raise WrongUsage("pack-national", pack=pack.id, level=pack.level)
    _check_level(pack, unit_id, books, command.on)
    if unknown := sorted(set(command.running) - {rule.id for rule in pack.rules}):
        raise WrongUsage("pack-rule-unknown", pack=pack.id, rules=unknown)
    return msgspec.structs.replace(command, pack=pack.id, text=text)


def _check_level(pack: Pack, unit_id: UUID, books: Books, on: date) -> None:
    """Refuse a pack that would stand above the unit that adopts it.

    A unit without a superior on these books may adopt a pack of any local level: its own superiors, whose
    packs they are, are not there to do so.
    """
    line = books.line_of(unit_id, on)
    told = books.unit_state(unit_id).identity_on(on)
    if told is None or len(line) == 1 or _may_adopt(told.level, pack.level):
        return
    above = [(superior, books.unit_state(superior).identity_on(on)) for superior in line[1:]]
    able = [u.name for _, u in above if u is not None and _may_adopt(u.level, pack.level)]
    names = {superior: u.name for superior, u in above if u is not None}
    raise WrongUsage(
        "pack-above-unit",
        pack=pack.id,
        level=pack.level,
        unit=told.name,
        unit_level=told.level,
        highest=HIGHEST.get(told.level, "unit"),
        adopter=able[0] if able else names.get(line[-1], told.name),
    )


def _may_adopt(unit_level: str, pack_level: Level) -> bool:
    return LEVELS.index(pack_level) >= LEVELS.index(HIGHEST.get(unit_level, "unit"))


def check_retired(command: RetirePack, unit_id: UUID, books: Books) -> None:
    """Check that the unit has adopted what it retires.

    Raises:
        WrongUsage: ``pack-not-adopted``.
    """
    adopted = books.unit_state(unit_id).at(command.on).adopted
    day = command.start or command.on
    held = sorted({a.pack.id for a in adopted if a.until is None or a.until > day})
    if command.pack not in held:
        raise WrongUsage("pack-not-adopted", pack=command.pack, packs=held)
