"""How much of an upload is read: beyond a limit a file is refused, never cut (上限)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one upload; the defaults are those measured against hostile files.

    ``rows`` bounds both the number of a row that holds anything and the rows of the whole file that do;
    ``columns`` is the number of the last column that holds anything. ``cell_characters`` refuses the row,
    ``cell_characters_possible`` (what Excel itself can store) the file. Memory and processor time hold where
    the platform has ``resource``; ``silent_seconds``, the longest time without a row, everywhere.
    """

    file_bytes: int = 50 << 20
    entries: int = 200
    unpacked_bytes: int = 200 << 20
    shared_strings_bytes: int = 64 << 20
    strings: int = 1_000_000
    relationships_bytes: int = 1 << 20
    sheets: int = 60
    rows: int = 200_000
    columns: int = 100
    merges: int = 20_000
    cell_characters: int = 2_000
    cell_characters_possible: int = 32_767
    blank_rows: int = 200
    memory_bytes: int = 512 << 20
    cpu_seconds: int = 30
    silent_seconds: int = 60


STANDARD = Limits()
