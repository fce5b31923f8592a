"""Reads single cells: text, names, lists of names, counts, terms, phones (单元格)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import ErrorValue, MonthShown, Plain, TimeOfDay, Uncalculated

_HAN = r"㐀-鿿豈-﫿\U00020000-\U0003ffff"
_BLANKS = r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_DOTS = re.compile(r"\s*[·•・･‧∙⋅●▪᛫]\s*")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[.．]\s*(?=[{_HAN}])")
_BLANK_AT_HAN = re.compile(rf"(?<=[{_HAN}·]){_BLANKS}+|{_BLANKS}+(?=[{_HAN}·])")
_NOTHING = frozenset(
    {"/", "\\", "-", "--", "---", "—", "——", "–", ".", "n/a", "na", "null", "none"}
) | frozenset(
    {
        "无",
        "暂无",
        "空",
        "未",
        "没有",
        "未填",
        "未转正",
        "尚未转正",
        "未到期",
        "未到",
        "预备期",
        "待定",
        "未定",
    }
)
_LONGEST_NOTHING = 8
_NAME_SEPARATORS = re.compile(r"[、,，;；/|\n\r\t]+")
_IN_BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_LABEL = re.compile(r"^(?:党支部|支部)?(?:书记|副书记|[组宣纪青统]\S{0,3}委员|委员|成员)\s*[:：]")
_COUNT = re.compile(r"[-+]?\d+(?:\.\d+)?")
_COUNT_UNIT = re.compile(r"\s*(?:人次|人|名|位|个|名党员)$")
_YEARS_UNIT = re.compile(r"\s*(?:年|周年|年制|年一届|years?)$", re.IGNORECASE)
_HAN_ONES = {character: value for value, character in enumerate("零一二三四五六七八九十")} | {"两": 2}
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_PHONE = re.compile(rf"{_MOBILE.pattern}|0\d{{2,3}}-?\d{{7,8}}(?:-\d{{1,5}})?")
_TERMS = range(1, 11)
_NAME_CHARACTERS = 60


def is_empty(written: Plain) -> bool:
    """Say whether a cell says nothing: blank, or a mark that stands for nothing (``/``, 无, 未转正)."""
    if not isinstance(written, str):
        return written is None
    if len(written) > _LONGEST_NOTHING and not written.isspace() and written.isprintable():
        return False
    return (
        folded := re.sub(_BLANKS, "", unicodedata.normalize("NFKC", written)).lower()
    ) == "" or folded in _NOTHING


def shown(written: Plain) -> str:
    """Return a cell as a reader of the sheet sees it, for messages; whole numbers without a decimal point."""
    match written:
        case None:
            return ""
        case bool():
            return "TRUE" if written else "FALSE"
        case datetime():
            return written.isoformat(sep=" ")
        case date():
            return written.isoformat()
        case float() if written.is_integer():
            return str(int(written))
        case MonthShown(first_day=day):
            return f"{day.year}年{day.month}月"
        case ErrorValue(shown=text) | TimeOfDay(shown=text) | Uncalculated(formula=text):
            return text
        case _:
            return str(written)


def read_text(written: Plain) -> str:
    """Return free text (NFC), trimmed; of control characters only line breaks are kept."""
    text = written if isinstance(written, str) else shown(written)
    if text.isprintable():  # no control character, and by far the most texts
        return unicodedata.normalize("NFC", text).strip()
    text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf")).strip()


def read_label(written: Plain) -> str:
    """Return the name of a unit or a word of a list: half-width signs, no blanks, full-width brackets."""
    text = unicodedata.normalize("NFKC", read_text(written))
    if text.isalnum():
        return text
    text = re.sub(_BLANKS, "", text)
    return text.replace("(", "（").replace(")", "）")


def read_name(written: Plain) -> str:
    """Return a person's name: no blanks within Chinese names, one middle dot ``·``, rare characters kept.

    ``""`` where nothing is left of it.

    Raises:
        BadCell: ``name-long`` beyond 60 characters.
    """
    name = _name(read_text(written))
    if len(name) > _NAME_CHARACTERS:
        raise BadCell("name-long", count=len(name))
    return name


def read_names(written: Plain) -> tuple[str, ...]:
    """Return the names of a list, in its order, each once; brackets and labels (书记：) are passed over."""
    text = _IN_BRACKETS.sub("", read_text(written))
    pieces = _NAME_SEPARATORS.split(text)
    if len(pieces) == 1:
        pieces = _split_at_blanks(text)
    names = (_name(_LABEL.sub("", piece.strip())) for piece in pieces)
    return tuple(dict.fromkeys(name for name in names if name and not is_empty(name)))


def read_count(written: Plain) -> int:
    """Return a whole number of people, ``17`` or ``17人``.

    Raises:
        BadCell: ``count-text``, ``count-fraction`` or ``count-negative``.
    """
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        raise BadCell("count-text", text=shown(written))
    text = unicodedata.normalize("NFKC", f"{written}").strip()
    text = _COUNT_UNIT.sub("", text)
    number = _han_count(text)
    if number is None:
        if not _COUNT.fullmatch(text):
            raise BadCell("count-text", text=shown(written)[:30])
        number = float(text)
    if number != int(number):
        raise BadCell("count-fraction", text=shown(written)[:30])
    if number < 0:
        raise BadCell("count-negative", text=shown(written)[:30])
    return int(number)


def read_term_years(written: Plain) -> int | None:
    """Return the length of a term in years, None where no number from 1 to 10 stands there."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    text = _YEARS_UNIT.sub("", unicodedata.normalize("NFKC", f"{written}").strip())
    number = _han_count(text)
    if number is None:
        if not _COUNT.fullmatch(text):
            return None
        number = float(text)
    return int(number) if number in _TERMS else None


