"""豁免、暂缓、延长: what is let pass by name, for whom, from when until when, and as known when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import ACTIVISTS, Told
from tests.support.county import County
from workflows.application.books import Books
from workflows.kernel.errors import WrongUsage
from workflows.policies.findings import Verdict

WAIVED = """
[[steps]]
on = 2025-03-01
do = "waive"
person = "王"
with = { rule = "dev-object-min", until = 2025-04-30, authority = "青山县委", document = "青组〔2025〕3号" }
"""


def agreed(on: str, person: str = "王", more: str = "") -> str:
    return f'[[steps]]\non = {on}\ndo = "agree_development_target"\nperson = "{person}"\n{more}\n'


def found(told: Told, step: int, rule: str) -> Any:
    outcome = told.played[step].outcome
    return next(f for f in outcome.findings if f.rule == rule and f.kind != "waiver")


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2025-02-28", "block"),
        ("2025-03-01", "ok"),
        ("2025-04-30", "ok"),
        ("2025-05-01", "block"),
    ],
)
def test_an_act_is_let_pass_from_the_day_of_the_waiver_to_its_last_day(on: str, verdict: str) -> None:
    told = Told(ACTIVISTS + WAIVED + agreed(on, more="recorded_on = 2025-05-10"))
    assert told.played[1].outcome.verdict == verdict


def test_what_was_waived_stays_visible_with_its_paper_and_its_former_word() -> None:
    told = Told(ACTIVISTS + WAIVED + agreed("2025-04-30"))
    finding = found(told, 1, "dev-object-min")
    assert finding.verdict is Verdict.NOTE
    assert finding.facts["waived_verdict"] == "block"
    assert finding.facts["waived_until"] == "2025-04-30"
    assert finding.facts["document"] == "青组〔2025〕3号"
    assert finding.because[-1].event == "RuleWaived"


def test_a_waiver_holds_for_the_one_it_names_and_for_nobody_else() -> None:
    told = Told(ACTIVISTS + WAIVED + agreed("2025-04-01", "李"))
    assert told.played[1].outcome.verdict is Verdict.BLOCK


def test_a_retracted_waiver_lets_nothing_pass() -> None:
    retracted = '[[steps]]\non = 2025-03-10\ndo = "retract"\nwith = { event = 1, reason = "未批" }\n'
    told = Told(ACTIVISTS + WAIVED + retracted + agreed("2025-04-01"))
    assert told.played[2].outcome.verdict is Verdict.BLOCK


def test_a_waiver_with_a_wrong_end_is_retracted_and_recorded_anew_and_the_new_end_counts() -> None:
    retracted = (
        '[[steps]]\non = 2025-03-10\ndo = "retract"\nwith = { event = 1, reason = "批件写的是三月底" }\n'
    )
    anew = WAIVED.replace("on = 2025-03-01", "on = 2025-03-10").replace("2025-04-30", "2025-03-31")
    told = Told(ACTIVISTS + WAIVED + retracted + anew + agreed("2025-04-01"))
    assert told.played[3].outcome.verdict is Verdict.BLOCK


HISTORY = (
    ACTIVISTS
    + agreed("2025-03-15", more="as_history = true")
    + """
[[steps]]
on = 2025-03-01
recorded_on = 2025-09-01
do = "waive"
person = "王"
with = { rule = "dev-object-min", until = 2025-04-30, authority = "县委", document = "青组〔2025〕3号" }
"""
)


def kept(told: Told, known_on: int | None) -> dict[str, Any]:
    stream = told.answering.person_named("王", None)
    rows = told.answering.history(stream, date(2025, 12, 31), known_on)["rows"]
    row = next(row for row in rows if row["event"] == "DevelopmentTargetAgreed")
    found: dict[str, Any] = next(f for f in row["findings"] if f["rule"] == "dev-object-min")
    return found


def test_a_finding_kept_before_keeps_its_word_and_says_beside_it_that_it_is_waived() -> None:
    told = Told(HISTORY)
    now = kept(told, None)
    assert now["verdict"] == "block"
    assert now["waived"]["until"] == "2025-04-30"
    assert now["waived"]["event"] == "RuleWaived"
    done = told.rows("pipeline", person="王", on=date(2025, 12, 31))[0]["done"]
    assert any("waived" in finding for finding in done[-1]["findings"])


def test_as_known_before_the_waiver_it_is_simply_blocked() -> None:
    told = Told(HISTORY)
    before = told.played[1].outcome.position - 1
    assert "waived" not in kept(told, before)


def test_a_waiver_given_afterwards_stands_beside_an_old_finding_while_it_lasts() -> None:
    later = HISTORY.replace("on = 2025-03-01\nrecorded_on = 2025-09-01", "on = 2025-09-01")
    told = Told(later.replace("until = 2025-04-30", "until = 2026-08-31"))
    assert "waived" in kept(told, None)
    ended = Told(later.replace("until = 2025-04-30", "until = 2025-10-31"))
    assert "waived" not in kept(ended, None)


def test_the_whole_history_without_an_end_tells_of_the_waivers_of_today() -> None:
    later = HISTORY.replace("on = 2025-03-01\nrecorded_on = 2025-09-01", "on = 2025-09-01")
    told = Told(later.replace("until = 2025-04-30", "until = 2026-08-31"))
    rows = told.answering.history(told.answering.person_named("王", None), date.max)["rows"]
    row = next(row for row in rows if row["event"] == "DevelopmentTargetAgreed")
    assert any("waived" in finding for finding in row["findings"])


# --- who may waive, and what is refused ----------------------------------------------------------------

PLAN = """
id = "county-plan"
title = "县里的办法"
issuer = "县委组织部"
level = "county"
source = "2024-01-10 印发"
issued_on = 2024-01-10
[[rules]]
id = "county-target"
refines = "dev-object-min"
label = "培养考察满十八个月"
kind = "not_before"
on = ["agree_development_target"]
anchor = "activist_since"
unit = "month"
severity = "block"
waivable_by = ["county", "市委组织部"]
values = [{ from = 2024-01-01, value = 18 }]
clauses = [{ from = 2024-01-01, article = "第三条", confidence = "VT" }]
"""


class Ruled(County):
    """A branch under a county's pack, with an activist."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = self.branch(books_from=date(2024, 1, 1))
        self.do("adopt_pack", date(2024, 1, 20), unit=self.unit, pack="county-plan", text=PLAN)
        came = self.do(
            "receive_application", date(2024, 2, 1), unit=self.unit, name="王", born_on="1999-05-01"
        )
        self.wang = came.stream_id
        self.do("hold_first_talk", date(2024, 2, 20), person=self.wang)
        self.do("confirm_activist", date(2024, 8, 1), person=self.wang)

    def waive(self, authority: str, rule: str = "county-target", **fields: Any) -> Any:
        """Waive a rule for the activist."""
        told = {"until": "2026-12-31", "authority": authority, "document": "文5", **fields}
        return self.do("waive", date(2025, 3, 1), person=self.wang, rule=rule, **told)


