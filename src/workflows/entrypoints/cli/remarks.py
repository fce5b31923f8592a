"""What an import noticed: every remark at its row, and for the screen one line a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli.layout import grid, heading
from workflows.policies.findings import Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.adapters.workbooks.remarks import RemarkLine
    from workflows.adapters.workbooks.rows import Workbook
    from workflows.application.importing.shapes import Noticed, Report
    from workflows.entrypoints.cli.frame import Frame
    from workflows.entrypoints.wording import NameBook, Wording

COLUMNS = ("sheet", "row", "unit", "person", "verdict", "noticed", "clause", "rule", "recorded")
"""The columns of the sheet of remarks; in Chinese their headings are those that an import passes over."""
FIRST_ROWS, MOST_KINDS = 5, 40
NOT_ALLOWED = frozenset({Verdict.BLOCK.value, Verdict.INCOMPLETE.value})
"""What a live act would have been refused for; as the past it is recorded and the finding kept."""


def remarks_of(report: Report, book: Workbook, wording: Wording, names: NameBook) -> list[dict[str, Any]]:
    """Return every remark at its row, with unit and person as the sheet writes them."""
    from workflows.adapters.workbooks.remarks import place_of

    places = {
        (sheet.name, row.row_number): place_of(sheet, row) for sheet in book.sheets for row in sheet.rows
    }
    told = []
    for item in report.findings:
        unit, person = places.get((item.sheet, item.row), ("", ""))
        said = told_of(item, wording, names)
        recorded = item.row > 0 and item.recorded and not report.checked_only
        place = {"sheet": item.sheet, "row": item.row, "unit": unit, "person": person}
        told.append({**place, "clause": "", **said, "recorded": recorded})
    return told


def told_of(item: Noticed, wording: Wording, names: NameBook) -> dict[str, Any]:
    """Return rule, verdict and message of a remark; of a finding its clause and lateness too."""
    finding = item.finding
    if finding is None:
        rule, said = (item.remark.rule, item.remark.told_in(wording.lang)) if item.remark else ("", "")
        return {"rule": rule, "verdict": "note", "message": said}
    return {
        "rule": finding.rule,
        "verdict": str(finding.verdict),
        "message": wording.finding(finding, names, command=item.command, who=item.subject or ""),
        "clause": finding.clause,
        "days_late": finding.days_late,
    }


def rows_of(remarks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return remarks as rows of their sheet in a workbook of the answer."""
    return [{**told, "noticed": told["message"]} for told in remarks]


def lines_of(remarks: Sequence[Mapping[str, Any]], wording: Wording) -> list[RemarkLine]:
    """Return remarks as they stand in the workbook of the refused rows."""
    from workflows.adapters.workbooks.remarks import RemarkLine

    return [
        RemarkLine(
            **{key: told[key] for key in ("sheet", "row", "unit", "person", "message", "clause", "rule")},
            verdict=wording.verdict(told["verdict"]),
            recorded=wording.words.word("value", "true" if told["recorded"] else "false"),
        )
        for told in remarks
    ]


def drawn(remarks: Sequence[Mapping[str, Any]], frame: Frame, *, checked: bool) -> list[RenderableType]:
    """Return remarks for the screen: how many of each kind and where the first ones are."""
    if not remarks:
        return []
    wording = frame.wording
    kinds: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for told in remarks:
        kinds.setdefault((told["rule"], told["verdict"]), []).append(told)
    most = sorted(kinds.items(), key=lambda kind: -len(kind[1]))[:MOST_KINDS]
    rows = [
        {
            "count": len(told),
            "verdict": verdict,
            "where": where(told, wording),
            "message": told[0]["message"],
        }
        for (_, verdict), told in most
    ]
    pieces: list[RenderableType] = ["", heading(wording.say("findings", count=len(remarks)))]
    pieces.append(grid(rows, "noticed", frame))
    wrong = sum(told["verdict"] in NOT_ALLOWED for told in remarks)
    if wrong:
        pieces.append(wording.say("not_allowed_checked" if checked else "not_allowed_recorded", count=wrong))
    return pieces


def are_more_than_shown(remarks: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether some kind has more remarks than the one the screen has for each."""
    return len({(told["rule"], told["verdict"]) for told in remarks}) < len(remarks)


def where(told: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    """Return the sheets of remarks and their first rows, in the order of the file."""
    pieces = []
    for sheet, group in groupby(told[:FIRST_ROWS], key=lambda item: item["sheet"]):
        numbers = list(dict.fromkeys(item["row"] for item in group if item["row"]))
        rows = wording.words.listed(map(str, numbers))
        pieces.append(wording.say("sheet_rows", sheet=sheet, rows=rows) if rows else str(sheet))
    text = wording.words.listed(pieces)
    return wording.say("and_more", text=text) if len(told) > FIRST_ROWS else text
