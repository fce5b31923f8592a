"""Whole cases: a second course, someone on the way, a vote that cannot be, what rests and who may act."""

from __future__ import annotations

from datetime import date

import msgspec

from tests.support.books import Told
from workflows.domain.person.member_events import DuesRecorded
from workflows.domain.unit.state import secretary_of

TWO_UNITS = """
title = "two"
packs = ["central"]
[[units]]
name = "甲支部"
kind = "organ"
full_members = 9
[[units]]
name = "乙支部"
kind = "organ"
full_members = 9
[people]
"""


def step(on: str, do: str, person: str | None = None, more: str = "", unit: str | None = None) -> str:
    """Return a step of a story."""
    lines = ["[[steps]]", f"on = {on}", f'do = "{do}"']
    lines += [f'person = "{person}"'] if person else []
    lines += [f'unit = "{unit}"'] if unit else []
    lines += [f"with = {{ {more} }}"] if more else []
    return "\n".join(lines) + "\n"


def story(people: str, *steps: str, unit: str = "") -> Told:
    """Return a story of an organ's branch."""
    head = unit or 'title = "one"\n[unit]\nname = "甲支部"\nkind = "organ"\nfull_members = 9\n[people]\n'
    return Told(head + people + "\n" + "".join(steps))


def said(told: Told, number: int) -> dict[str, str]:
    """Return the verdict of each rule at a step."""
    worst_first = told.played[number - 1].outcome.findings
    return {f.rule: str(f.verdict) for f in reversed(worst_first)}


SECOND = (
    step("2020-03-01", "receive_application", "王", "born_on = 1995-01-01")
    + step("2020-03-20", "hold_first_talk", "王")
    + step("2020-06-01", "confirm_activist", "王")
    + step("2021-01-05", "drop_activist", "王")
    + step("2024-01-10", "receive_application", "王")
)
ASK = '[[ask]]\ndeadlines = { person = "王", on = 2024-04-01 }\n'
STATE = '[[ask]]\nstate = { person = "王", as_of = 2024-04-01 }\n'


def test_a_second_application_begins_a_course_of_its_own() -> None:
    told = story("", SECOND, ASK, STATE)
    rows = [(row["rule"], row["due_on"], row["status"]) for row in told.answers[0]["rows"] if row["person"]]
    assert rows == [("dev-first-talk", "2024-02-10", "overdue")]
    state = told.answers[1]["state"] if "state" in told.answers[1] else told.answers[1]
    assert (state["stage"], state["activist_since"]) == ("applicant", None)


def test_who_is_on_the_way_is_still_trained_by_the_old_branch() -> None:
    told = story(
        '"王" = { stage = "activist", since = 2025-01-15 }',
        step("2025-08-01", "transfer_person", "王", 'to_unit = "乙支部", in_transit = true'),
        step("2026-01-15", "agree_development_target", "王", unit="甲支部"),
        unit=TWO_UNITS,
    )
    assert "dev-activist-move" not in said(told, 2)
    assert told.played[1].outcome.events == ("DevelopmentTargetAgreed",)


def test_only_who_received_a_probationary_member_may_defer_the_conversion() -> None:
    told = story(
        '"王" = { stage = "probationary", since = 2025-03-20 }',
        step("2026-03-01", "transfer_person", "王", 'to_unit = "乙支部", in_transit = true'),
        step("2026-03-10", "defer_conversion", "王", "until = 2026-09-20", unit="甲支部"),
        unit=TWO_UNITS,
    )
    assert said(told, 2)["dev-prob-defer"] == "block"
    assert told.played[1].outcome.refused


RETURNS = {"A": 9, "B": 9, "C": 4, "D": 9}
VOTES = ", ".join(f'{{ person = "{name}", votes = {count} }}' for name, count in RETURNS.items())
ELECTION = f"eligible = 12, attending = 10, seats = 3, candidates = [{VOTES}]"


def test_who_was_not_elected_is_given_no_post() -> None:
    posts = 'posts = { A = "secretary", B = "member", C = "member" }'
    told = story("", step("2026-03-10", "elect_committee", None, f"{ELECTION}, {posts}"))
    assert told.played[0].outcome.refused
    assert said(told, 1)["input-post-not-elected"] == "block"


def test_minutes_with_two_secretaries_or_a_candidate_told_twice_are_refused() -> None:
    two = 'eligible = 12, attending = 12, posts = { 甲 = "secretary", 乙 = "secretary", 丙 = "member" }'
    votes = ", ".join(f'{{ person = "{name}", votes = 9 }}' for name in ("王", "王", "李", "赵"))
    people = "".join(f'"{name}" = {{ stage = "full", since = 2015-01-15 }}\n' for name in "王李赵")
    told = story(
        people,
        step(
            "2026-03-10",
            "elect_committee",
            None,
            two.replace("甲", '"甲"').replace("乙", '"乙"').replace("丙", '"丙"'),
        ),
        step("2026-03-10", "elect_committee", None, f"attending = 12, seats = 3, candidates = [{votes}]"),
    )
    assert [one.outcome.refused for one in told.played] == [True, True]
    assert said(told, 1)["input-two-secretaries"] == "block"
    assert said(told, 2)["input-candidate-twice"] == "block"


