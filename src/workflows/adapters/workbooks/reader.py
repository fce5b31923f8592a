"""The parent's side of reading: the guard, then a child process whose lines are streamed (读取上传文件)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

import workflows
from workflows.adapters.workbooks.cellcode import PLAIN, decode
from workflows.adapters.workbooks.guard import inspect
from workflows.adapters.workbooks.limits import STANDARD, Limits
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.rows import Written

_CHILD = "workflows.adapters.workbooks.child"
_PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
_DECODER = msgspec.json.Decoder()
_LINE_BYTES = 32 << 20
_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row that holds anything: its number as Excel counts, and its cells from column A on as written."""

    number: int
    hidden: bool
    cells: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The beginning of a sheet; its rows follow until the next one."""

    name: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class RawFile:
    """An upload that is being read: its fingerprint, known before the first line, and its lines in order.

    ``lines`` raises ``UnreadableFile`` wherever the child gives up, so nothing may be used before it has
    ended.
    """

    fingerprint: str
    lines: Iterator[RawSheet | RawRow]


@contextmanager
def open_raw(source: Path | BinaryIO, name: str = "", limits: Limits = STANDARD) -> Iterator[RawFile]:
    """Open an upload for reading; ``source`` is a path or a binary file (a copy of which is read).

    Raises:
        UnreadableFile: from the guard at once, from the parser while ``lines`` is read.
        OSError: the path cannot be opened.
    """
    with _on_disk(source) as file:
        inspected = inspect(file, name or (source.name if isinstance(source, Path) else ""), limits)
        lines = _child_lines(file, inspected.kind, limits)
        try:
            yield RawFile(inspected.fingerprint, lines)
        finally:
            lines.close()


@contextmanager
def _on_disk(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Give a file with its own descriptor, shared by guard and child: nobody can swap it in between."""
    if isinstance(source, Path):
        with source.open("rb", buffering=0) as file:
            yield file
        return
    with tempfile.TemporaryFile(buffering=0) as copy:
        source.seek(0)
        shutil.copyfileobj(source, copy)
        yield copy


def _child_lines(file: BinaryIO, kind: str, limits: Limits) -> Generator[RawSheet | RawRow, None, None]:
    """Run the child on ``file`` and yield what it reads; the process is gone when the generator is."""
    file.seek(0)
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-P", "-m", _CHILD, kind, json.dumps(asdict(limits))],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as child:
        watch = _Watch(child.kill, limits.silent_seconds)
        try:
            if child.stdout is None:
                raise UnreadableFile("unreadable", detail="no output")
            for line in _parsed(child.stdout.readline):
                watch.heard()
                yield line
        finally:
            watch.stop()
            child.kill()


class _Watch:
    """Ends a child that says nothing for too long: on some platforms nothing else bounds its time."""

    def __init__(self, end: Callable[[], None], seconds: int) -> None:
        self._end, self._seconds = end, seconds
        self._stopped = threading.Event()
        self._heard = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    def heard(self) -> None:
        """Note that the child has said something."""
        self._heard = time.monotonic()

    def stop(self) -> None:
        """Let the child be."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            if time.monotonic() - self._heard > self._seconds:
                self._end()
                return


def _parsed(read_line: Callable[[int], bytes]) -> Iterator[RawSheet | RawRow]:
    """Turn the child's lines into rows; a child that ended without saying so died of its limits."""
    while line := read_line(_LINE_BYTES):
        if not line.endswith(b"\n"):
            break
        try:
            record = _DECODER.decode(line)
            if isinstance(record, list):
                number, hidden, cells = record
                yield RawRow(
                    number,
                    bool(hidden),
                    tuple(cell if type(cell) in PLAIN else decode(cell) for cell in cells),
                )
                continue
        except (ValueError, TypeError, msgspec.DecodeError) as error:
            raise UnreadableFile("unreadable", detail=type(error).__name__) from error
        if "refused" in record:
            raise UnreadableFile(record["refused"], **record["facts"])
        if "end" in record:
            return
        yield RawSheet(record["sheet"], record["hidden"])
    raise UnreadableFile("too-heavy")


def _environment() -> dict[str, str]:
    """Return what the child needs and nothing else: no key, no address of a database."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    here = str(Path(next(iter(workflows.__path__))).parent)
    environment["PYTHONPATH"] = os.pathsep.join([here, *(path for path in sys.path if path)])
    environment["PYTHONUTF8"] = "1"
    return environment
