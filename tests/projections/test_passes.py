"""退回 and 再次: every pass of a step stays in the course, the one that counts is clear."""

from datetime import date
from typing import Any

from tests.support.books import Told

APRIL = date(2025, 4, 1)
BEFORE_THE_REVIEW = """
[people]
"李" = { stage = "full", since = 2015-07-01 }
"赵" = { stage = "full", since = 2015-07-01 }
"""
BEGUN = [
    ("2023-01-10", "receive_application", "born_on = 1999-05-01"),
    ("2023-02-01", "hold_first_talk", ""),
    ("2023-03-01", "confirm_activist", ""),
    ("2023-03-02", "file_activist", ""),
    ("2023-03-03", "assign_mentors", 'persons = ["李"]'),
    ("2024-03-05", "agree_development_target", ""),
    ("2024-03-10", "file_development_target", ""),
    ("2025-02-01", "assign_sponsors", 'persons = ["李", "赵"]'),
    ("2025-02-10", "conclude_background_review", "passed = true"),
    ("2025-02-20", "complete_intensive_course", "days = 3"),
    ("2025-03-01", "examine_target", "agreed = true"),
]
REVIEW, VOTE = "conclude_preliminary_review", "vote_on_admission"
REVIEWED = [("2025-03-10", REVIEW, "passed = true"), ("2025-03-15", "complete_admission_form", "")]
PASSED = "attending = 16, in_favour = 16, secret = true"
LOST = "attending = 16, in_favour = 8, secret = true"


def told(*steps: tuple[str, str, str]) -> Told:
    lines = [BEFORE_THE_REVIEW]
    for on, act, fields in [*BEGUN, *steps]:
        lines.append(f'[[steps]]\non = {on}\ndo = "{act}"\nperson = "王"\nwith = {{ {fields} }}')
    return Told("\n".join(lines))


def sent_back(step: str) -> str:
    return f'step = "{step}", reason = "缺材料"'


def row(books: Told, on: date = APRIL) -> dict[str, Any]:
    (found,) = books.rows("pipeline", person="王", on=on)
    return found


def passes(books: Told, step: str, on: date = APRIL) -> list[tuple[str, str, int, bool]]:
    return [
        (act["on"], act["step"], act["pass"], act["current"])
        for act in row(books, on)["done"]
        if act["of"] == step
    ]


def coming(books: Told, on: date = APRIL) -> dict[str, dict[str, Any]]:
    return {step["step"]: step for step in row(books, on)["next"]}


def verdicts(books: Told, number: int) -> dict[str, str]:
    return {f.rule: str(f.verdict) for f in books.played[len(BEGUN) + number].outcome.findings}


def test_papers_sent_back_before_anything_was_concluded_are_a_pass_of_the_step() -> None:
    books = told(("2025-03-05", "return_papers", sent_back(REVIEW)), *REVIEWED)
    assert passes(books, REVIEW) == [
        ("2025-03-05", "return_papers", 1, False), ("2025-03-10", REVIEW, 2, True),
    ]  # fmt: skip


def test_a_step_whose_papers_went_back_is_open_again_and_what_needs_it_waits() -> None:
    books = told(*REVIEWED, ("2025-03-20", "return_papers", sent_back(REVIEW)), ("2025-03-21", VOTE, PASSED))
    assert coming(books)[REVIEW]["returned_on"] == "2025-03-20"
    assert coming(books)[REVIEW]["pass"] == 2
    assert books.played[-1].outcome.refused
    assert verdicts(books, 3)["dev-assembly"] == "incomplete"


def test_done_again_it_stands_as_a_further_pass() -> None:
    again = ("2025-03-25", REVIEW, "passed = true")
    books = told(*REVIEWED, ("2025-03-20", "return_papers", sent_back(REVIEW)), again)
    assert passes(books, REVIEW) == [
        ("2025-03-10", REVIEW, 1, False), ("2025-03-20", "return_papers", 1, False),
        ("2025-03-25", REVIEW, 2, True),
    ]  # fmt: skip
    first = next(act for act in row(books)["done"] if act["step"] == REVIEW)
    assert (first["stands"], first["returned_on"]) == (False, "2025-03-20")
    assert REVIEW not in coming(books)


def test_on_a_day_before_the_return_it_still_stood() -> None:
    books = told(*REVIEWED, ("2025-03-20", "return_papers", sent_back(REVIEW)))
    assert passes(books, REVIEW, date(2025, 3, 19)) == [("2025-03-10", REVIEW, 1, True)]
    assert REVIEW not in coming(books, date(2025, 3, 19))


def test_a_vote_lost_and_taken_again_are_two_passes() -> None:
    books = told(*REVIEWED, ("2025-03-16", VOTE, LOST), ("2025-03-20", VOTE, PASSED))
    assert passes(books, VOTE) == [("2025-03-16", VOTE, 1, False), ("2025-03-20", VOTE, 2, True)]
    assert [act["passed"] for act in row(books)["done"] if act["step"] == VOTE] == [False, True]


def test_after_a_refusal_the_assembly_votes_anew() -> None:
    books = told(*REVIEWED, ("2025-03-16", VOTE, PASSED), ("2025-03-20", "refuse_admission", ""))
    assert coming(books)[VOTE]["pass"] == 2
    assert passes(books, VOTE) == [("2025-03-16", VOTE, 1, False)]
    assert coming(books)["approve_admission"]["pass"] == 2


def test_what_a_return_does_to_the_limit_of_the_approval_is_for_a_person_to_say() -> None:
    books = told(
        *REVIEWED,
        ("2025-03-16", VOTE, PASSED),
        ("2025-03-20", "return_papers", sent_back("approve_admission")),
    )
    assert verdicts(books, 3)["input-return-limit"] == "refer"
    assert not books.played[-1].outcome.refused
    limits = {
        r["subject"]: r["due_on"]
        for r in books.rows("deadlines", person="王", on=APRIL)
        if r["status"] != "met"
    }
    assert limits["approve_admission"] == "2025-06-16"


def test_what_was_decided_in_an_earlier_stage_is_not_sent_back_but_withdrawn() -> None:
    books = told(*REVIEWED, ("2025-03-20", "return_papers", sent_back("agree_development_target")))
    assert books.played[-1].outcome.refused


def test_a_step_that_nobody_knows_is_not_sent_back() -> None:
    books = told(("2025-03-20", "return_papers", sent_back("thought_report")))
    assert verdicts(books, 0)["input-step-unknown"] == "block"


def test_a_return_withdrawn_leaves_the_step_done() -> None:
    number = len(BEGUN) + len(REVIEWED) + 1
    books = told(
        *REVIEWED,
        ("2025-03-20", "return_papers", sent_back(REVIEW)),
        ("2025-03-22", "retract", f'event = {number}, reason = "记错人"'),
    )
    assert passes(books, REVIEW) == [("2025-03-10", REVIEW, 1, True)]
