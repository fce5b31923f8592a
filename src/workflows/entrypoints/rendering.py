"""One place for what goes out: an answer as a table of a terminal, JSON or CSV (``spreadsheet``: a workbook).

JSON is the answer as it is; the others have headings and words of the reader's language. Text that a
spreadsheet might take for a formula is guarded in CSV; a workbook holds nothing but text and numbers.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from workflows.entrypoints import row_words
from workflows.entrypoints.wording import Wording, is_id

if TYPE_CHECKING:
    from rich.console import RenderableType

Format = Literal["table", "json", "csv", "xlsx"]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_WORDS = {
    "stage": "stage",
    "verdict": "verdict",
    "status": "verdict",
    "severity": "severity",
    "type": "meeting",
    "kind": "kind",
    "level": "level",
    "confidence": "confidence",
    "posts": "post",
    "gender": "value",
    "role": "value",
    "ground": "value",
    "form": "value",
    "origin": "origin",
    "channel": "channel",
    "marks": "mark",
    "dues_status": "dues",
    "source": "value",
    "manner": "value",
    "result": "value",
    "reply": "value",
    "issue_source": "value",
    "issue_severity": "value",
    "site_level": "level",
    "site_field": "kind",
}
_COMMANDS = frozenset({"step", "do", "command", "returned", "at_step"})
WHOLE = frozenset({"unit", "person", "name", "recipient", "id", "rule", "command_name", "status", "verdict"})
"""Columns whose texts are not broken: names, identifiers, the one word a reader looks for."""
_NAMES = frozenset({"unit", "person", "name", "recipient"})
_IDS = frozenset({"unit_id", "file_id", "person_id", "event_id"})
_HIDDEN_IN_TABLES = _IDS | {"pack", "confidence", "version"}


def as_json(answer: Any) -> str:
    """Return an answer as JSON (UTF-8, keys in their order)."""
    return json.dumps(answer, ensure_ascii=False, indent=2, default=str)


def day_told(row: Mapping[str, Any]) -> str:
    """Return the day of a row as it was told: in the words of one known only roughly (``1998年``)."""
    rough = row.get("on_approx")
    return str(rough["text"] if rough else row["on"])


APPROX = "_approx"


def in_words(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row for reading: days known only roughly in their words, in place of the days of order."""
    rough = {name: told for name, told in row.items() if name.endswith(APPROX) and isinstance(told, Mapping)}
    if not rough and "approx" not in row:
        return row
    found = {name: value for name, value in row.items() if not name.endswith(APPROX) and name != "approx"}
    for name, told in rough.items():
        own = name.removesuffix(APPROX)
        if "text" in told:
            found[own] = told["text"]
        elif own == "due" and "from" in told:
            found["due_on"] = f"{told['from']}~{told['to']}"
        elif isinstance(found.get(own), Mapping):
            found[own] = {**found[own], **{key: day["text"] for key, day in told.items()}}
    return found


def columns_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the keys of all rows, in the order of their first mention."""
    return list(dict.fromkeys(key for row in rows for key in row))


def shown_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the keys of all rows that a screen shows."""
    return [name for name in columns_of(rows) if name not in _HIDDEN_IN_TABLES]


