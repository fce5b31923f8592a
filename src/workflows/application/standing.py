"""更正、撤回抹不掉问题: what is broken stays told, and a waiver stays the one that was judged."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.application.case_facts import CaseReader
from workflows.domain.campaign.events import (
    RatingConfirmed,
    RatingKept,
    RatingRevoked,
    Rechecked,
    Reviewed,
    SampleDrawn,
)
from workflows.domain.campaign.state import Campaign
from workflows.domain.facts import Broken
from workflows.domain.rectification.events import IssueOpened
from workflows.domain.rectification.state import Rectification
from workflows.domain.waivers import RuleWaived
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Recorded

OF_A_WAIVER = frozenset({"rule", "until", "authority", "waived_on", "on"})
"""What a waiver was judged by when it was recorded."""

OF_A_GRADE = frozenset({"score", "grade", "satisfaction"})
"""What a grade was judged by when it was confirmed."""

OF_A_ROUND = (Reviewed, SampleDrawn, Rechecked, RatingConfirmed)
"""What counts for nothing once its round is voided."""

GRADING = (RatingConfirmed, RatingKept, RatingRevoked)
"""What is decided about the grade of one unit."""


class Standing(msgspec.Struct, frozen=True):
    """What was on the books of a stream before an amendment of ``target``, to be compared with what is after.

    ``day``: by which the problem is judged, the day on which the amendment is told to have been made or a
    later one: what is broken today is broken however early somebody says it was withdrawn.
    """

    target: Recorded
    field: str | None
    day: date
    case: object

    def check(self, books: Books) -> None:
        """Refuse what an amendment just recorded came to.

        Raises:
            WrongUsage: ``issue-still-broken``: an open problem is gone, is closed, or is about other facts,
                while its rule is broken and no other problem is about it; ``correct-decision``: a grade, a
                review or a sample has come into another round, or another decision holds.
        """
        if isinstance(self.case, Rectification):
            self._of_a_problem(self.case.at(self.day), books)
        if isinstance(self.case, Campaign):
            after = books.state(self.target.stream_id)
            if isinstance(after, Campaign) and _is_moved(self.case, after):
                raise WrongUsage("correct-decision", field=self.field, position=self.target.position)

    def _of_a_problem(self, before: Rectification, books: Books) -> None:
        file_id = self.target.stream_id
        issue, after = before.last(IssueOpened), books.file_state(file_id).at(self.day)
        if issue is None or before.is_over:
            return
        now = after.last(IssueOpened)
        if now is not None and not after.is_over and _asked_of(now[0]) == _asked_of(issue[0]):
            return
        found = still_broken(books, file_id, issue[0], self.day)
        if found is not None:
            what = list(found.what)
            raise WrongUsage("issue-still-broken", subject=before.subject, label=found.label, broken=what)


def check(target: Recorded, field: str | None, value: object = None) -> None:
    """Refuse to correct what was judged when it was recorded; ``value``: what the correction puts in.

    Raises:
        WrongUsage: ``correct-waiver``, ``correct-rating``, ``correct-decision``: a waiver is not made another
            one, nor a grade what the reviews do not come to, nor a decision that of another unit.
    """
    event, position = target.event, target.position
    if isinstance(event, RuleWaived) and field in OF_A_WAIVER and not _ends_it(field, value, target):
        raise WrongUsage("correct-waiver", field=field, position=position)
    if isinstance(event, RatingConfirmed) and field in OF_A_GRADE:
        raise WrongUsage("correct-rating", field=field, position=position)
    if isinstance(event, GRADING) and field == "about":
        raise WrongUsage("correct-decision", field=field, position=position)


def _ends_it(field: str, value: object, target: Recorded) -> bool:
    """Say whether a correction only ends a waiver sooner than was recorded: that hides nothing."""
    event = target.event
    if field != "until" or not isinstance(event, RuleWaived):
        return False
    try:
        told = date.fromisoformat(str(value))
    except ValueError:
        return True  # no day at all: refused as such where values are read
    return event.until is None or told < event.until


def before(books: Books, target: Recorded, field: str | None, day: date) -> Standing:
    """Return what an amendment judged on ``day`` is compared with once it is recorded."""
    return Standing(target, field, max(day, target.effective_on), books.state(target.stream_id))


def _asked_of(issue: IssueOpened) -> tuple[object, ...]:
    """Return what says of a problem which facts are to be clean before it is closed."""
    return issue.rule, issue.period, issue.of_unit, issue.opened_on


def _is_moved(before: Campaign, after: Campaign) -> bool:
    """Say whether acts that are on the books before and after stand in other rounds, or decide otherwise.

    An act that came or went as a whole does that openly.
    """
    ids = [{act.source.event_id for act in file.acts} for file in (before, after)]
    return ids[0] == ids[1] and _rounds(before) != _rounds(after)


def _rounds(file: Campaign) -> tuple[dict[UUID, UUID | None], dict[UUID, UUID]]:
    """Return what voided each act of a round, and the last decision about the grade of each unit."""
    acts = [(act, file.voiding(act)) for act in file.acts if isinstance(act.event, OF_A_ROUND)]
    voided = {act.source.event_id: void.source.event_id if void else None for act, void in acts}
    return voided, {unit: acts[-1].source.event_id for unit, acts in file.ratings().items()}


def still_broken(books: Books, file_id: UUID, issue: IssueOpened, day: date) -> Broken | None:
    """Return how the rule of a problem is broken; None where it is not, or another problem follows."""
    if issue.rule is None:
        return None
    reader, unit = CaseReader(books), issue.of_unit
    found = reader.broken(issue.rule, unit, day, since=issue.opened_on, period=issue.period)
    others = (one for one in reader.issues(unit, issue.rule, day) if one.file_id != file_id)
    if found is None or not found.what or any(one.closed_on is None for one in others):
        return None
    return found
