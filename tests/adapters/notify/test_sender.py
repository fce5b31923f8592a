"""The post: one digest a recipient, in office hours, once a day; every answer kept; an end to repetitions."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, ClassVar, cast
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.support.sqllog import LOG_ID
from workflows.adapters.notify.channels import Answer, Channel, Digest, LogChannel
from workflows.adapters.notify.inbox import Inbox
from workflows.adapters.notify.outbox import SqlOutbox
from workflows.adapters.notify.sender import CLAIM, MOST_ATTEMPTS, Sender
from workflows.adapters.notify.tables import deliveries, prepare
from workflows.adapters.store.database import Database
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.schema import prepare as prepare_store
from workflows.application.ports import Transaction
from workflows.kernel.calendar import Calendar
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.ids import derived
from workflows.scheduler.ports import Line, LineStage

UNIT = UUID(int=1)
TUESDAY = date(2026, 3, 10)
MAIL, JIA, YI = "mail", "jia@example.org", "yi@example.org"


class Post:
    """A receiver that answers as it is told to."""

    leaves_house: ClassVar[bool] = True

    def __init__(self) -> None:
        self.got: list[Digest] = []
        self.answers: dict[str, Answer] = {}

    def deliver(self, digest: Digest) -> Answer:
        """Keep what came."""
        self.got.append(digest)
        return self.answers.get(digest.recipient, Answer("accepted", "250"))


class Office:
    """A database with an outbox, a receiver, and a clock."""

    def __init__(self, url: str) -> None:
        self.database = Database.of(make_engine(url))
        prepare_store(self.database)
        prepare(self.database)
        self.clock = FixedClock(moment_of(TUESDAY, 10))
        self.post = Post()
        self.sender = self.another()
        self.inbox = Inbox(self.database, LOG_ID)

    def another(self) -> Sender:
        """Return one more sender on the same outbox."""

        def words(recipient: str, lines: Sequence[Line]) -> tuple[str, str]:
            return f"{len(lines)}", "\n".join(line.subject for line in lines)

        channels: dict[str, Channel] = {MAIL: self.post, "log": LogChannel()}
        return Sender(self.database, LOG_ID, self.clock, channels, words, Calendar(), chance=lambda: 0.5)

    def queue(
        self, *subjects: str, recipient: str = JIA, channel: str = MAIL, stage: LineStage = "due"
    ) -> None:
        """Put lines into the outbox."""
        lines = [
            Line(
                key=derived(subject, recipient, channel),
                channel=channel,
                recipient=recipient,
                unit_id=UNIT,
                rule="meet-assembly",
                subject=subject,
                stage=stage,
                due_on=date(2026, 3, 31),
                noticed_on=TUESDAY,
            )
            for subject in subjects
        ]
        with self.database.writing() as connection:
            transaction = cast(Transaction, SimpleNamespace(connection=connection))
            SqlOutbox(LOG_ID, self.clock).add(transaction, [], lines)

    def answers(self) -> list[Any]:
        """Return what was kept of the attempts, in their order."""
        with self.database.reading() as connection:
            return list(connection.execute(select(deliveries).order_by(deliveries.c.begun_at)))


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    found = Office(database_url)
    yield found
    found.database.engine.dispose()


def test_what_waits_for_a_recipient_goes_as_one_digest(office: Office) -> None:
    office.queue("a", "b", "c")
    office.queue("d", recipient=YI)
    assert office.sender.run() == 4
    assert sorted((d.recipient, d.subject) for d in office.post.got) == [(JIA, "3"), (YI, "1")]
    assert office.inbox.counts() == {"accepted": 4}
    assert office.sender.run() == 0
    assert len(office.post.got) == 2


def test_a_second_digest_waits_for_the_next_day(office: Office) -> None:
    office.queue("a")
    office.sender.run()
    office.queue("b")
    office.clock.put(moment_of(TUESDAY, 16))
    assert office.sender.run() == 0
    office.clock.put(moment_of(TUESDAY + timedelta(days=1), 9))
    assert office.sender.run() == 1


@pytest.mark.parametrize(
    ("day", "hour", "sent"),
    [
        (TUESDAY, 8, 0),
        (TUESDAY, 17, 1),
        (TUESDAY, 18, 0),
        (date(2026, 3, 14), 10, 0),  # a Saturday
        (date(2026, 10, 1), 10, 0),  # a public holiday
        (date(2026, 10, 10), 10, 1),  # a Saturday on which people work
    ],
)
def test_mail_goes_on_working_days_in_office_hours_only(
    office: Office, day: date, hour: int, sent: int
) -> None:
    office.queue("a")
    office.clock.put(moment_of(day, hour))
    assert office.sender.run() == sent


def test_what_stays_in_the_house_goes_at_any_hour_even_while_messages_are_held(office: Office) -> None:
    office.queue("a")
    office.queue("b", recipient="operator", channel="log")
    office.clock.put(moment_of(TUESDAY, 23))
    assert office.sender.run(held=True) == 1
    assert office.post.got == []


def test_held_messages_go_when_they_are_let_go(office: Office) -> None:
    office.queue("a")
    assert office.sender.run(held=True) == 0
    assert office.sender.run() == 1


def test_a_line_for_an_inbox_has_arrived_when_it_is_written(office: Office) -> None:
    office.queue("a", recipient=str(UNIT), channel="inbox")
    assert office.inbox.counts() == {"accepted": 1}
    assert [line.subject for line in office.inbox.of_units([UNIT])] == ["a"]
    assert office.inbox.of_units([UUID(int=9)]) == []


def test_a_refusal_is_final_and_shown_and_is_one_recipients(office: Office) -> None:
    office.queue("a")
    office.queue("b", recipient=YI)
    office.post.answers[JIA] = Answer("refused", "550", "no such user")
    assert office.sender.run() == 1
    assert office.inbox.counts() == {"accepted": 1, "refused": 1}
    (shown,) = office.inbox.undelivered()
    assert (shown.line.recipient, shown.state, shown.code, shown.detail) == (
        JIA,
        "refused",
        "550",
        "no such user",
    )
    office.clock.put(moment_of(TUESDAY + timedelta(days=1)))
    assert office.sender.run() == 0
    assert len(office.post.got) == 2


def test_a_receiver_that_is_not_there_is_tried_at_growing_intervals_and_then_given_up(office: Office) -> None:
    office.queue("a")
    office.post.answers[JIA] = Answer("retry", "", "ConnectionRefusedError")
    tried = []
    for minute in range(0, 60 * 24 * 10, 60):
        office.clock.put(moment_of(TUESDAY, 9) + timedelta(minutes=minute))
        before = len(office.post.got)
        office.sender.run()
        if len(office.post.got) > before:
            tried.append(minute)
    assert len(tried) == MOST_ATTEMPTS
    assert office.inbox.counts() == {"dead": 1}
    assert [row.answer for row in office.answers()] == ["retry"] * MOST_ATTEMPTS
    assert len({d.message_id for d in office.post.got}) == 1
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[0] < gaps[9]


def test_a_new_line_does_not_inherit_the_failures_of_an_old_one(office: Office) -> None:
    office.queue("old")
    office.post.answers[JIA] = Answer("retry")
    for day in range(MOST_ATTEMPTS - 1):
        office.clock.put(moment_of(date(2026, 5, 11) + timedelta(days=day), 10))
        office.sender.run()
    office.queue("new")
    for day in range(MOST_ATTEMPTS - 1, 30):
        office.clock.put(moment_of(date(2026, 5, 11) + timedelta(days=day), 10))
        office.sender.run()
        if office.inbox.counts().get("dead") == 1:
            break
    assert office.inbox.counts() == {"dead": 1, "retry": 1}


def test_an_attempt_whose_process_ended_is_unknown_and_made_again_under_the_same_id(office: Office) -> None:
    office.queue("a")

    class Killed(BaseException):
        pass

    def dies(digest: Digest) -> Answer:
        office.post.got.append(digest)
        raise Killed

    deliver, office.post.deliver = office.post.deliver, dies  # type: ignore[method-assign]
    with pytest.raises(Killed):
        office.sender.run()
    office.post.deliver = deliver  # type: ignore[method-assign]
    assert office.inbox.counts() == {"sending": 1}
    assert office.another().run() == 0  # claimed: nobody else sends it meanwhile
    office.clock.put(office.clock.now() + CLAIM)
    assert office.another().run() == 1
    assert [row.answer for row in office.answers()] == ["unknown", "accepted"]
    assert len({digest.message_id for digest in office.post.got}) == 1


def test_an_open_outcome_is_sent_again(office: Office) -> None:
    office.queue("a")
    office.post.answers[JIA] = Answer("unknown", "", "SMTPServerDisconnected")
    assert office.sender.run() == 0
    assert [shown.answer for shown in office.inbox.undelivered()] == ["unknown"]
    del office.post.answers[JIA]
    office.clock.put(office.clock.now() + timedelta(minutes=5))
    assert office.sender.run() == 1


def test_two_senders_hand_a_digest_over_once(office: Office) -> None:
    office.queue("a")
    other = office.another()
    inner = office.post.deliver

    def slow(digest: Digest) -> Answer:
        assert other.run() == 0
        return inner(digest)

    office.post.deliver = slow  # type: ignore[method-assign]
    assert office.sender.run() == 1
    assert len(office.post.got) == 1
