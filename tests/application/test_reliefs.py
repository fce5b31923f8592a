"""豁免、暂缓、延长 of limits: what rests, what is due later, what stands after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import ACTIVISTS, Told

DUTY = (
    ACTIVISTS
    + """
[[steps]]
on = 2025-05-10
do = "waive"
with = { rule = "meet-assembly", until = 2025-09-30, authority = "镇党委", document = "青党发〔2025〕8号" }
"""
)


def cell(told: Told, period: str, on: date) -> dict[str, Any]:
    rows = told.rows("compliance", period=period, on=on)
    found: dict[str, Any] = next(row for row in rows if row["rule"] == "meet-assembly")
    return found


def limit(told: Told, rule: str, subject: str, on: date) -> dict[str, Any] | None:
    rows = told.rows("deadlines", unit="甲支部", on=on)
    return next((row for row in rows if (row["rule"], row["subject"]) == (rule, subject)), None)


def test_a_period_whose_last_day_is_waived_asks_nothing() -> None:
    told = Told(DUTY)
    verdicts = {p: cell(told, p, date(2026, 1, 31))["verdict"] for p in ("2025-Q1", "2025-Q3", "2025-Q4")}
    assert verdicts == {"2025-Q1": "missing", "2025-Q3": "exempt", "2025-Q4": "missing"}
    assert cell(told, "2025-Q3", date(2026, 1, 31))["reliefs"][0]["document"] == "青党发〔2025〕8号"


def test_a_period_that_ends_a_day_after_the_waiver_is_asked_for() -> None:
    told = Told(DUTY.replace("until = 2025-09-30", "until = 2025-09-29"))
    assert cell(told, "2025-Q3", date(2025, 12, 31))["verdict"] == "missing"


def test_its_limit_rests_while_the_waiver_lasts_and_is_gone_after_it() -> None:
    told = Told(DUTY)
    during = limit(told, "meet-assembly", "2025-Q2", date(2025, 9, 30))
    assert during is not None
    assert (during["status"], during["held_by"]["form"]) == ("held", "waived")
    assert limit(told, "meet-assembly", "2025-Q2", date(2025, 10, 1)) is None
    overdue = limit(told, "meet-assembly", "2025-Q1", date(2025, 6, 1))
    assert overdue is not None
    assert overdue["status"] == "overdue"


HELD = (
    ACTIVISTS
    + """
[[steps]]
on = 2025-05-10
do = "hold_deadline"
with = { rule = "meet-theme-day", subject = "2025-05", until = 2025-06-15, reason = "防汛", document = "文1" }
"""
)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2025, 5, 9), "due"),
        (date(2025, 5, 10), "held"),
        (date(2025, 6, 15), "held"),
        (date(2025, 6, 16), "overdue"),
    ],
)
def test_a_held_limit_keeps_its_day_and_rests_only_for_a_while(on: date, status: str) -> None:
    row = limit(Told(HELD), "meet-theme-day", "2025-05", on)
    assert row is not None
    assert (row["status"], row["due_on"]) == (status, "2025-05-31")


def extension(on: str, due_on: str, subject: str = "2025-05") -> str:
    fields = (
        f'subject = "{subject}", due_on = {due_on}, reason = "防汛", authority = "镇党委", document = "文2"'
    )
    return f"""
[[steps]]
on = {on}
do = "extend_deadline"
with = {{ rule = "meet-theme-day", {fields} }}
"""


def test_an_extended_limit_shows_both_days_and_the_whole_chain() -> None:
    told = Told(ACTIVISTS + extension("2025-05-20", "2025-06-10") + extension("2025-06-05", "2025-06-20"))
    row = limit(told, "meet-theme-day", "2025-05", date(2025, 6, 20))
    assert row is not None
    assert (row["status"], row["due_on"], row["first_due_on"]) == ("due", "2025-06-20", "2025-05-31")
    assert [(r["was_due_on"], r["due_on"]) for r in row["reliefs"]] == [
        ("2025-05-31", "2025-06-10"),
        ("2025-06-10", "2025-06-20"),
    ]
    later = limit(told, "meet-theme-day", "2025-05", date(2025, 6, 21))
    assert later is not None
    assert later["status"] == "overdue"


def test_a_meeting_by_the_extended_day_is_in_time() -> None:
    meeting = """
[[steps]]
on = 2025-06-10
do = "hold_meeting"
with = { type = "theme_party_day", for_period = "2025-05" }
"""
    told = Told(ACTIVISTS + extension("2025-05-20", "2025-06-10") + meeting)
    rows = told.rows("compliance", period="2025-05", on=date(2025, 6, 30))
    assert next(r for r in rows if r["rule"] == "meet-theme-day")["verdict"] == "met"


def found(told: Told, step: int, rule: str) -> Any:
    return next(f for f in told.played[step].outcome.findings if f.rule == rule)


TALK = """
[[steps]]
on = 2025-05-10
do = "receive_application"
person = "赵"
with = { born_on = 1999-05-01 }
[[steps]]
on = 2025-06-01
do = "extend_deadline"
person = "赵"
with = { rule = "dev-first-talk", due_on = 2025-07-10, reason = "驻外", authority = "县委", document = "文3" }
"""


@pytest.mark.parametrize(("on", "verdict"), [("2025-07-10", "note"), ("2025-07-11", "late")])
def test_an_act_is_late_only_after_the_day_to_which_it_was_extended(on: str, verdict: str) -> None:
    talk = f'[[steps]]\non = {on}\ndo = "hold_first_talk"\nperson = "赵"\n'
    told = Told(ACTIVISTS.replace("[people]", '[people]\n"赵" = {}') + TALK + talk)
    finding = found(told, 2, "dev-first-talk")
    assert finding.verdict == verdict
    assert finding.days_late in (None, 1)
    assert str(finding.latest_on) == "2025-07-10"


APPROVAL = """
[[steps]]
on = 2025-05-10
do = "vote_on_admission"
person = "王"
as_history = true
with = { attending = 16, in_favour = 16, secret = true }
[[steps]]
on = 2025-06-10
do = "extend_deadline"
person = "王"
with = { rule = "dev-approve", due_on = DAY, reason = "补材料", authority = "县委", document = "文4" }
"""


@pytest.mark.parametrize(("day", "verdict"), [("2025-11-10", "ok"), ("2025-11-11", "block")])
def test_no_extension_passes_the_longest_limit(day: str, verdict: str) -> None:
    story = ACTIVISTS.replace('"王" = { stage = "activist"', '"王" = { stage = "target"')
    told = Told(story + APPROVAL.replace("DAY", day))
    assert told.played[1].outcome.verdict == verdict