def cell(name: str, value: Any, wording: Wording, step: str = "") -> str:
    """Return a value as text: words for identifiers, lists and tables on one line.

    ``step``: the command whose fields they are, where those of a table have words of their own there.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return wording.words.word("value", "true" if value else "false")
    if isinstance(value, Mapping):
        return _table_cell(value, wording, step)
    if isinstance(value, list | tuple):
        if value and all(isinstance(item, str) and is_id(item) for item in value):
            return wording.amount(len(value), "record")  # of whom no name is known: events
        mark = "；" if wording.lang == "zh" else "; "
        return mark.join(text for item in value if (text := cell(name, item, wording, step)))
    if isinstance(value, float):
        return f"{value:g}"
    text = yuan(value, wording.lang) if name.endswith("_fen") and isinstance(value, int) else str(value)
    if name in _WORDS:
        return wording.words.known(_WORDS[name], text) or _other_word(name, text, wording)
    if name in _COMMANDS or name == "missing":
        return wording.words.any_word(text, "command", "fact") or wording.command(text)
    if name in ("event", "events"):
        return wording.event(text)
    if name == "subject":
        return wording.subject(text)
    return wording.value(name, text) if name == "outcome" else text


def yuan(fen: int, lang: str = "zh") -> str:
    """Return a sum in yuan, as one writes it: ``25.00元``."""
    return f"{fen // 100}.{fen % 100:02}{'元' if lang == 'zh' else ' yuan'}"


def _other_word(name: str, text: str, wording: Wording) -> str:
    return (
        wording.words.any_word(
            text, "verdict", "stage", "value", "level", "kind", "rule_kind", "reminder", "meeting"
        )
        or text
    )


UNITS_OR_NUMBER = frozenset({"units", "others", "number"})
"""The keys of a table that tells of units by name, or how many they are."""


def units_told(value: Mapping[str, Any], lang: str = "zh") -> str:
    """Return the units a table tells of, by name where it does, else how many; "" for any other table."""
    if not value or not value.keys() <= UNITS_OR_NUMBER:
        return ""
    mark, count = ("、", "{} 个") if lang == "zh" else (", ", "{}")
    names = [str(name) for key in ("units", "others") for name in value.get(key) or ()]
    return mark.join(names) or count.format(value.get("number", 0))


def _table_cell(value: Mapping[str, Any], wording: Wording, step: str = "") -> str:
    """Return a nested table as text: an event with its day, a step with its days, a post with its holder."""
    if "event" in value and "on" in value:
        return f"{wording.event(str(value['event']))} {value['on']}"
    if "post" in value and "person" in value:
        return f"{value['person']} {wording.words.word('post', str(value['post']))}"
    if {"post", "since", "last"} <= value.keys():  # a vacancy: its age is counted by who reads the day
        since = f"{value['since']} 起" if wording.lang == "zh" else f"since {value['since']}"
        return f"{wording.words.word('post', str(value['post']))} {since}"
    if told := units_told(value, wording.lang) or row_words.row_told(value, wording):
        return told
    if "step" in value:
        days = [str(value[key]) for key in ("on", "earliest_on") if value.get(key)]
        return " ".join([cell("step", value["step"], wording), *days])
    colon, mark = ("：", "，") if wording.lang == "zh" else (": ", ", ")
    return mark.join(
        f"{wording.words.field(key, step) or wording.fact(key)}{colon}{text}"
        for key, item in value.items()
        if key not in _IDS and (text := cell(key, item, wording, step))
    )


def heading(name: str, wording: Wording) -> str:
    """Return the heading of a column in the reader's language (English: the key itself)."""
    if wording.lang == "en":
        return name.removesuffix("_name")
    return wording.words.any_word(name, "column", "fact", "command") or wording.column(name)


def as_csv(rows: Sequence[Mapping[str, Any]], wording: Wording, columns: Sequence[str] = ()) -> str:
    """Return rows as CSV (UTF-8 without a mark), formulas guarded by a leading quote mark."""
    names = list(columns) or columns_of(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(heading(name, wording)) for name in names])
    for row in rows:
        writer.writerow([_csv_cell(name, row.get(name), wording) for name in names])
    return out.getvalue()


def _csv_cell(name: str, value: Any, wording: Wording) -> str | int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return guarded(cell(name, value, wording))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def table(
    rows: Sequence[Mapping[str, Any]], wording: Wording, *, columns: Sequence[str] = (), width: int = 80
) -> RenderableType:
    """Return rows for a terminal: a table where its columns fit the width, else one card a row.

    Names, days and numbers are never broken; the longest column of sentences has what they leave.
    """
    return tables([("", rows)], wording, columns=columns, width=width)[0]


