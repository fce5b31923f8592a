"""换届 on the scheduler: a request quiets the reminder, an extension moves what is due and overdue."""

from datetime import date

from tests.scheduler.test_sweep import DAY, ENDS_ON, POSTS, REMIND_ON, Swept, about

EXTENDED_TO = date(2027, 3, 10)


def extended(town: Swept, on: date) -> None:
    town.county.do(
        "approve_term_change", on, unit=town.branch, term_until=EXTENDED_TO, reason="机构改革", document="3号"
    )


def noticed(town: Swept) -> list[tuple[str, date]]:
    return [(type(r.event).__name__, r.event.term_until) for r in town.noticed]  # type: ignore[attr-defined]


def test_who_has_asked_for_the_election_is_not_reminded_of_it() -> None:
    town = Swept()
    town.county.do("request_election", REMIND_ON - 5 * DAY, unit=town.branch, planned_on=ENDS_ON - 10 * DAY)
    assert about(town.on(REMIND_ON), "branch-term-remind") == []
    assert about(town.on(date(2026, 8, 10)), "elect-request") == []
    assert town.noticed == []


def test_a_request_alone_does_not_end_the_term() -> None:
    town = Swept()
    town.county.do("request_election", REMIND_ON - 5 * DAY, unit=town.branch, planned_on=ENDS_ON - 10 * DAY)
    town.on(ENDS_ON)
    assert len(about(town.on(ENDS_ON + DAY), "branch-term")) == 2
    assert noticed(town) == [("TermDue", ENDS_ON), ("TermOverdue", ENDS_ON)]


def test_an_extension_moves_the_reminder() -> None:
    town = Swept()
    extended(town, REMIND_ON - 10 * DAY)
    assert about(town.on(REMIND_ON), "branch-term-remind") == []
    assert len(about(town.on(date(2026, 9, 10)), "branch-term-remind")) == 2
    assert noticed(town) == [("TermReminderIssued", EXTENDED_TO)]


def test_an_extension_after_the_reminder_is_reminded_of_again_and_nothing_is_overdue_before() -> None:
    town = Swept()
    town.on(REMIND_ON)
    extended(town, ENDS_ON - 20 * DAY)
    again = date(2026, 9, 10)
    assert about(town.on(again - DAY), "branch-term-remind") == []
    assert len(about(town.on(again), "branch-term-remind")) == 2
    assert about(town.on(max(again, ENDS_ON) + DAY), "branch-term") == []
    town.on(EXTENDED_TO)
    rows = about(town.on(EXTENDED_TO + DAY), "branch-term")
    assert [row["recipient"] for row in rows] == ["甲支部", "某镇党委"]
    assert noticed(town) == [
        ("TermReminderIssued", ENDS_ON),
        ("TermReminderIssued", EXTENDED_TO),
        ("TermDue", EXTENDED_TO),
        ("TermOverdue", EXTENDED_TO),
    ]


def test_a_void_election_leaves_the_term_open() -> None:
    town = Swept()
    town.on(REMIND_ON)
    day = ENDS_ON - 5 * DAY
    town.county.do(
        "elect_committee", day, unit=town.branch, posts=POSTS, eligible=9, attending=7, as_history=True
    )
    town.on(ENDS_ON)
    assert len(about(town.on(ENDS_ON + DAY), "branch-term")) == 2