@pytest.mark.parametrize(
    ("authority", "verdict"),
    [
        ("县委组织部", "ok"),
        ("青山县委", "ok"),
        ("某市委组织部", "ok"),
        ("青山镇党委", "block"),
        ("本支部", "block"),
    ],
)
def test_only_those_whom_the_rule_names_may_waive_it(authority: str, verdict: str) -> None:
    assert Ruled().waive(authority).verdict == verdict


def test_a_unit_on_the_books_waives_by_its_level() -> None:
    county = Ruled()
    county.do("establish_unit", date(2015, 1, 1), name="青山", level="county", as_history=True)
    assert county.waive("青山").verdict is Verdict.OK


def test_where_the_rule_does_not_say_who_may_waive_it_that_is_noted() -> None:
    outcome = Ruled().waive("县委", rule="dev-object-min")
    assert [(f.verdict, f.kind) for f in outcome.findings] == [(Verdict.NOTE, "waiver")]


def test_a_waiver_of_the_county_s_rule_leaves_the_central_one_it_refines() -> None:
    county = Ruled()
    county.waive("县委组织部")
    early = county.do("agree_development_target", date(2025, 7, 31), person=county.wang)
    assert [(f.rule, f.verdict) for f in early.findings if f.verdict is Verdict.BLOCK] == [
        ("dev-object-min", Verdict.BLOCK)
    ]
    assert county.do("agree_development_target", date(2025, 8, 1), person=county.wang).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"rule": "dev-object-mni"}, "waiver-rule-unknown"),
        ({"rule": "meet-assembly"}, "rule-not-of-person"),
        ({"until": "2025-02-28"}, "until-too-early"),
    ],
)
def test_a_waiver_that_makes_no_sense_is_told_so(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(WrongUsage) as problem:
        Ruled().waive("县委组织部", **fields)
    assert problem.value.code == code


def test_an_unknown_rule_is_answered_with_what_is_near() -> None:
    with pytest.raises(WrongUsage) as problem:
        Ruled().waive("县委组织部", rule="dev-object-mni")
    assert "dev-object-min" in problem.value.facts["near"]


@pytest.mark.parametrize(
    ("rule", "due_on", "code"),
    [
        ("dev-object-min", "2026-01-01", "rule-without-limit"),
        ("dev-oath", "2026-01-01", "limit-unknown"),
        ("dev-activist-review", "2025-08-01", "limit-not-later"),
    ],
)
def test_an_extension_names_a_limit_that_is_open_and_a_later_day(rule: str, due_on: str, code: str) -> None:
    county = Ruled()
    paper: dict[str, Any] = {"reason": "x", "authority": "县委", "document": "文"}
    with pytest.raises(WrongUsage) as problem:
        county.do("extend_deadline", date(2025, 3, 1), person=county.wang, rule=rule, due_on=due_on, **paper)
    assert problem.value.code == code


def test_a_waiver_moves_nobody_into_a_unit() -> None:
    county = Ruled()
    paper: dict[str, Any] = {"until": "2026-01-01", "authority": "县委", "document": "文"}
    elsewhere, day = county.branch("乙支部"), date(2025, 3, 1)
    county.do(
        "waive",
        date(2023, 1, 1),
        person=county.wang,
        unit=elsewhere,
        recorded_on=day,
        rule="dev-first-talk",
        **paper,
    )
    assert county.wang is not None
    with county.app.log.read() as reading:
        person = Books(reading, county.app.rules).person_state(county.wang)
    assert person.unit_on(date(2023, 6, 1)) is None
    assert person.unit_on(date(2024, 6, 1)) == county.unit
