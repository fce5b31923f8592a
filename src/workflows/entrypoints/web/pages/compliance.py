"""履行情况: units × periods or rules, the list behind each number, and each of them as a file.

Every number is a count of the cells that its link lists. Units stand in the order of the tree: nobody is
ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.answers import with_explanations
from workflows.entrypoints.cell_words import activity_word as activity_words
from workflows.entrypoints.period_words import QUARTERS, period_word
from workflows.entrypoints.web import bulletins, export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.problems import bad_query
from workflows.entrypoints.web.words import WORDING
from workflows.kernel.calendar import MONTHS_PER_YEAR, Period

router = APIRouter()
HERE, LIST = "/compliance", "/compliance/list"
YEARS_BACK = 6
PARTS = {
    "": "全年",
    **{f"Q{n}": f"{QUARTERS[n - 1]}季度" for n in range(1, 5)},
    **{f"{n:02d}": f"{n} 月" for n in range(1, MONTHS_PER_YEAR + 1)},
}
EACH = {"month": "每月", "quarter": "每季度", "year": "每年"}
SHOWN_FIRST = ("missing", "invalid", "late", "refer", "pending", "met", "exempt")
"""The verdicts in the order in which they want looking at."""

NOT_ASKED = ("exempt", "pending")
"""What does not count among what should have been done by now."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a page of compliance is asked for; an empty text is all."""

    unit: UUID | None
    year: int
    part: str
    rule: str
    verdict: str

    @classmethod
    def read(cls, ask: Ask) -> Query:
        """Return what an address asks for.

        Raises:
            PageProblem: 400, a year, a part of it, a verdict or a unit that is none.
        """
        told = ask.text("year") or str(ask.horizon.as_of.year)
        if not (told.isascii() and told.isdigit() and len(told) == len("2026")):
            raise bad_query("year", told, "四位数的年度，如 2026")
        part = ask.choice("part", PARTS)
        return cls(ask.unit_filter(), int(told), part, ask.text("rule"), ask.choice("verdict", SHOWN_FIRST))

    @property
    def period(self) -> str:
        """Return the period asked for, as one writes it."""
        return f"{self.year}-{self.part}" if self.part else str(self.year)

    def told(self, **changes: object) -> dict[str, object]:
        """Return the parameters of an address that asks for the same but for ``changes``."""
        asked = {"unit": self.unit or "", "year": self.year, "part": self.part}
        return {**asked, "rule": self.rule, "verdict": self.verdict, **changes}


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the table: what it says, and where that is explained."""

    light: lights.Light
    path: str
    about: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its places, one a column (None: nothing is asked of it there), and how many are done."""

    unit: str
    path: str
    places: Sequence[tuple[str, Place | None]]
    done: str


@router.get("/compliance")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show units × periods of one rule, or × rules."""
    asked, desk = Query.read(ask), ask.desk
    size = LONG_LIST
    told = _matrix(ask, asked, (ask.page_number - 1) * size, size)
    if not told["rows"] and told["units"]:
        told = _matrix(
            ask, asked, (-(-told["units"] // size) - 1) * size, size
        )  # beyond the end: the last page
    query = {k: str(v) for k, v in asked.told().items() if v not in ("", None)}
    pages = Pages.of(told["units"], ask.page_number, size, HERE, ask.horizon, query)
    columns = [_heading(column, told["by"], asked, ask) for column in told["columns"]]
    own = next((rule for rule in told["rules"] if rule["rule"] == asked.rule), None)
    return ask.page(
        "compliance.html",
        here=HERE,
        asked=asked,
        columns=columns,
        lines=[_line(row, told, asked, ask) for row in told["rows"]],
        whole=_done(told["counts"]),
        shown=told["units"],
        pages=pages,
        tiles=_tiles(told["tiles"], asked, ask, ""),
        own=own,
        own_word=_activity(own) if own else "",
        legend=[lights.CELLS[verdict] for verdict in SHOWN_FIRST],
        **_choices(ask, asked),
        when=_when(asked),
        scope=desk.unit_name(asked.unit) if asked.unit else "全部党组织",
        export_xlsx=ask.horizon.link("/compliance.xlsx", **asked.told()),
        bulletin_path=ask.horizon.link(f"{HERE}/bulletin.docx", **asked.told(verdict=""))
        if any(number for verdict, number in told["counts"].items() if verdict not in ("pending", "exempt"))
        else "",
        list_path=ask.horizon.link(LIST, **asked.told()),
    )


@router.get("/compliance.xlsx")
@router.get("/compliance.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same table, every page of it, as a workbook or as CSV."""
    asked = Query.read(ask)
    told = _matrix(ask, asked, 0, None)
    columns = [_heading(column, told["by"], asked, ask) for column in told["columns"]]
    names = _apart([column["word"] for column in columns])
    rows = []
    for number, row in enumerate(told["rows"], 1):
        line = _line(row, told, asked, ask)
        rows.append((number, line.unit, *(p.light.text if p else "" for _, p in line.places), line.done))
    total = ("", f"合计 {told['units']} 个", *(column["done"] for column in columns), _done(told["counts"]))
    return export.answer(ask, "履行情况", ("序号", "支部", *names, "已办/应办"), [*rows, total])


