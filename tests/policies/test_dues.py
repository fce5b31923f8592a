"""Dues as the regulation of 2008 has them: the rate counts for the whole base, the cap ends it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workflows.adapters.packs import shipped
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.pack import PackError, parse_pack
from workflows.policies.rules import Rules, national

ON = date(2026, 7, 20)
DUES = Rules(national(shipped()))
COUNTY = """
id = "k"
title = "k"
issuer = "test"
level = "county"
source = "test"
issued_on = 2020-01-01
[[rules]]
id = "k-rule"
label = "k"
kind = "{kind}"
on = ["record_dues"]
{more}
severity = "warn"
values = [{{ from = 2020-01-01, value = {value} }}]
clauses = [{{ from = 2020-01-01, article = "第一条", confidence = "VT" }}]
"""


def found(
    role: str | None, base: int | None, amount: int | None, rules: Rules = DUES, *, complete: bool = True
) -> list[Finding]:
    """Return what is said of dues paid, sums in fen, but for the rules about days and the cap."""
    said: dict[str, Any] = {"role": role, "dues_base_fen": base, "dues_amount_fen": amount}
    book = FactBook({k: Fact(v) for k, v in said.items() if v is not None}, complete=complete)
    told = rules.check("record_dues", on=ON, book=book)
    return [finding for finding in told if finding.kind in ("rate", "conflict")]


@pytest.mark.parametrize("role", ["employed", "self_employed"])
@pytest.mark.parametrize(
    ("base", "rule", "due"),
    [
        (1, "dues-rate-1", "0.00"),
        (300_000, "dues-rate-1", "15.00"),
        (300_001, "dues-rate-2", "30.00"),
        (500_000, "dues-rate-2", "50.00"),
        (500_001, "dues-rate-3", "75.00"),
        (1_000_000, "dues-rate-3", "150.00"),
        (1_000_001, "dues-rate-4", "200.00"),
        (5_000_000, "dues-rate-4", "1000.00"),
        (5_000_001, "dues-rate-4", "1000.00"),
        (6_000_000, "dues-rate-4", "1000.00"),
    ],
)
def test_at_each_edge_one_rate_alone_says_what_is_due(role: str, base: int, rule: str, due: str) -> None:
    (finding,) = found(role, base, 100_000)
    assert (finding.rule, finding.verdict, finding.facts["due"]) == (rule, Verdict.OK, due)


def test_a_sum_over_the_cap_tells_what_the_rate_would_have_made() -> None:
    (finding,) = found("employed", 6_000_000, 100_000)
    assert (finding.facts["computed"], finding.facts["cap"]) == ("1200.00", "1000.00")
    assert finding.calc[:2] == (
        Calc("60000.00", "*", "2%", "1200.00"),
        Calc("1200.00", ">", "1000.00"),
    )


@pytest.mark.parametrize(("base", "due"), [(300_099, "30.01"), (300_049, "30.00"), (300_050, "30.01")])
def test_half_a_fen_is_rounded_up(base: int, due: str) -> None:
    assert found("employed", base, 100_000)[0].facts["due"] == due


def test_a_fen_too_little_is_told_with_both_sums_and_enough_or_more_is_not() -> None:
    (finding,) = found("employed", 300_001, 2_999)
    assert (finding.verdict, finding.facts["due"], finding.facts["paid"]) == (Verdict.WARN, "30.00", "29.99")
    assert [f.verdict for f in found("employed", 300_001, 3_000)] == [Verdict.OK]
    assert [f.verdict for f in found("employed", 300_001, 90_000)] == [Verdict.OK]


@pytest.mark.parametrize(("base", "due"), [(500_000, "25.00"), (500_001, "50.00")])
def test_retired_members_pay_half_a_per_cent_up_to_five_thousand_and_one_above(base: int, due: str) -> None:
    (finding,) = found("retired", base, 100_000)
    assert (finding.rule, finding.facts["due"]) == ("dues-retired", due)


@pytest.mark.parametrize(
    ("role", "paid", "rule", "verdict"),
    [
        ("farmer", 19, "dues-farmer", Verdict.WARN),
        ("farmer", 20, "dues-farmer", Verdict.OK),
        ("farmer", 100, "dues-farmer", Verdict.OK),
        ("farmer", 101, "dues-farmer", Verdict.REFER),
        ("student", 19, "dues-02", Verdict.WARN),
        ("student", 20, "dues-02", Verdict.OK),
        ("hardship", 20, "dues-02", Verdict.OK),
        ("hardship", 21, "dues-02", Verdict.REFER),
    ],
)
def test_a_fixed_sum_asks_for_its_least_and_more_than_its_most_is_for_a_person(
    role: str, paid: int, rule: str, verdict: Verdict
) -> None:
    (finding,) = found(role, None, paid)
    assert (finding.rule, finding.verdict, finding.facts["due"]) == (rule, verdict, "0.20")


def test_a_base_left_out_of_a_live_record_is_missed_once_and_in_an_old_workbook_unknown() -> None:
    assert [(f.rule, f.missing) for f in found("employed", None, 100)] == [
        ("dues-rate-1", ("dues_base_fen",))
    ]
    assert found("employed", None, 100, complete=False) == []


def test_what_is_due_is_told_also_where_nobody_said_what_was_paid() -> None:
    (live,) = found("employed", 300_001, None)
    assert (live.verdict, live.missing, live.facts["due"]) == (
        Verdict.INCOMPLETE,
        ("dues_amount_fen",),
        "30.00",
    )
    (old,) = found("employed", 300_001, None, complete=False)
    assert (old.verdict, old.facts["due"]) == (Verdict.OK, "30.00")


def test_nothing_is_due_of_somebody_whose_source_of_income_is_unknown() -> None:
    assert found(None, 300_001, 0) == []


def stacked(kind: str, value: str, more: str) -> Rules:
    return Rules([*national(shipped()), parse_pack(COUNTY.format(kind=kind, value=value, more=more))])


def test_a_county_may_set_a_lower_cap_and_the_rate_is_then_cut_there() -> None:
    rules = stacked("count", "{ max = 80000 }", 'of = "dues_amount_fen"\nrefines = "dues-cap"')
    assert found("employed", 6_000_000, 80_000, rules)[0].facts["due"] == "800.00"


def test_a_county_may_ask_for_a_higher_rate_of_the_same_band_and_not_for_a_lower_one() -> None:
    more = 'of = "dues_base_fen"\npaid = "dues_amount_fen"\nrefines = "dues-rate-1"\n'
    more += 'applies_to = { when = { role = "employed" } }'
    higher = stacked("rate", '[{ up_to = 3000, percent = "1" }]', more)
    assert [(f.rule, f.facts["due"]) for f in found("employed", 300_000, 3_000, higher)] == [
        ("k-rule", "30.00")
    ]
    lower = stacked("rate", '[{ up_to = 3000, percent = "0.2" }]', more)
    assert [(f.rule, f.kind) for f in found("employed", 300_000, 3_000, lower)] == [
        ("k-rule", "conflict"),
        ("dues-rate-1", "rate"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "[]",
        "[{ up_to = 3000 }]",
        '[{ up_to = 3000, percent = "101" }]',
        '[{ over = 3000, up_to = 3000, percent = "1" }]',
        '[{ over = "3000.001", percent = "1" }]',
        '{ most = "1.00" }',
        '{ least = "1.01", most = "1.00" }',
        '{ least = "0.20", cap = 1 }',
        "true",
    ],
)
def test_a_rate_that_nobody_could_reckon_with_is_refused(value: str) -> None:
    with pytest.raises(PackError):
        parse_pack(COUNTY.format(kind="rate", value=value, more='of = "b"\npaid = "p"'))


def test_bands_that_meet_exactly_leave_no_gap_and_others_are_told() -> None:
    def flaws(value: str) -> list[tuple[str, str, str]]:
        pack = parse_pack(COUNTY.format(kind="rate", value=value, more='of = "b"\npaid = "p"'))
        rule = pack.own_rules[0]
        return rule.flaws(rule.values[0])  # type: ignore[attr-defined, no-any-return]

    meeting = '[{ up_to = 3000, percent = "1" }, { over = 3000, percent = "2" }]'
    assert flaws(meeting) == []
    assert flaws(meeting.replace("over = 3000", "over = 3100")) == [("gap", "3000.00", "3100.00")]
    assert flaws(meeting.replace("over = 3000", "over = 2900")) == [("overlap", "2900.00", "3000.00")]
