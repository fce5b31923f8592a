"""Search by the initials of a name in pinyin (拼音首字母), surnames that are read otherwise included."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

from workflows.domain.person.merging import written

# pypinyin reads these as the common word, not as the surname
SURNAMES = {
    "单": "s", "仇": "q", "曾": "z", "解": "x", "朴": "p", "盖": "g", "区": "o", "查": "z", "翟": "z",
    "员": "y", "乐": "y", "尉迟": "yc", "万俟": "mq", "长孙": "zs", "覃": "q", "召": "s", "种": "c",
    "缪": "m", "折": "s", "冼": "x", "逄": "p", "秘": "b", "黑": "h", "宓": "m", "洗": "x", "句": "g",
    "繁": "p", "贠": "y", "车": "c", "隗": "w", "都": "d", "重": "c", "祭": "z", "澹台": "tt", "尹": "y",
    "那": "n", "俞": "y", "卜": "b", "晁": "c", "叶": "y", "应": "y",
}  # fmt: skip
LONGEST_SURNAME = 2
MOST_READINGS = 64


@lru_cache(maxsize=20_000)
def initials(name: str) -> frozenset[str]:
    """Return every way to type the name by initials, in lower case: the surname as such, the rest as read."""
    for length in range(LONGEST_SURNAME, 0, -1):
        head = SURNAMES.get(name[:length])
        if head is not None:
            return frozenset(head + tail for tail in _readings(name[length:]))
    return _readings(name)


def _readings(text: str) -> frozenset[str]:
    if not text:
        return frozenset({""})
    letters = [
        sorted({reading[:1].lower() for reading in character if reading})
        for character in pinyin(text, style=Style.NORMAL, heteronym=True, errors="default")
    ]
    found: set[str] = set()
    for way in product(*letters):
        found.add("".join(way))
        if len(found) >= MOST_READINGS:
            break
    return frozenset(found)


def matches(name: str, asked: str) -> bool:
    """Say whether ``asked`` is part of the name, however its dot is written, or begins its initials."""
    wanted = written(asked)
    if not wanted or wanted in written(name):
        return True
    return wanted.isascii() and any(way.startswith(wanted) for way in initials(name))
