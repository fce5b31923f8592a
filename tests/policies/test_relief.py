"""A waiver by itself: it changes what its own rule found and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.support.scenario import rules
from workflows.kernel.ids import derived
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Relief, Source, Verdict, verdict_of

START = date(2025, 1, 1)
DAYS = st.integers(0, 900).map(lambda n: START + timedelta(days=n))
RULES = rules()
AGREEING = tuple(dict.fromkeys(rule.id for rule in RULES.at("agree_development_target")))
BY = Source(UUID(int=1), "RuleWaived", START, START, 7)


def waiver(rule: str, since: date, days: int) -> Relief:
    until = since + timedelta(days=days)
    return Relief("waived", rule, since, BY, until=until, authority="县委", document="文1")


waivers = st.builds(waiver, st.sampled_from(AGREEING), DAYS, st.integers(0, 400))


def book(activist_since: date, reliefs: tuple[Relief, ...] = ()) -> FactBook:
    source = Source(derived("activist"), "ActivistConfirmed", activist_since, activist_since)
    facts = {"activist_since": Fact(activist_since, source), "unit_kind": Fact("village")}
    return FactBook(facts, reliefs=reliefs)


@given(waivers, DAYS, DAYS)
def test_a_waiver_changes_no_finding_of_another_rule(given_to: Relief, since: date, on: date) -> None:
    bare = RULES.check("agree_development_target", on=on, book=book(since))
    eased = RULES.check("agree_development_target", on=on, book=book(since, (given_to,)))
    others = [[f for f in found if f.rule != given_to.rule] for found in (bare, eased)]
    assert others[0] == others[1]
    own = [f for f in eased if f.rule == given_to.rule]
    assert len(own) == len([f for f in bare if f.rule == given_to.rule])


@given(waivers, DAYS, DAYS)
def test_what_is_waived_blocks_nothing_and_nothing_is_eased_on_other_days(
    given_to: Relief, since: date, on: date
) -> None:
    bare = RULES.check("agree_development_target", on=on, book=book(since))
    eased = RULES.check("agree_development_target", on=on, book=book(since, (given_to,)))
    assert given_to.until is not None
    if given_to.since <= on <= given_to.until:
        assert verdict_of([f for f in eased if f.rule == given_to.rule]) is Verdict.OK
    else:
        assert eased == bare
