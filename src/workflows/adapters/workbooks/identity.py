"""Identity numbers (公民身份号码): our own check, since the usual library refuses numbers of older members.

Eighteen characters after GB 11643-1999: area, day of birth, sequence (odd for men), check character.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import Plain

_LENGTH = 18
_OLD_LENGTH = 15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_LIKE_X = str.maketrans(dict.fromkeys("хХχΧ×✕Ⅹ", "X"))
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_EARLIEST_YEAR = 1900
_AREAS = frozenset(
    f"{province}"
    for block in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for province in range(*block)
)


def read_identity_number(written: Plain, today: date) -> str:
    """Return the number with its check character in capitals.

    An unknown area is no error: codes are withdrawn and made, and a number keeps the one it was born with.

    Raises:
        BadCell: it is no text (a spreadsheet keeps only 15 digits of a number), is masked, has not 18
            characters, its day does not exist or lies after ``today``, or its check character is wrong.
    """
    if not isinstance(written, str) or _SCIENTIFIC.fullmatch(written.strip()):
        raise BadCell("identity-not-text")
    number = unicodedata.normalize("NFKC", written.translate(_LIKE_X))
    number = re.sub(r"[\s'`‘’\-]", "", number).upper()
    if "*" in number:
        raise BadCell("identity-masked")
    if len(number) == _OLD_LENGTH and number.isdigit():
        raise BadCell("identity-old")
    if len(number) != _LENGTH:
        raise BadCell("identity-length", count=len(number))
    if not (number[:-1].isascii() and number[:-1].isdigit()):
        raise BadCell("identity-digits")
    if number[-1] not in _CHECK:
        raise BadCell("identity-last")
    born = _born(number)
    if born is None:
        raise BadCell("identity-date")
    if born > today:
        raise BadCell("identity-future")
    if check_character(number[:-1]) != number[-1]:
        raise BadCell("identity-check")
    return number


def check_character(body: str) -> str:
    """Return the check character of the first 17 digits."""
    return _CHECK[
        sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % len(_CHECK)
    ]


def born_on(number: str) -> date:
    """Return the day of birth in a number that was read."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """Return ``male`` or ``female`` from a number that was read."""
    return "male" if int(number[16]) % 2 else "female"


def area_known(number: str) -> bool:
    """Say whether the first two digits are a province."""
    return number[:2] in _AREAS


def mask_identity_number(text: str) -> str:
    """Return what may be shown: first three and last four characters of a long number, else its length."""
    kept = 7
    if len(text) < _OLD_LENGTH:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - kept)}{text[-4:]}"


def _born(number: str) -> date | None:
    try:
        day = born_on(number)
    except ValueError:
        return None
    return day if day.year >= _EARLIEST_YEAR else None
