"""附件: files kept by their hash in a folder of the home; written once, never changed, never run."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workflows.application.books import state_of
from workflows.domain.papers import PaperAttached, attached
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from uuid import UUID

    from workflows.adapters.views.books_log import BooksLog

LARGEST_BYTES = 50_000_000
"""A scan of a paper; what is larger is no paper."""

AT_ONCE = 1 << 20
EVENTS_AT_ONCE = 20_000
FOR_THE_OWNER = 0o600
HEX = 64


class Kept(NamedTuple):
    """What became of the files kept: how many there are, which are gone, which are not what they were."""

    total: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether every file is there as it was."""
        return not self.missing and not self.changed


def hashes_kept(log: BooksLog) -> set[str]:
    """Return the hashes of the files that records say are kept; what was retracted asks for none."""
    with log.read() as reading:
        streams: set[UUID] = set()
        position = 0
        while page := reading.touched_since(position, EVENTS_AT_ONCE):
            position = page[-1][0]
            streams |= {stream for _, stream, topic in page if topic == PaperAttached.topic()}
        acts = [act for stream in streams for act in state_of(stream, reading.load(stream)).acts]
    return {event.hash for event, _ in attached(acts) if event.kept}


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal.

    Raises:
        WrongUsage: ``file-unreadable``, ``paper-empty`` or ``paper-too-large``.
    """
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while part := file.read(AT_ONCE):
                size += len(part)
                if size > LARGEST_BYTES:
                    raise WrongUsage("paper-too-large", file=path.name, most=LARGEST_BYTES // 1_000_000)
                digest.update(part)
    except OSError as error:
        raise WrongUsage("file-unreadable", file=path.name, detail=str(error)) from error
    if size == 0:
        raise WrongUsage("paper-empty", file=path.name)
    return digest.hexdigest()


class Attachments:
    """The folder in which files are kept; a file is named by its hash and has no ending."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, named: str) -> Path:
        """Return where a file of this hash lies, be it there or not."""
        return self._folder / named[:2] / named

    def keep(self, path: Path) -> str:
        """Keep a copy of a file and return its hash; again changes nothing. It is there whole or not at all.

        Raises:
            WrongUsage: as :func:`hash_of`, or ``attachment-unwritable``.
        """
        named = hash_of(path)
        place = self.path_of(named)
        if place.is_file() and hash_of(place) == named:
            return named
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as copy:
                try:
                    self._copy(path, copy.name, named)
                    os.replace(copy.name, place)
                except BaseException:
                    Path(copy.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise WrongUsage("attachment-unwritable", folder=str(self._folder)) from error
        return named

    @staticmethod
    def _copy(path: Path, to: str, named: str) -> None:
        digest = hashlib.sha256()
        with path.open("rb") as source, Path(to).open("wb") as copy:
            while part := source.read(AT_ONCE):
                digest.update(part)
                copy.write(part)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != named:
            raise WrongUsage("file-unreadable", file=path.name, detail="changed while it was read")
        Path(to).chmod(FOR_THE_OWNER)

    def check(self, named: Iterable[str]) -> Kept:
        """Return which of the files ``named`` are gone, and which of those kept are not what they were."""
        wanted = set(named)
        here = {path.name: path for path in sorted(self._folder.glob("??/*")) if len(path.name) == HEX}
        changed = [name for name, path in here.items() if not _is(path, name)]
        return Kept(len(here), tuple(sorted(wanted - here.keys())), tuple(changed))


def _is(path: Path, named: str) -> bool:
    try:
        return hash_of(path) == named
    except WrongUsage:
        return False