@router.get("/compliance/bulletin.docx")
def save_bulletin(ask: Annotated[Ask, Depends()]) -> Response:
    """Return what was left undone as a bulletin, a Word document.

    Raises:
        PageProblem: 404, nothing was asked in the period.
    """
    asked = Query.read(ask)
    return bulletins.of_period(ask, asked.unit, asked.period, asked.rule or None)


@router.get("/compliance/list")
def show_list(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the cells themselves: the rows behind a number."""
    asked, size = Query.read(ask), LONG_LIST
    told = _cells(ask, asked, (ask.page_number - 1) * size, size)
    query = {k: str(v) for k, v in asked.told().items() if v not in ("", None)}
    pages = Pages.of(told["total"], ask.page_number, size, LIST, ask.horizon, query)
    if not told["rows"] and told["total"]:
        told = _cells(ask, asked, pages.first - 1, size)
    return ask.page(
        "compliance_list.html",
        here=HERE,
        asked=asked,
        rows=[(pages.first + place, _listed(row, ask)) for place, row in enumerate(told["rows"])],
        pages=pages,
        tiles=_tiles(told["counts"], asked, ask, asked.verdict),
        **_choices(ask, asked),
        when=_when(asked),
        scope=ask.desk.unit_name(asked.unit) if asked.unit else "全部党组织",
        export_xlsx=ask.horizon.link("/compliance/list.xlsx", **asked.told()),
        matrix_path=ask.horizon.link(HERE, **asked.told(verdict="")),
    )


@router.get("/compliance/list.xlsx")
@router.get("/compliance/list.csv")
def save_list(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, every page of it, as a workbook or as CSV."""
    asked = Query.read(ask)
    head = ("序号", "支部", "事项", "期间", "结论", "说明", "条款", "规则")
    rows = []
    for number, row in enumerate(_cells(ask, asked, 0, None)["rows"], 1):
        told = _listed(row, ask)
        rows.append(
            (
                number, told["unit"], told["what"], told["when"], told["light"].text, told["said"],
                row["clause"], row["rule"],
            )
        )  # fmt: skip
    return export.answer(ask, "履行情况明细", head, rows)


# --- what is asked of the answers ----------------------------------------------------------------------


def _matrix(ask: Ask, asked: Query, first: int, count: int | None) -> Mapping[str, Any]:
    return ask.desk.matrix(asked.unit, asked.period, asked.rule or None, asked.verdict or None, first, count)


def _cells(ask: Ask, asked: Query, first: int, count: int | None) -> Mapping[str, Any]:
    told = ask.desk.cells(asked.unit, asked.period, asked.rule or None, asked.verdict or None, first, count)
    return with_explanations(told, WORDING)


# --- pieces of the pages -------------------------------------------------------------------------------


def _tiles(counts: Mapping[str, int], asked: Query, ask: Ask, here: str) -> list[dict[str, Any]]:
    """Return the numbers, each with the address of the very rows it counts."""
    told = [
        chip(
            lights.CELLS[verdict][1],
            ask.horizon.link(LIST, **asked.told(verdict=verdict)),
            here=verdict == here,
            shape=lights.CELLS[verdict][0],
            count=counts[verdict],
        )
        for verdict in SHOWN_FIRST
    ]
    path = ask.horizon.link(LIST, **asked.told(verdict=""))
    return told if not here else [chip("全部", path, here=False, count=sum(counts.values())), *told]


def _heading(column: Mapping[str, Any], by: str, asked: Query, ask: Ask) -> dict[str, Any]:
    """Return the head and the foot of a column."""
    key = str(column["key"])
    if by == "period":
        told = {"word": _period_word(key), "note": "", "path": ""}
    else:
        path = ask.horizon.link(HERE, **asked.told(rule=key, verdict=""))
        told = {"word": _activity(column), "note": str(column["label"]), "path": path}
    return {**told, "key": key, "done": _done(column["counts"])}


def _line(row: Mapping[str, Any], told: Mapping[str, Any], asked: Query, ask: Ask) -> Line:
    places = []
    for column in told["columns"]:
        cell = row["cells"].get(column["key"])
        place = None if cell is None else _place(row, cell, column, told["by"], asked, ask)
        places.append((_column_word(column, told["by"]), place))
    path = ask.horizon.link(f"/units/{row['unit_id']}")
    return Line(str(row["unit"] or ""), path, places, _done(row["counts"]))


def _place(
    row: Mapping[str, Any],
    cell: Mapping[str, Any],
    column: Mapping[str, Any],
    by: str,
    asked: Query,
    ask: Ask,
) -> Place:
    shape, text = lights.CELLS[cell["verdict"]]
    if cell["cells"] > 1:
        counts = cell["counts"]
        done = "" if cell["verdict"] == "exempt" else f" {_done(counts)}"
        text += (f" {counts[cell['verdict']]} ·" if cell["verdict"] not in ("met", "exempt") else "") + done
        part = asked.part if by == "rule" else str(column["key"])[len("2026-") :]
        path = ask.horizon.link(
            LIST, **asked.told(unit=row["unit_id"], rule=cell["rule"], verdict="", part=part)
        )
    else:
        text += _more(cell)
        path = ask.horizon.link(cell_path(row["unit_id"], cell), of=cell["part"])
    about = f"{row['unit']} {_column_word(column, by)}"
    return Place(lights.Light(shape, text), path, about, cell["verdict"] in ("met", "exempt", "pending"))


def _more(cell: Mapping[str, Any]) -> str:
    """Return how many of the members reached it, how late it was, or that it was entered late."""
    if "members" in cell:
        return f" {cell['reached']}/{cell['members']}" if cell["members"] else ""
    if cell["days_late"]:
        return f" {cell['days_late']} 天"
    return " 补录" if cell["verdict"] == "met" and cell["recorded_days_late"] else ""


def _listed(row: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    period = Period.parse(row["period"])
    return {
        "unit": row["unit"],
        "unit_path": ask.horizon.link(f"/units/{row['unit_id']}"),
        "what": activity_word(row),
        "when": period_word(row["period"], ask.horizon.as_of),
        "light": lights.of_cell(row, period.last, ask.horizon.as_of),
        "said": row["explanation"],
        "path": ask.horizon.link(cell_path(row["unit_id"], row), of=row.get("part")),
        "clause": row["clause"],
    }


def cell_path(unit_id: object, cell: Mapping[str, Any]) -> str:
    """Return the address of the page of a cell."""
    return f"{HERE}/{unit_id}/{cell['rule']}/{cell['period']}"


def activity_word(row: Mapping[str, Any]) -> str:
    """Return what a cell is about in a few words."""
    return _activity({"activity": row["facts"]["activity"], "rule": row["rule"], "part": row.get("part")})


def _activity(rule: Mapping[str, Any]) -> str:
    told = activity_words(WORDING.words, str(rule["rule"]), str(rule["activity"]))
    return f"{told}（{rule['part']}）" if rule.get("part") else told


def _column_word(column: Mapping[str, Any], by: str) -> str:
    return _period_word(str(column["key"])) if by == "period" else _activity(column)


def _period_word(key: str) -> str:
    part = key[len("2026-") :]
    return PARTS[part] if part else f"{key} 年"


def _when(asked: Query) -> str:
    return f"{asked.year} 年{'' if not asked.part else PARTS[asked.part]}"


def _done(counts: Mapping[str, int]) -> str:
    """Return how many are done of how many should be by now; what is exempt or still runs is not counted."""
    done = counts["met"] + counts["late"]
    return f"{done}/{sum(counts.values()) - sum(counts[verdict] for verdict in NOT_ASKED)}"


def _choices(ask: Ask, asked: Query) -> dict[str, Any]:
    """Return what the filters offer; the rules are those there are cells of, whatever rule is chosen."""
    rules = ask.desk.rules_asked(asked.unit, asked.period)
    named = {str(rule["rule"]): _activity(rule) for rule in rules}
    twice = [text for text in named.values() if list(named.values()).count(text) > 1]
    options = {
        key: f"{text}（{EACH[rule['period']]}）" if text in twice else text
        for (key, text), rule in zip(named.items(), rules, strict=True)
    }
    if asked.rule and asked.rule not in options:
        rule = ask.desk.rule(asked.rule, asked.unit)
        if rule is None:
            raise bad_query("rule", asked.rule, "下面之一：" + "、".join(sorted(options)))
        options[asked.rule] = _activity({"activity": getattr(rule, "activity", ""), "rule": rule.id})
    last = max(ask.horizon.as_of.year, asked.year)
    return {
        "units": ask.desk.choices(asked.unit),
        "years": range(last, min(asked.year, ask.horizon.as_of.year - YEARS_BACK) - 1, -1),
        "parts": PARTS,
        "rules": options,
        "verdicts": {verdict: lights.CELLS[verdict][1] for verdict in SHOWN_FIRST},
    }


def _apart(names: Sequence[str]) -> list[str]:
    """Return the heads of columns, those that read alike numbered."""
    return [
        name if names.count(name) == 1 else f"{name}（{names[: place + 1].count(name)}）"
        for place, name in enumerate(names)
    ]
