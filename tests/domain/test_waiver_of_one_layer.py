"""豁免只免写明的那一条: what another layer asks for the same matter stays asked, and stays broken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.books import Told
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding, Verdict
from workflows.policies.matters import findings_about
from workflows.policies.pack import parse_pack
from workflows.policies.rules import Rules

VILLAGE = """
title = "a plan and the regulation ask for the same assembly"
packs = ["central", "seed-000-b"]
[[units]]
name = "镇党委"
level = "committee"
kind = "village"
established_on = 2023-01-01
[[units]]
name = "甲支部"
kind = "village"
superior = "镇党委"
full_members = 5
established_on = 2023-01-01
"""
PLAN, REGULATION = "s000b-assembly", "meet-assembly"


def step(on: str, do: str, given: str, subject: str = 'subject = "问题"') -> str:
    """Return one step at the branch."""
    return f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "甲支部"\n{subject}\nwith = {{ {given} }}\n'


def waived(rule: str) -> str:
    """Return a waiver of a rule by its name, given in time."""
    told = f'rule = "{rule}", authority = "镇党委", document = "1号", until = 2026-12-31, reason = "批准"'
    return step("2026-01-05", "waive", told, "")


def closed(*rules: str, about: str = PLAN) -> tuple[bool, dict[str, Finding]]:
    """Return whether a problem is refused to be closed with these rules waived, and what is said of it."""
    text = VILLAGE + "".join(map(waived, rules))
    text += step("2026-04-10", "open_issue", f'source = "superior", rule = "{about}", period = "2026-Q1"')
    text += step("2026-04-11", "plan_correction", 'measure = "开会", owner = "钱", due_on = 2026-04-30')
    text += step("2026-04-20", "submit_correction", 'text = "已补"')
    text += step("2026-04-21", "accept_correction", 'by = "孙", result = "pass", on_site = true')
    outcome = Told(text + step("2026-04-22", "close_out", 'by = "孙"')).played[-1].outcome
    return outcome.refused, {one.rule: one for one in outcome.findings}


@pytest.mark.parametrize(("let_off", "left"), [(PLAN, "支部工作条例"), (REGULATION, "seed-000-b")])
@pytest.mark.parametrize("about", [PLAN, REGULATION])
def test_a_waiver_of_one_layer_leaves_the_problem_open_by_the_words_of_the_other(
    let_off: str, left: str, about: str
) -> None:
    refused, found = closed(let_off, about=about)
    told = found["close-still-broken"]
    assert (refused, told.facts["broken"]) == (True, ["2026-Q1"])
    assert left in told.clause or told.pack == left
    assert told.label in Wording().finding(told, command="close_out")


@pytest.mark.parametrize("about", [PLAN, REGULATION])
def test_waived_by_both_layers_it_can_be_closed(about: str) -> None:
    refused, found = closed(PLAN, REGULATION, about=about)
    assert (refused, found["close-waived"].facts["waived"]) == (False, ["2026-Q1"])


PACK = """
id = "{id}"
title = "{id}"
issuer = "test"
level = "{level}"
source = "test"
issued_on = 2020-01-01
[[rules]]
id = "{id}-roll"
label = "roll"
kind = "requires"
on = ["hold_meeting"]
fact = "secret"
severity = "warn"
{more}
values = [{{ from = 2020-01-01, value = true }}]
clauses = [{{ from = 2020-01-01, article = "第一条", confidence = "VT" }}]
"""


@pytest.mark.parametrize(
    ("facts", "rules"), [({}, ["u-roll"]), ({"waived_on": "2026-01-05"}, ["u-roll", "c-roll"])]
)
def test_of_an_act_what_one_layer_let_pass_leaves_what_the_other_found(facts: Any, rules: list[str]) -> None:
    packs = [
        PACK.format(id="c", level="central", more=""),
        PACK.format(id="u", level="unit", more='refines = "c-roll"'),
    ]
    found = [
        Finding(rule="c-roll", verdict=Verdict.WARN),
        Finding(rule="u-roll", verdict=Verdict.NOTE, facts=facts),
    ]
    told = findings_about(Rules(list(map(parse_pack, packs))), "u-roll", found)
    assert [one.rule for one in told] == rules
