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


def explained(detail: str, wording: Wording, command: str = "") -> str:
    """Return a parser's detail in Chinese; in English, or where the form is not known, as it stands.

    ``command``: whose fields it speaks of.
    """
    if wording.lang == "en":
        return detail
    text, place = _split_place(detail)
    for pattern, tell in _FORMS:
        match = re.match(pattern, text, re.DOTALL)
        if match:
            told = tell(match, wording)
            return f"{_place(place, wording, command)}{told}" if place else told
    known = wording.words.any_word(detail, "fact", "column")
    if known:
        return f"没有填{known}（{detail}）"
    return detail if re.search(r"[\u4e00-\u9fff]", detail) else f"{_place(place, wording, command)}写法不对"


def _split_place(detail: str) -> tuple[str, str]:
    text, _, place = detail.partition(" - at `")
    return text, place.rstrip("`").removeprefix("$").removeprefix(".")


def _place(place: str, wording: Wording, command: str = "") -> str:
    if not place:
        return ""
    parts = [_part(part, wording, command) for part in re.split(r"[.\[\]]+", place) if part and part != "..."]
    return f"{'的'.join(parts)}：" if parts else ""


def _part(part: str, wording: Wording, command: str = "") -> str:
    return f"第{int(part) + 1}项" if part.isdigit() else wording.field(part, command)


def _types(text: str) -> str:
    return type_words([name.strip(" `") for name in text.split("|")])


def type_words(names: Sequence[str]) -> str:
    """Return kinds of values (``int``, ``array`` …) in Chinese: ``整数或一列``."""
    return "或".join(_TYPES.get(name, name) for name in names if name != "null") or "空"


_VALID = {
    "string": "文字，写在英文引号里",
    "integer": "整数，不加引号",
    "number": "数，不加引号",
    "boolean": "true 或 false，不加引号",
    "tuple": "一列，写在方括号 [ ] 里",
    "list": "一列，写在方括号 [ ] 里",
    "dictionary": "一张表，写在花括号 { } 里",
}
_PERIODS = {"day": "天", "month": "月", "quarter": "季度", "year": "年"}
_CAUSES = {
    "Chinese quotation marks": '引号应是英文的 "',
    "a Chinese comma": "逗号应是英文的 ,",
    "a Chinese equals sign": "等号应是英文的 =",
    "Chinese brackets": "括号应是英文的",
    "Chinese digits": "数字应是半角的 {right}",
    "a day": "日期写作 {right}",
    "only the number": "只写数字 {right}，不写单位",
    "a missing quotation mark": "少了一个引号",
    "small letters": "应写作 {right}",
    "no quotation marks": "文字要写在英文引号里：{right}",
    "Cannot overwrite a value": "这一栏写了两次",
    "Unclosed array": "方括号 [ ] 没有写完，或者少了逗号",
    "Unclosed inline table": "花括号 { } 没有写完，或者少了逗号",
    "Expected '=' after a key in a key/value pair": "少了等号",
}


def _cause(cause: str, right: str) -> str:
    """Return why a line could not be read."""
    if cause == "no such day":
        year, month, day = right.split("-")
        return f"没有这一天：{year}年{month}月{day}日"
    return _CAUSES.get(cause, "这一行写法不对").replace("{right}", right)


def _choices(told: str, wording: Wording) -> str:
    """Return the values that a field of a pack may hold, each with its word."""
    named = []
    for value in re.findall(r"'(.+?)'", told):
        word = _PERIODS.get(value) or wording.words.any_word(value, *_WORDS_OF_PACKS)
        named.append(f"{value}（{word}）" if word else value)
    return wording.words.listed(named)


_WORDS_OF_PACKS = ("severity", "level", "confidence", "kind", "value")
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
    (r"Expected `(.+?)` (>=|<=|>|<) ([\d.]+)", lambda m, w: f"应{_RELATIONS[m[2]]}{m[3].removesuffix('.0')}"),
    (r"Expected (0\.\.\d+) yuan", lambda m, w: f"金额应在 {m[1]} 元之间".replace("..", " 至 ")),
    (r"Expected whole fen", lambda m, w: "金额最多写两位小数"),
    (r"Expected `(.+?)` matching regex", lambda m, w: "写法不对"),
    (r"Expected `(.+?)`, got `(.+?)`", lambda m, w: f"应是{_types(m[1])}，填的是{_types(m[2])}"),
    (r"Invalid RFC3339 encoded (date|datetime)", lambda m, w: "不是一个日期，应写作 2026-06-30"),
    (r"Invalid (date|day)", lambda m, w: "不是一个日期，应写作 2026-06-30"),
    (r"not readable: ([^:\[]+)(?: \[(.*?)\])?: (.*)$", lambda m, w: f"{_cause(m[1], m[2] or '')}：{m[3]}"),
    (r"one table for a list: (\w+)", lambda m, w: f"应写作 [[{m[1]}]]（两层方括号），写成了 [{m[1]}]"),
    (r"(.+?) \(at line (\d+), column (\d+)\)", lambda m, w: f"第{m[2]}行第{m[3]}列写法不对"),
    (r"(.+?) \(at end of document\)", lambda m, w: "文件末尾写法不对"),
    (r"Field required", lambda m, w: "没有填"),
    (r"Extra inputs are not permitted \((\w+)\)", lambda m, w: f"不能写 {m[1]} 这一栏"),
    (r"Extra inputs are not permitted", lambda m, w: "没有这一栏"),
    (
        r"Input should be a valid date[^\[]*(?:\[(.*?)\])?$",
        lambda m, w: f"不是日期。日期写作 {m[1] or '2024-01-01'}，不加引号",
    ),
    (r"Input should be a valid (\w+)", lambda m, w: f"应是{_VALID.get(m[1], m[1])}"),
    (
        r"Input should be (greater|less) than or equal to (.+)",
        lambda m, w: f"应不{'小' if m[1] == 'greater' else '大'}于 {m[2]}",
    ),
    (r"Input should be ('.+)", lambda m, w: f"应是 {_choices(m[1], w)}"),
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
        r"Value error, (?:.+?: )?days must ascend and differ: (.+)",
        lambda m, w: f"起始日期应当从早到晚、互不相同：{m[1]}",
    ),
    (
        r"Value error, a whole number is wanted, not (.+)",
        lambda m, w: f"值应是整数，填的是 {m[1]}；只写数字，不加引号和单位",
    ),
    (r"Value error, true, not (.+)", lambda m, w: f"值应写 true，填的是 {m[1]}"),
    (r"(?:Tuple|List) should have at least (\d+) item", lambda m, w: f"至少写{m[1]}项"),
    (r"Value error, (.+)", lambda m, w: m[1]),
    (r"(\w+): (" + _DAY.pattern + r".*|.*)$", lambda m, w: f"{w.field(m[1])}：{explained(m[2], w)}"),
)
