"""Reads a CSV or tab-separated text in the child process: encoding, separator, records (读取 CSV)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from workflows.adapters.workbooks.limits import Limits
from workflows.adapters.workbooks.refusal import UnreadableFile

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (",", "\t", ";", "，", "|")
_LINES_TO_JUDGE = 20
_HAN_IN_UTF8 = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2})")
_HAN_FOR_CERTAIN = 3
_ONE_ZERO_IN = 20


def csv_records(file: BinaryIO, limits: Limits) -> Iterator[Any]:
    """Yield the lines of ``child`` for a text; its one sheet has no name. Every cell is text.

    Rows count records, as Excel does: a line break inside quotes does not begin a row.

    Raises:
        UnreadableFile: NUL characters, no known or more than one encoding, a quote without its end, or more
            than ``limits`` allow.
    """
    text = _text(file.read(limits.file_bytes + 1))
    if "\x00" in text:
        raise UnreadableFile("csv-nul")
    yield {"sheet": "", "hidden": False}
    csv.field_size_limit(limits.cell_characters_possible)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number = filled = 0
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "cell-too-long-text" if "field limit" in str(error) else "csv-quote"
            raise UnreadableFile(code, line=line) from error
        number += 1
        width = max((at for at, value in enumerate(record, 1) if value.strip()), default=0)
        if not width:
            continue
        filled += 1
        if filled > limits.rows or number > limits.rows:
            raise UnreadableFile("too-many-rows", limit=limits.rows)
        if width > limits.columns:
            raise UnreadableFile("too-many-columns", sheet="CSV", row=number, limit=limits.columns)
        yield [number, 0, [value if value.strip() else None for value in record[:width]]]


def _text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding)
    if b"\x00" in data:
        return _decode(data, _unmarked_utf16(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if any(_certainly_utf8(line) for line in data.splitlines()):
            raise UnreadableFile("csv-mixed") from None
    return _decode(data, "gb18030")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("csv-encoding") from error


def _unmarked_utf16(data: bytes) -> str:
    """Tell the byte order by where the zero bytes of separators and digits stand; there are many of them."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    enough = len(data) // _ONE_ZERO_IN
    if len(data) % 2 == 0 and not even and odd >= enough:
        return "utf-16-le"
    if len(data) % 2 == 0 and not odd and even >= enough:
        return "utf-16-be"
    raise UnreadableFile("csv-nul")


def _certainly_utf8(line: bytes) -> bool:
    """Say whether a line of a text that is not UTF-8 as a whole is so, with several Han characters."""
    if len(_HAN_IN_UTF8.findall(line)) < _HAN_FOR_CERTAIN:
        return False
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isascii() or character >= "⺀" for character in text)


def _separator(text: str) -> str:
    """Return the separator that the first lines have most of, outside quotes; a comma where there is none."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:_LINES_TO_JUDGE]]
    return max(_SEPARATORS, key=lambda separator: max((line.count(separator) for line in lines), default=0))