def read_phone(written: Plain) -> tuple[str, bool]:
    """Return a phone number as text, and whether every number in it looks like one of China."""
    text = unicodedata.normalize("NFKC", shown(written)).strip().lstrip("'")
    if _MOBILE.fullmatch(joined := re.sub(r"[\s-]", "", text)):
        return joined, True
    numbers = [number for number in re.split(r"[\s,、;/]+", text) if number]
    return text, bool(numbers) and all(map(_PHONE.fullmatch, numbers))


def mask_phone(text: str) -> str:
    """Return what may be shown of a phone number: its first three and last four characters."""
    return f"{text[:3]}****{text[-4:]}" if len(text) > len("1234567") else "*" * len(text)


def _name(text: str) -> str:
    if text.isalpha() and not text.isascii():  # one run of Han characters
        return "" if is_empty(text) else text
    text = _DOT_BETWEEN_HAN.sub("·", _DOTS.sub("·", text))
    text = _BLANK_AT_HAN.sub("", text)
    text = re.sub(rf"{_BLANKS}+", " ", text).strip(" ·")
    return "" if is_empty(text) else text


def _split_at_blanks(text: str) -> list[str]:
    """Split a list that has only blanks: 李　明 is one name of two parts, 吴瑜 陈海燕 are two."""
    pieces: list[str] = []
    for word in text.split():
        lone = len(word) == 1 and bool(pieces) and len(pieces[-1]) == 1
        if lone:
            pieces[-1] += word
        elif word.isascii() and pieces and pieces[-1].isascii():
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _han_count(text: str) -> float | None:
    """Return 零 to 九十九 as a number, None for anything else."""
    if not text or any(character not in _HAN_ONES for character in text):
        return None
    tens, ten, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or (not ten and len(text) != 1):
        return None
    return (
        (_HAN_ONES[tens] if tens else 1) * 10 + (_HAN_ONES[ones] if ones else 0) if ten else _HAN_ONES[text]
    )


_MONTH_ONLY = re.compile(r"(?P<y>(19|20|21)\d\d)\s*[-/.年]?\s*(?P<m>0?[1-9]|1[0-2])\s*月?(份)?")
_YUAN = re.compile(r"[¥￥]?\s*(?P<sum>\d{1,9}(\.\d{1,2})?)\s*元?")


def read_month(written: Plain) -> str:
    """Return a month as 2026-07; of a day its month.

    Raises:
        BadCell: ``month-unreadable``.
    """
    if isinstance(written, MonthShown):
        return f"{written.first_day:%Y-%m}"
    if isinstance(written, date):
        return f"{written:%Y-%m}"
    text = unicodedata.normalize("NFKC", f"{written}").strip()
    found = _MONTH_ONLY.fullmatch(text)
    if found is None or isinstance(written, bool):
        raise BadCell("month-unreadable", text=shown(written)[:30])
    return f"{found['y']}-{int(found['m']):02d}"


def read_yuan(written: Plain) -> str:
    """Return a sum in yuan as text, to the fen.

    Raises:
        BadCell: ``money-unreadable``; it does not repeat the sum.
    """
    if isinstance(written, float) and written == round(written, 2) and written >= 0:
        return f"{written:.2f}"
    text = unicodedata.normalize("NFKC", f"{written}").replace(",", "").strip()
    found = _YUAN.fullmatch(text)
    if found is None or isinstance(written, bool):
        raise BadCell("money-unreadable")
    return found["sum"]
