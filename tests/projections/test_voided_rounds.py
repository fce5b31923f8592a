"""初评作废以后的等次: what was confirmed in a voided round stands for nothing until it is decided anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from tests.projections.test_grades import STARS, UNITS, opened, step
from tests.support.books import Told
from tests.support.scenario import recorded
from workflows.application.weak_units import below_standard
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import evolve
from workflows.projections.grades import Words

OTHER = step("2025-11-20", "confirm_rating", "score = 85", "乙支部")
VOIDED = STARS + OTHER + step("2025-12-10", "void_round", 'reason = "复查误差率超过规定"', "机关党委")
REVIEWED = VOIDED + step("2025-12-15", "review", 'passed = ["甲支部"]', "机关党委")
AGAIN = REVIEWED + step("2025-12-20", "confirm_rating", "score = 70")


def grades(text: str, on: str, unit: str = "甲支部") -> list[tuple[Any, ...]]:
    answering = Told(UNITS + text).answering
    rows = answering.state(answering.unit_named(unit), date.fromisoformat(on))["grades"]
    return [(r["grade"], r["class"], r["use"] != [], r["holds"], r["pending"]) for r in rows]


def proposed(text: str, on: str) -> list[tuple[Any, ...]]:
    found = Told(UNITS + text).rows("deadlines", on=date.fromisoformat(on))
    return [
        (
            row["unit"],
            row["due_on"],
            row["proposal"]["causes"][0]["what"],
            [offer["command"] for offer in row["proposal"]["offers"]],
        )
        for row in found
        if row["rule"] == "rating-review"
    ]


def test_from_the_day_of_the_voiding_a_grade_is_of_no_class_and_gives_no_claim() -> None:
    assert grades(VOIDED, "2025-12-09") == [("四星级", "advanced", True, True, False)]
    assert grades(VOIDED, "2025-12-10") == [("四星级", None, False, False, True)]


def test_the_voiding_asks_for_every_grade_of_the_round_the_same_day() -> None:
    asked = [(unit, "2025-12-10", "void_round", ["review", "revoke_rating"]) for unit in ("甲支部", "乙支部")]
    assert proposed(VOIDED, "2025-12-09") == []
    assert sorted(proposed(VOIDED, "2025-12-10")) == sorted(asked)


def test_decided_anew_one_grade_holds_and_the_other_is_still_asked_for() -> None:
    assert grades(AGAIN, "2025-12-31")[1:] == [("二星级", "middle", True, True, False)]
    assert grades(AGAIN, "2025-12-31", "乙支部") == [("三星级", None, False, False, True)]
    assert proposed(AGAIN, "2025-12-31") == [
        ("乙支部", "2025-12-10", "void_round", ["confirm_rating", "revoke_rating"])
    ]


def test_a_grade_of_a_voided_round_can_be_revoked_but_not_kept() -> None:
    keep = step("2025-12-21", "keep_rating", 'reason = "没有问题"', "乙支部")
    told = Told(UNITS + AGAIN + keep).played[-1].outcome
    assert (told.refused, [one.rule for one in told.findings]) == (True, ["rating-void"])
    revoked = AGAIN + step("2025-12-21", "revoke_rating", 'reason = "重新评"', "乙支部")
    assert proposed(revoked, "2025-12-31") == []


def test_the_ledger_the_classes_the_overview_and_next_year_count_no_voided_grade() -> None:
    told = Told(UNITS + VOIDED + opened("2026-05-06", "seed-004-a", 2026, "又评星"))
    day = date(2026, 6, 1)
    ledger = told.answering.ledger("考评台账", None, on=day)["rows"]
    assert {(r["grade"], r["pending"], r["class"]) for r in ledger if r["subject"] == "评星"} == {
        (None, "四星级", None),
        (None, "三星级", None),
    }
    classes = told.answering.ledger("党支部分类台账", None, on=day)["rows"]
    assert [(r["unit"], r["class"], r["grade"], r["pending"]) for r in classes] == [
        ("乙支部", None, None, "三星级"),
        ("甲支部", None, None, "四星级"),
    ]
    (row,) = told.answering.overview(None, day)["grades"]
    assert (row["grade"], row["class"], row["units"]) == ("pending", None, 2)


def test_a_county_whose_last_round_is_void_has_found_nobody_below_standard_in_it() -> None:
    review = step("2025-11-10", "review", 'passed = ["甲支部"]', "机关党委")
    text = UNITS + opened("2025-05-06", "seed-004-a", 2025) + review
    void = step("2025-12-10", "void_round", 'reason = "误差"', "机关党委")

    def below(story: str) -> object:
        books = Told(story).answering.opened
        with books(None, date(2025, 12, 31)) as there:
            unit = next(u for u, name in there.books.units_by_id.items() if name == "甲支部")
            return below_standard(there.books, unit, date(2025, 12, 31))

    assert below(text) is not None
    assert below(text + void) is None


def as_campaign(file: object) -> Campaign:
    assert isinstance(file, Campaign)
    return file


ACTS = st.lists(st.sampled_from(["confirm A", "confirm B", "revoke A", "revoke B", "void", "review A"]))


@given(ACTS)
@example(["confirm A", "void", "confirm A", "confirm B", "void", "revoke A"])
def test_a_grade_is_pending_exactly_while_the_last_word_on_it_is_older_than_a_voiding(
    acts: list[str],
) -> None:
    units = {"A": UUID(int=1), "B": UUID(int=2)}
    file, wanted = Campaign(id=UUID(int=9)), dict.fromkeys(units, "none")
    for number, act in enumerate(acts):
        day, (name, _, unit) = date(2026, 1, 1) + timedelta(days=number // 2), act.partition(" ")
        match name:
            case "confirm":
                event: Any = ev.RatingConfirmed(confirmed_on=day, about=units[unit], grade="一星级")
                wanted[unit] = "held"
            case "revoke":
                event = ev.RatingRevoked(revoked_on=day, about=units[unit])
                wanted[unit] = "revoked"
            case "review":
                event = ev.Reviewed(reviewed_on=day, about=units[unit], passed=True)
            case _:
                event = ev.RoundVoided(voided_on=day)
                wanted = {one: "pending" if said == "held" else said for one, said in wanted.items()}
        record = recorded(event, position=number + 1)
        file = as_campaign(evolve(event, file, record))
    told = Words.of(file)
    for name, unit_id in units.items():
        assert file.is_pending(unit_id) == (wanted[name] == "pending")
        last = next(reversed(told.decided.get(unit_id, [])), None)
        assert (last is not None and last.source.event_id in told.void) == (wanted[name] == "pending")
