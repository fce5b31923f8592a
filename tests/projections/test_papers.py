"""材料: what each step done asks for by the packs of its day, what is there, wanting, or dated oddly."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import Told
from workflows.projections.papers import wanting

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
OTHER = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
JULY = date(2025, 7, 1)
HEAD = """
title = "papers"
packs = [{packs}]
[unit]
name = "甲支部"
full_members = 16
[people]
"李" = {{ stage = "full", since = 2015-07-01 }}
{steps}
"""
BEGUN = (
    ("2024-03-01", "receive_application", "born_on = 1999-05-01"),
    ("2024-03-20", "hold_first_talk", ""),
    ("2024-06-01", "confirm_activist", ""),
)


def told(*steps: tuple[str, str, str], packs: tuple[str, ...] = ()) -> Told:
    lines = [
        f'[[steps]]\non = {on}\ndo = "{act}"\nperson = "王"\nwith = {{ {fields} }}'
        for on, act, fields in steps
    ]
    named = ", ".join(f'"{name}"' for name in ("central", *packs))
    return Told(HEAD.format(packs=named, steps="\n".join(lines)))


def attach(kind: str, *more: str, on: str = "2025-06-01", named: str = HASH) -> tuple[str, str, str]:
    return on, "attach", ", ".join([f'kind = "{kind}", hash = "{named}"', *more])


def papers(books: Told, on: date = JULY) -> list[dict[str, Any]]:
    (row,) = books.rows("pipeline", person="王", on=on)
    found: list[dict[str, Any]] = row["papers"]
    return found


def of(books: Told, paper: str, on: date = JULY) -> list[dict[str, Any]]:
    return [row for row in papers(books, on) if row["paper"] == paper]


def only(books: Told, paper: str, on: date = JULY) -> dict[str, Any]:
    (row,) = of(books, paper, on)
    return row


def said(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding["rule"], finding["verdict"]) for finding in row["findings"]]


def test_a_paper_that_a_step_done_asks_for_is_missing_with_its_clause() -> None:
    row = only(told(*BEGUN), "membership-application")
    assert (row["status"], row["on"]) == ("missing", "2024-03-01")
    assert row["clause"] == "《中国共产党发展党员工作细则》第五条"
    assert said(row) == [("dev-apply", "incomplete")]


def test_attached_by_its_title_it_is_there() -> None:
    books = told(*BEGUN, attach("入党申请书", "dated_on = 2024-03-01", 'signed_by = ["本人"]'))
    row = only(books, "membership-application")
    assert (row["status"], row["findings"]) == ("there", [])
    assert [(a["hash"], a["dated_on"]) for a in row["attached"]] == [(HASH, "2024-03-01")]
    assert only(books, "membership-application", date(2025, 5, 31))["status"] == "missing"


@pytest.mark.parametrize(("day", "status"), [("2024-03-01", "there"), ("2024-03-02", "odd")])
def test_a_paper_dated_after_its_act_is_told(day: str, status: str) -> None:
    row = only(told(*BEGUN, attach("membership-application", f"dated_on = {day}")), "membership-application")
    assert row["status"] == status
    assert said(row) == ([] if status == "there" else [("dev-apply", "warn")])


def test_a_paper_that_somebody_else_signed_lacks_a_signature() -> None:
    books = told(*BEGUN, attach("membership-application", 'signed_by = ["李"]'))
    assert only(books, "membership-application")["status"] == "unsigned"


def test_what_is_usual_is_not_wanting_and_what_is_to_come_is_told_ahead() -> None:
    rows = papers(told(*BEGUN))
    status = {row["paper"]: row["status"] for row in rows}
    assert status["first-talk-record"] == "usual"
    assert status["training-review"] == "to_come"
    assert wanting(rows) == 1


def test_the_paper_of_a_review_goes_to_the_review_nearest_to_its_day() -> None:
    reviews = [(day, "record_semiannual_review", "") for day in ("2024-11-28", "2025-05-30")]
    books = told(*BEGUN, *reviews, attach("training-review", "dated_on = 2025-05-30"))
    assert [(row["on"], row["status"]) for row in of(books, "training-review")] == [
        ("2024-11-28", "missing"), ("2025-05-30", "there"),
    ]  # fmt: skip
    named = attach("training-review", "dated_on = 2025-05-30", "act_on = 2024-11-28")
    books = told(*BEGUN, *reviews, named)
    assert [row["status"] for row in of(books, "training-review")] == ["there", "missing"]


def test_a_paper_that_nothing_asks_for_stands_by_itself_and_near_names_are_told() -> None:
    books = told(*BEGUN, attach("入党申情书"))
    row = only(books, "入党申情书")
    assert (row["status"], row["required"]) == ("free", False)
    (finding,) = [f for f in books.played[-1].outcome.findings if f.rule == "input-paper-free"]
    assert (finding.verdict, finding.facts["near"][0]) == ("note", "入党申请书")


def test_the_same_paper_twice_is_noticed() -> None:
    books = told(*BEGUN, attach("membership-application"), attach("membership-application", on="2025-06-02"))
    assert "input-paper-again" in {finding.rule for finding in books.played[-1].outcome.findings}
    other = told(*BEGUN, attach("membership-application"), attach("membership-application", named=OTHER))
    assert "input-paper-again" not in {finding.rule for finding in other.played[-1].outcome.findings}


def test_a_paper_withdrawn_is_missing_again() -> None:
    books = told(
        *BEGUN, attach("membership-application"), ("2025-06-02", "retract", 'event = 4, reason = "错"')
    )
    assert only(books, "membership-application")["status"] == "missing"


def test_nobodys_paper_is_refused() -> None:
    assert told(attach("membership-application")).played[0].outcome.refused


def test_no_step_waits_for_a_paper_unless_a_rule_says_so(tmp_path: Path) -> None:
    assert not any(played.outcome.refused for played in told(*BEGUN).played)
    pack = tmp_path / "strict.toml"
    pack.write_text(
        """