def tables(
    groups: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    wording: Wording,
    *,
    columns: Sequence[str] = (),
    width: int = 80,
) -> list[RenderableType]:
    """Return rows under headings of their own, as one table: the same columns of the same widths in all."""
    from rich.text import Text

    from workflows.entrypoints.widths import Column, fitted, wrapped

    rows = [in_words(row) for _, part in groups for row in part]
    names = list(columns) or shown_of(rows)
    texts = [[cell(name, row.get(name), wording) for name in names] for row in rows]
    filled = [at for at in range(len(names)) if any(line[at] for line in texts)]
    names, texts = [names[at] for at in filled], [[line[at] for at in filled] for line in texts]
    headings = [heading(name, wording) for name in names]
    numbers = [all(isinstance(row.get(name), int | None) for row in rows) for name in names]
    told = []
    for at, name in enumerate(names):
        column = [line[at] for line in texts]
        days = all(_is_day(text) or not text for text in column)
        told.append(Column(headings[at], column, days or numbers[at] or name in WHOLE))
    widths = fitted(told, width)
    known = [[line[at] for at, name in enumerate(names) if name in _NAMES] for line in texts]
    pieces: list[RenderableType] = []
    if widths is not None and groups[0][0]:
        pieces.append(_grid(headings, [], widths, numbers, []))
    start = 0
    for title, part in groups:
        mine = slice(start, start + len(part))
        start = mine.stop
        if title:
            told_title = Text("\n".join(wrapped(title, width)), style="bold")
            pieces += ["", told_title] if mine.start else [told_title]
        if widths is None:
            pieces.append(_cards(headings, texts[mine], width))
        else:
            pieces.append(_grid(() if title else headings, texts[mine], widths, numbers, known[mine]))
    return pieces


LENGTH_OF_DAY = 10


def _is_day(text: str) -> bool:
    return len(text) == LENGTH_OF_DAY and text[4] == text[7] == "-"


def _grid(
    headings: Sequence[str],
    texts: Sequence[Sequence[str]],
    widths: Sequence[int],
    numbers: Sequence[bool],
    known: Sequence[Sequence[str]],
) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from workflows.entrypoints.widths import GAP, wrapped

    grid = Table(
        box=rule_box(), show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), header_style="bold",
        show_header=bool(headings),
    )  # fmt: skip
    for head, width, number in zip(headings or ("",) * len(widths), widths, numbers, strict=True):
        grid.add_column(Text(head), width=width, no_wrap=True, justify="right" if number else "left")
    for line, names in zip(texts, known, strict=True):
        parts = (wrapped(text, width, names) for text, width in zip(line, widths, strict=True))
        grid.add_row(*(Text("\n".join(part)) for part in parts))
    return grid


def rule_box() -> Any:
    """Return a box with a line under the headings only, of characters that are one cell wide everywhere."""
    from rich.box import Box

    return Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def cards(rows: Sequence[Mapping[str, Any]], wording: Wording, *, width: int = 80) -> RenderableType:
    """Return rows for a terminal as cards: one a row, a line each value that is there."""
    rows = [in_words(row) for row in rows]
    names = columns_of(rows)
    return _cards(
        [heading(name, wording) for name in names],
        [[cell(name, row.get(name), wording) for name in names] for row in rows],
        width,
    )


def _cards(headings: Sequence[str], texts: Sequence[Sequence[str]], width: int) -> RenderableType:
    from rich.cells import cell_len
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from workflows.entrypoints.widths import GAP, wrapped

    label = max((cell_len(head) for head in headings), default=0)
    cards: list[RenderableType] = []
    for line in texts:
        card = Table.grid(padding=(0, GAP, 0, 0))
        card.add_column(width=label, no_wrap=True)
        card.add_column(overflow="fold")
        for head, text in zip(headings, line, strict=True):
            if text:
                told = "\n".join(wrapped(text, width - label - GAP))
                card.add_row(Text(head, style="bold"), Text(told))
        cards += [card, Text("")]
    return Group(*cards[:-1])
