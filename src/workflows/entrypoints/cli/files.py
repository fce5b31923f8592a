"""Files named on the command line: looked at before anything is done, so that a slip costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from workflows.kernel.errors import WrongUsage

MOST_NEAR = 5
ALIKE = 0.5


def must_be_there(file: Path) -> None:
    """Refuse a file that is not there, with those of its folder that are named like it.

    Raises:
        WrongUsage: ``folder-missing``, ``file-missing`` or ``file-is-folder``.
    """
    if file.is_dir():
        raise WrongUsage("file-is-folder", file=file.name, near=_files_in(file)[:MOST_NEAR])
    if file.exists():
        return
    if not file.parent.is_dir():
        raise WrongUsage("folder-missing", file=file.name, folder=str(file.parent))
    raise WrongUsage("file-missing", file=file.name, near=near_files(file))


def near_files(file: Path) -> list[str]:
    """Return what its folder has that is named like ``file``, the nearest first; endings do not count."""
    stems: dict[str, list[str]] = {}
    for name in _files_in(file.parent):
        stems.setdefault(Path(name).stem.casefold(), []).append(name)
    found = get_close_matches(file.stem.casefold(), stems, n=MOST_NEAR, cutoff=ALIKE)
    return [name for stem in found for name in stems[stem]][:MOST_NEAR]


def must_be_writable(file: Path) -> None:
    """Refuse a file to write for which there is no folder, or in whose place a folder stands.

    Raises:
        WrongUsage: ``file-unwritable``.
    """
    if not file.parent.is_dir() or file.is_dir():
        raise WrongUsage("file-unwritable", file=file.name)


def must_not_be(file: Path, others: Iterable[tuple[str, Path]]) -> None:
    """Refuse a file to write that the command reads, or writes, under another name: it would be lost.

    Raises:
        WrongUsage: ``output-same``, with the option or argument by which the command has it.
    """
    for told, other in others:
        if _are_same(file, other):
            raise WrongUsage("output-same", file=file.name, option=told)


def _are_same(one: Path, other: Path) -> bool:
    """Say whether two paths lead to one file, be it there or not."""
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute().resolve() == other.absolute().resolve()


def _files_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.is_file() and path.name[:1] != ".")
    except OSError:
        return []


def opened_for_writing(path: Path) -> TextIO:
    """Return a file opened to be written anew.

    Raises:
        WrongUsage: ``file-unwritable``.
    """
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise WrongUsage("file-unwritable", file=path.name) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file anew.

    Raises:
        WrongUsage: ``file-unwritable``.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise WrongUsage("file-unwritable", file=path.name) from error
