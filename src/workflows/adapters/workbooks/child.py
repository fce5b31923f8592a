"""The child process that parses an upload (解析子进程): ``python -m ….child KIND LIMITS``.

The file comes on standard input, the cells leave as JSON lines on standard output, and whatever goes wrong
becomes one line ``{"refused": code}``. Memory and processor time are bounded before a parser is loaded, so
that a hostile file can end this process but never the one that asked.

Lines: ``{"sheet": name, "hidden": bool}`` opens a sheet, ``[row number, hidden, cells]`` is a row with its
cells from column A on, ``{"end": true}`` closes the whole. For the form of a cell see ``cellcode``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from workflows.adapters.workbooks.limits import Limits
from workflows.adapters.workbooks.refusal import UnreadableFile

_ENCODER = msgspec.json.Encoder()


def main(arguments: list[str]) -> int:
    """Parse standard input; return 0 also for a refusal, since the refusal is an answer."""
    kind, limits = arguments[0], Limits(**json.loads(arguments[1]))
    _confine(limits)
    try:
        for record in _records(kind, limits):
            _write(record)
        _write({"end": True})
    except UnreadableFile as refused:
        _write({"refused": refused.code, "facts": dict(refused.facts)})
    except MemoryError:
        _write({"refused": "too-heavy", "facts": {}})
    except Exception as error:
        _write({"refused": "unreadable", "facts": {"detail": type(error).__name__}})
    sys.stdout.buffer.flush()
    return 0


def _records(kind: str, limits: Limits) -> Iterator[Any]:
    if kind == "csv":
        from workflows.adapters.workbooks.csvtext import csv_records

        return csv_records(sys.stdin.buffer, limits)
    # numpy would map more memory than the whole allowance; openpyxl only asks it for its number types.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    os.environ["OPENPYXL_LXML"] = "False"
    from workflows.adapters.workbooks.xlsx import xlsx_records

    return xlsx_records(sys.stdin.buffer, limits)


def _write(record: object) -> None:
    sys.stdout.buffer.write(_ENCODER.encode(record))
    sys.stdout.buffer.write(b"\n")


def _confine(limits: Limits) -> None:
    """Bound memory and processor time and forbid writing files, where the platform can."""
    try:
        import resource
    except ImportError:
        return
    for what, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        ceiling = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (ceiling, ceiling))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
