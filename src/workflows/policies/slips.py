"""What is probably wrong with a line that is no TOML: the slips of whoever types Chinese."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple


class Slip(NamedTuple):
    """The probable cause, in English, and what should stand there ("" where that is plain)."""

    cause: str
    right: str = ""


_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")
_FULL_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_DAY = re.compile(r"(?<!\d)(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?(?!\d)")
_COUNTED = re.compile(r"=\s*(\d+)\s*[\u4e00-\u9fff]+")
_MARKS: tuple[tuple[str, str], ...] = (
    (r"[“”‘’＂]", "Chinese quotation marks"),
    (r"[，、]", "a Chinese comma"),
    (r"[＝：]", "a Chinese equals sign"),
    (r"[［］｛｝【】（）]", "Chinese brackets"),
)


def slip_in(line: str) -> Slip | None:
    """Return what is probably wrong with a line; None where nothing is recognised."""
    bare = _STRING.sub('""', line)
    if '"' not in bare.replace('""', ""):
        bare = bare.partition("#")[0]
    for marks, cause in _MARKS:
        if re.search(marks, bare):
            return Slip(cause)
    if (plain := bare.translate(_FULL_DIGITS)) != bare:
        return Slip("Chinese digits", plain.partition("=")[2].strip())
    if (told := _DAY.search(bare)) and (slip := _of_day(told)) is not None:
        return slip
    if counted := _COUNTED.search(bare):
        return Slip("only the number", counted[1])
    if bare.replace('""', "").count('"') % 2:
        return Slip("a missing quotation mark")
    if word := re.search(r"=\s*(True|False|TRUE|FALSE)\b", bare):
        return Slip("small letters", word[1].lower())
    word = re.search(r"=\s*(?!(?:true|false|inf|nan)\b)([A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff-]*)", bare)
    return Slip("no quotation marks", f'"{word[1]}"') if word else None


def _of_day(told: re.Match[str]) -> Slip | None:
    """Return what is wrong with a day: that there is none, or how it is written; None for a right one."""
    year, month, day = (int(part) for part in told.groups())
    try:
        right = date(year, month, day).isoformat()
    except ValueError:
        return Slip("no such day", f"{year}-{month}-{day}")
    return None if told[0] == right else Slip("a day", right)
