"""整改台账 in words: what a problem was closed on, and what is out of the ordinary with it."""

from __future__ import annotations

from datetime import date

from tests.projections.test_drive import course, played, step
from workflows.entrypoints.case_tables import sheet
from workflows.entrypoints.wording import Wording

ABOUT = ("丙一支部", "没有开党员大会")
BROKEN = step("2026-01-05", "open_issue", 'rule = "meet-assembly", period = "2025-Q4"', *ABOUT)
WAIVED = step(
    "2026-01-20",
    "waive",
    'rule = "meet-assembly", until = 2026-12-31, authority = "甲县委组织部", document = "文1"',
    "丙一支部",
    "",
)
CLOSED = "".join(
    step(on, do, given, *ABOUT)
    for on, do, given in (
        ("2026-02-01", "plan_correction", 'measure = "补", owner = "钱"'),
        ("2026-02-03", "submit_correction", 'by = "钱"'),
        ("2026-02-05", "accept_correction", 'by = "周", on_site = true'),
        ("2026-02-10", "close_out", 'by = "周"'),
    )
)


def line(text: str, on: str) -> dict[str, str]:
    """The only line of the ledger on a day, in words."""
    rows = played(text).answering.ledger("整改台账", None, None, date.fromisoformat(on))["rows"]
    (found,) = sheet(rows, Wording())
    return {name: str(value or "") for name, value in found.items()}


def test_a_problem_closed_on_a_waiver_says_so_with_authority_document_and_day() -> None:
    told = line(BROKEN + WAIVED + CLOSED, "2026-03-01")
    late = "2026-01-20才准予，期间过后20天"
    assert told["waiver"] == f"凭豁免销号：甲县委组织部，文1，到 2026-12-31；{late}"


def test_a_rule_waived_while_the_problem_is_open_is_told_and_one_that_is_not_says_nothing() -> None:
    assert line(BROKEN + WAIVED, "2026-01-20")["waiver"] == "规定已豁免：甲县委组织部，到 2026-12-31"
    assert line(BROKEN + WAIVED, "2026-01-19")["waiver"] == ""
    assert "党员大会" in line(BROKEN, "2026-01-19")["issue_about"]


def test_what_is_out_of_the_ordinary_stands_in_the_remarks_alone() -> None:
    whole = course(date(2026, 3, 1), "乙一支部", "委员空缺", "self_check", 7)
    assert line(whole, "2026-03-15")["remark"] == ""
    again = line(whole, "2026-05-01")["remark"]
    assert "重新列出次数 1" in again
    assert "历次销号 2026-04-20" in again