id = "strict"
title = "某县材料要求"
issuer = "某县委组织部"
level = "county"
source = "说明用"
issued_on = 2020-01-01
[[rules]]
id = "strict-application"
label = "确定入党积极分子以前，入党申请书已经存档"
kind = "requires"
on = ["confirm_activist"]
paper = ["membership-application"]
severity = "block"
values = [{ from = 2020-01-01, value = true }]
clauses = [{ from = 2020-01-01, article = "第三条", confidence = "SS" }]
[[materials]]
id = "talk-photo"
title = "谈话照片"
step = "hold_first_talk"
rule = "strict-application"
clauses = [{ from = 2020-01-01, article = "第四条", confidence = "GK" }]
from = 2024-03-20
""",
        "utf-8",
    )
    books = told(*BEGUN, packs=(str(pack),))
    assert books.played[-1].outcome.refused
    missing = {f.rule: f.missing for f in books.played[-1].outcome.findings}
    assert missing["strict-application"] == ("membership-application",)
    with_paper = [*BEGUN[:2], attach("membership-application", on="2024-05-30"), BEGUN[2]]
    books = told(*with_paper, packs=(str(pack),))
    assert not books.played[-1].outcome.refused
    row = only(books, "talk-photo")
    assert (row["status"], row["clause"]) == ("missing", "《某县材料要求》第四条")
    earlier = told(BEGUN[0], ("2024-03-19", "hold_first_talk", ""), packs=(str(pack),))
    assert of(earlier, "talk-photo") == []


def test_a_paper_with_the_name_of_another_fact_excuses_nothing() -> None:
    books = told(*BEGUN, attach("special_reason"), attach("activist_since"))
    (row,) = books.rows("pipeline", person="王", on=JULY)
    agree = next(step for step in row["next"] if step["step"] == "agree_development_target")
    assert agree["earliest_on"] == "2025-06-01"


def test_the_history_tells_papers_and_steps_of_packs_by_their_titles() -> None:
    books = told(*BEGUN, attach("membership-application"))
    named = books.answering.person_named("王", None)
    rows = books.answering.history(named, JULY)["rows"]
    assert rows[-1]["facts"]["kind"] == "入党申请书"
    (row,) = books.rows("pipeline", person="王", on=JULY)
    assert "attach" not in [act["step"] for act in row["done"]]


# --- which act a paper is of --------------------------------------------------------------------------------

TWICE = (*BEGUN, *(("2024-12-01", "record_semiannual_review", f'verdict = "{v}"') for v in ("unfit", "fit")))


def review(books: Told, place: int) -> int:
    return int(of(books, "training-review")[place]["position"])


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_reviews_of_one_day_a_paper_is_of_the_record_that_is_named(place: int) -> None:
    number = review(told(*TWICE), place)
    books = told(*TWICE, attach("training-review", f"act = {number}"))
    assert [row["status"] for row in of(books, "training-review")] == (
        ["there", "missing"] if place == 0 else ["missing", "there"]
    )


def test_a_paper_of_a_named_record_stays_with_it_when_its_day_is_corrected() -> None:
    number = review(told(*TWICE), 1)
    change = 'event = 5, field = "on", value = 2024-11-20'
    correct = f'\n[[steps]]\non = 2025-06-02\ndo = "correct"\nwith = {{ {change} }}'
    lines = [
        f'[[steps]]\non = {on}\ndo = "{act}"\nperson = "王"\nwith = {{ {fields} }}'
        for on, act, fields in (*TWICE, attach("training-review", f"act = {number}"))
    ]
    books = Told(HEAD.format(packs='"central"', steps="\n".join(lines) + correct))
    assert [(row["on"], row["status"]) for row in of(books, "training-review")] == [
        ("2024-11-20", "there"),
        ("2024-12-01", "missing"),
    ]


def test_where_a_day_had_two_acts_of_a_step_and_none_is_named_it_is_said() -> None:
    books = told(*TWICE, attach("training-review", 'step = "record_semiannual_review", act_on = 2024-12-01'))
    found = [f for f in books.played[-1].outcome.findings if f.rule == "input-paper-acts"]
    assert [f.verdict for f in found] == ["note"]
    assert len(found[0].facts["numbers"]) == 2


def test_a_record_that_is_not_there_takes_no_paper() -> None:
    books = told(*BEGUN, attach("training-review", "act = 999"))
    assert books.played[-1].outcome.refused
    assert [f.rule for f in books.played[-1].outcome.findings if f.verdict == "block"] == [
        "input-paper-act-unknown"
    ]
