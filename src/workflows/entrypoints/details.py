"""What a parser said in English about a value, a table or a file, in the words of the user."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording

_TYPES = {
    "int": "整数",
    "str": "文字",
    "bool": "是或否（true / false）",
    "date": "日期（如 2026-06-30）",
    "array": "一列",
    "object": "一张表",
    "null": "空",
    "float": "数",
    "number": "数",
    "datetime": "时刻",
    "uuid": "编号",
}
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")


def explained(detail: str, wording: Wording) -> str:
    """Return a parser's detail in Chinese; in English, or where the form is not known, as it stands."""
    if wording.lang == "en":
        return detail
    text, place = _split_place(detail)
    for pattern, tell in _FORMS:
        match = re.match(pattern, text, re.DOTALL)
        if match:
            told = tell(match, wording)
            return f"{_place(place, wording)}{told}" if place else told
    known = wording.words.any_word(detail, "fact", "column")
    if known:
        return f"没有填{known}（{detail}）"
    return detail if re.search(r"[\u4e00-\u9fff]", detail) else f"{_place(place, wording)}写法不对"


def _split_place(detail: str) -> tuple[str, str]:
    text, _, place = detail.partition(" - at `")
    return text, place.rstrip("`").removeprefix("$").removeprefix(".")


def _place(place: str, wording: Wording) -> str:
    if not place:
        return ""
    parts = [_part(part, wording) for part in re.split(r"[.\[\]]+", place) if part and part != "..."]
    return f"{'的'.join(parts)}：" if parts else ""


def _part(part: str, wording: Wording) -> str:
    return f"第{int(part) + 1}项" if part.isdigit() else wording.field(part)


def _types(text: str) -> str:
    return type_words([name.strip(" `") for name in text.split("|")])


def type_words(names: Sequence[str]) -> str:
    """Return kinds of values (``int``, ``array`` …) in Chinese: ``整数或一列``."""
    return "或".join(_TYPES.get(name, name) for name in names if name != "null") or "空"


_RELATIONS = {">=": "不小于", "<=": "不大于", ">": "大于", "<": "小于"}
Tell = Callable[[re.Match[str], "Wording"], str]
_FORMS: tuple[tuple[str, Tell], ...] = (
    (r"Object missing required field `(.+?)`", lambda m, w: f"没有填{w.field(m[1])}"),
    (r"Object contains unknown field `(.+?)`", lambda m, w: f"没有“{m[1]}”这一栏"),
    (
        r"Invalid enum value '?(.+?)'? of (.+)$",
        lambda m, w: f"不能填“{m[1]}”，应填其中之一：{w.choices(m[2].split(' | '))}",
    ),
    (r"Invalid enum value '?(.+?)'?$", lambda m, w: f"不能填“{m[1]}”"),
    (r"Expected `(.+?)` of length >= (\d+)", lambda m, w: "不能空着" if m[2] == "1" else f"至少{m[2]}个字"),
    (r"Expected `(.+?)` of length <= (\d+)", lambda m, w: f"不能多于{m[2]}个字"),
    (r"Expected `(.+?)` (>=|<=|>|<) ([\d.]+)", lambda m, w: f"应{_RELATIONS[m[2]]}{m[3]}"),
    (r"Expected (0\.\.\d+) yuan", lambda m, w: f"金额应在 {m[1]} 元之间".replace("..", " 至 ")),
    (r"Expected whole fen", lambda m, w: "金额最多写两位小数"),
    (r"Expected `(.+?)` matching regex", lambda m, w: "写法不对"),
    (r"Expected `(.+?)`, got `(.+?)`", lambda m, w: f"应是{_types(m[1])}，填的是{_types(m[2])}"),
    (r"Invalid RFC3339 encoded (date|datetime)", lambda m, w: "不是一个日期，应写作 2026-06-30"),
    (r"Invalid (date|day)", lambda m, w: "不是一个日期，应写作 2026-06-30"),
    (r"(.+?) \(at line (\d+), column (\d+)\)", lambda m, w: f"第{m[2]}行第{m[3]}列写法不对"),
    (r"(.+?) \(at end of document\)", lambda m, w: "文件末尾写法不对"),
    (r"Field required", lambda m, w: "没有填"),
    (r"Extra inputs are not permitted \((\w+)\)", lambda m, w: f"不能写 {m[1]} 这一栏"),
    (r"Extra inputs are not permitted", lambda m, w: "没有这一栏"),
    (r"Input should be (.+)", lambda m, w: f"应是 {m[1]}".replace(" or ", " 或 ")),
    (r"Input tag '(.+?)' found using", lambda m, w: f"没有“{m[1]}”这一种规则"),
    (r"Unable to extract tag", lambda m, w: "没有写规则的种类（kind）"),
    (r"calendar outside: (\S+) (\d+)", lambda m, w: f"{m[1]} 不在 {m[2]} 年里"),
    (r"calendar both: (\S+)", lambda m, w: f"{m[1]} 既写成放假又写成上班"),
    (r"calendar twice: (\S+)", lambda m, w: f"{m[1]} 写了两次"),
    (r"calendar year twice: (\d+)", lambda m, w: f"{m[1]} 年的工作日历写了两张"),
    (
        r"calendar of unit",
        lambda m, w: "工作日历是一个地方的，不能写在本单位（unit）一级的规则包里",
    ),
    (
        r"Value error, .+?: days must ascend and differ: (.+)",
        lambda m, w: f"起始日期应当从早到晚、互不相同：{m[1]}",
    ),
    (r"Value error, (.+)", lambda m, w: m[1]),
    (r"(\w+): (" + _DAY.pattern + r".*|.*)$", lambda m, w: f"{w.field(m[1])}：{explained(m[2], w)}"),
)
