"""更正、撤回抹不掉问题: what is broken stays told, and a waiver stays the one that was judged."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.application.case_facts import CaseReader
from workflows.domain.campaign.events import RatingConfirmed
from workflows.domain.facts import Broken
from workflows.domain.rectification.events import IssueOpened
from workflows.domain.waivers import RuleWaived
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Recorded

OF_A_WAIVER = frozenset({"rule", "until", "authority", "waived_on", "on"})
"""What a waiver was judged by when it was recorded."""

OF_A_GRADE = frozenset({"score", "grade", "satisfaction"})
"""What a grade was judged by when it was confirmed."""

OF_A_PROBLEM = frozenset({"rule", "period", "of_unit", "opened_on", "on"})
"""What says of a problem which facts are to be clean before it is closed."""


def check(books: Books, target: Recorded, field: str | None, day: date, value: object = None) -> None:
    """Refuse an amendment by which something broken would no longer be told; ``value``: what it puts in.

    Raises:
        WrongUsage: ``correct-waiver``, ``correct-rating``: a waiver is not made another one, nor a grade what
            the reviews do not come to; ``issue-still-broken``: the rule of
            a problem is broken, and no other problem is about it.
    """
    if isinstance(target.event, RuleWaived) and field in OF_A_WAIVER and not _ends_it(field, value, target):
        raise WrongUsage("correct-waiver", field=field, position=target.position)
    if isinstance(target.event, RatingConfirmed) and field in OF_A_GRADE:
        raise WrongUsage("correct-rating", field=field, position=target.position)
    if isinstance(target.event, IssueOpened) and (field is None or field in OF_A_PROBLEM):
        must_not_be_broken(books, target.stream_id, day)


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


def must_not_be_broken(books: Books, file_id: UUID, day: date) -> None:
    """Refuse what takes an open problem off the books while its rule is broken and nothing else follows it.

    Raises:
        WrongUsage: ``issue-still-broken``.
    """
    file = books.file_state(file_id).at(day)
    issue = file.last(IssueOpened)
    found = None if issue is None or file.is_over else still_broken(books, file_id, issue[0], day)
    if found is not None:
        what = list(found.what)
        raise WrongUsage("issue-still-broken", subject=file.subject, label=found.label, broken=what)


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