def test_acting_is_entrusted_without_a_document_and_a_reason_is_asked() -> None:
    told = story("", step("2026-03-10", "entrust_acting", None, 'person = "赵"'))
    assert not told.played[0].outcome.refused
    assert said(told, 1)["input-acting-document"] == "warn"


def test_a_member_whose_membership_rests_sponsors_nobody() -> None:
    told = story(
        '"王" = { stage = "target", since = 2024-01-10 }\n"老" = { stage = "full", since = 2000-01-01 }',
        step("2025-01-01", "stop_membership", "老", 'ground = "abroad", since = 2019-01-01'),
        step("2025-02-01", "assign_sponsors", "王", 'persons = ["老", "赵"]'),
    )
    assert said(told, 2)["dev-introducers"] == "block"


def test_a_stop_does_not_spare_the_grounds_of_a_striking_off() -> None:
    told = story(
        '"王" = { stage = "full", since = 2000-01-01 }\n"李" = { stage = "full", since = 2000-01-01 }',
        step("2024-10-15", "stop_membership", "王", 'ground = "lost", since = 2024-01-01'),
        step("2024-10-16", "strike_off", "王", 'kind = "struck_off"'),
        step("2024-10-15", "stop_membership", "李", 'ground = "abroad", since = 2019-01-01'),
        step("2024-10-16", "strike_off", "李", 'kind = "self_withdrawal"'),
    )
    assert said(told, 2)["strike-grounds"] == "incomplete"
    assert said(told, 4)["strike-grounds"] == "incomplete"
    assert said(told, 4)["strike-six"] == "incomplete"


def test_a_membership_is_restored_once() -> None:
    told = story(
        '"王" = { stage = "full", since = 2000-01-01 }',
        step("2024-10-15", "stop_membership", "王", 'ground = "lost", since = 2024-01-01'),
        step("2025-10-15", "restore_membership", "王"),
        step("2025-11-15", "restore_membership", "王"),
    )
    assert [played.outcome.refused for played in told.played] == [False, False, True]


def test_what_decides_must_be_said() -> None:
    told = story(
        '"王" = { stage = "full", since = 2000-01-01 }',
        step("2026-04-01", "record_dues", "王", 'month = "2026-03", base = 60000, amount = 1'),
        step("2026-04-01", "stop_membership", "王", 'ground = "lost"'),
    )
    assert [str(played.outcome.verdict) for played in told.played] == ["incomplete", "incomplete"]


def test_more_written_opinions_than_people_absent_cannot_be() -> None:
    numbers = "eligible = 10, attending = 7, in_favour = 3, written_in_favour = {}, secret = true"
    told = story(
        '"王" = { stage = "target", since = 2024-01-10 }',
        *(step("2026-03-10", "vote_on_admission", "王", numbers.format(written)) for written in (4, 3)),
    )
    assert said(told, 1)["input-written-over"] == "block"
    assert "input-written-over" not in said(told, 2)


def test_nobody_is_barred_who_is_no_member() -> None:
    told = story("", step("2026-03-10", "receive_application", "王"), step("2026-03-11", "bar_rights", "王"))
    assert told.played[1].outcome.refused


def test_what_is_kept_of_dues_tells_no_income() -> None:
    told = story(
        '"王" = { stage = "full", since = 2000-01-01 }',
        step(
            "2026-04-01",
            "record_dues",
            "王",
            'month = "2026-03", role = "employed", base = 4321.09, amount = 50',
        ),
    )
    records = told.log.load_since(0, 1000)
    kept = next(record.event for record in records if isinstance(record.event, DuesRecorded))
    assert isinstance(kept, DuesRecorded)
    text = msgspec.json.encode(kept.findings).decode()
    assert "4321" not in text
    assert "43.21" not in text
    assert "432109" not in text


def test_a_limit_held_on_the_day_of_the_act_is_no_lateness() -> None:
    told = story(
        "",
        step("2026-06-01", "receive_application", "王"),
        step(
            "2026-06-10", "hold_deadline", "王",
            'rule = "dev-first-talk", until = 2026-08-10, reason = "住院", document = "青组1号"',
        ),
        step("2026-08-05", "hold_first_talk", "王"),
    )  # fmt: skip
    assert said(told, 3)["dev-first-talk"] == "note"
    assert str(told.played[2].outcome.verdict) == "ok"


def test_nobody_is_let_off_before_being_on_the_books() -> None:
    waived = 'rule = "dev-first-talk", until = 2026-12-31, authority = "镇党委", document = "1号"'
    told = story(
        "",
        step("2026-03-10", "waive", "王", waived),
        step("2026-03-10", "receive_application", "王"),
        step("2026-03-11", "waive", "王", waived),
    )
    assert [played.outcome.refused for played in told.played] == [True, False, False]
    assert said(told, 1)["dev-stage"] == "block"


def test_who_lost_the_election_is_no_secretary_whatever_old_minutes_say() -> None:
    posts = 'posts = { C = "secretary", A = "member", B = "member" }'
    wrong = step("2026-03-10", "elect_committee", None, f"{ELECTION}, {posts}") + "as_history = true\n"
    told = story("", wrong, '[[ask]]\nstate = { unit = "甲支部", as_of = 2026-03-10 }\n')
    with told.answering.opened() as opened:
        unit = opened.books.unit_state(told.answering.unit_named("甲支部"))
    assert secretary_of(unit.holdings, date(2026, 3, 10)) is None
    assert {post.post for post in unit.committee} == {"member"}
