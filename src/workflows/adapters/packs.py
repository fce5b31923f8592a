"""Rule packs and working-day calendars from files: those shipped, and those of a user."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from workflows.kernel.calendar import Calendar
from workflows.kernel.errors import WrongUsage
from workflows.policies.pack import LEVELS, NATIONAL, Pack, PackError, parse_pack
from workflows.policies.workdays import CalendarYear

LARGEST_PACK_BYTES = 2_000_000


@cache
def shipped() -> tuple[Pack, ...]:
    """Return every pack that comes with the program, by level and file name."""
    root = files("workflows.policies") / "packs"
    found = []
    for level in LEVELS:
        folder = root / level
        if folder.is_dir():
            names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
            found += [parse_pack((folder / name).read_text("utf-8")) for name in names]
    return tuple(found)


def text_of(name: str, base: Path | None = None) -> str | None:
    """Return the text of a shipped pack by its id, or of a pack file; None where there is neither.

    Raises:
        WrongUsage: a file that is too large or no UTF-8.
    """
    root = files("workflows.policies") / "packs"
    for level in LEVELS:
        folder = root / level
        for item in folder.iterdir() if folder.is_dir() else ():
            if item.name.endswith(".toml") and parse_pack(text := item.read_text("utf-8")).id == name:
                return text
    path = (base or Path()) / name
    return _text(path) if base is not None and path.is_file() else None


@cache
def calendar() -> Calendar:
    """Return the working-day calendar with every yearly file that comes with the program put in."""
    folder = files("workflows.policies") / "calendars"
    told = [
        CalendarYear.model_validate(tomllib.loads(item.read_text("utf-8")))
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".toml")
    ]
    return Calendar().with_years(one.table for one in told)


def read_pack(path: Path) -> Pack:
    """Read a pack from a file.

    Raises:
        WrongUsage: no such file, too large, no UTF-8, or no pack; with the place in the file.
    """
    try:
        return parse_pack(_text(path))
    except PackError as error:
        raise WrongUsage("pack-flawed", file=path.name, flaws=error.flaws) from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_PACK_BYTES:
            raise WrongUsage("pack-too-large", file=path.name, most=LARGEST_PACK_BYTES)
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUsage("file-not-utf8", file=path.name) from error
    except PermissionError as error:
        raise WrongUsage("file-forbidden", file=path.name) from error
    except OSError as error:
        raise WrongUsage("file-unreadable", file=path.name, detail=str(error)) from error


def stacked(names: Sequence[str], base: Path | None = None) -> list[Pack]:
    """Return the packs meant by names of packs or levels, or paths; ``central`` means every national pack.

    Raises:
        WrongUsage: a name that is neither, or a file that is no pack.
    """
    known = {pack.id: pack for pack in shipped()}
    found: dict[str, Pack] = {}
    for name in names:
        if name in known:
            found[name] = known[name]
        elif name == "central":
            found |= {pack.id: pack for pack in shipped() if pack.level in NATIONAL}
        elif name in LEVELS:
            found |= {pack.id: pack for pack in shipped() if pack.level == name}
        else:
            path = (base or Path()) / name
            if not path.is_file():
                raise WrongUsage("pack-unknown", pack=name, packs=sorted(known))
            pack = read_pack(path)
            found[pack.id] = pack
    return list(found.values())
