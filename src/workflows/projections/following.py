"""跟踪、反弹: what was closed out, or taken off the list, is watched for a time; what came back in it.

The end of the time is computed, nobody types it; a problem about the same matter found at the same unit
within it has come back (反弹), and the two are named beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.case_files import CaseFile
from workflows.domain.listing import events as listed
from workflows.domain.listing.state import Listing
from workflows.domain.rectification.events import IssueClosedOut
from workflows.domain.rectification.state import Rectification
from workflows.policies.deadlines import Deadline
from workflows.policies.follow_up import FOLLOW_UP, FollowUp, follow_up
from workflows.policies.matters import about_the_same
from workflows.policies.rules import Rules

REMIND_DAYS = 30
"""How long before the end of a follow-up that somebody must end one is reminded (ours, no regulation's)."""


def begun(file: CaseFile) -> OnBooks | None:
    """Return the act by which a case came to be followed up, None while it is not (or not any more).

    What ended because its unit is no more is not followed up.
    """
    if isinstance(file, Rectification) and file.stage == "closed":
        closed = file.last(IssueClosedOut)
        return closed[1] if closed and not closed[0].unit_gone else None
    if isinstance(file, Listing) and file.stage in ("delisted", "over"):
        delisted = file.since_listed(listed.UnitDelisted)
        return delisted[1] if delisted and not delisted[0].unit_gone else None
    return None


def period(file: CaseFile, rules: Rules) -> FollowUp | None:
    """Return until when a case is followed up, by the rules of the day on which that began."""
    start = begun(file)
    return None if start is None else follow_up(rules, type(file).kind, start.on)


def limit_of(file: CaseFile, rules: Rules) -> Deadline | None:
    """Return the follow-up of a case as a limit.

    That of a problem ends by itself on its last day; that of a unit taken off the list is ended by somebody.
    """
    start, told = begun(file), period(file, rules)
    if start is None or told is None:
        return None
    ended = file.last(listed.FollowUpEnded) if isinstance(file, Listing) and file.stage == "over" else None
    by_itself = isinstance(file, Rectification)
    return Deadline(
        rule=FOLLOW_UP,
        subject=file.subject,
        opens_on=start.on,
        due_on=told.until,
        label=told.rule.label if told.rule else "",
        kind=FOLLOW_UP,
        severity="record" if by_itself else "warn",
        met_on=told.until + timedelta(days=1) if by_itself else ended[1].on if ended else None,
        met_by=ended[1].source if ended else None,
        clause=told.clause,
        pack=told.rule.pack_id if told.rule else "",
        version=told.value.start if told.value else None,
        confidence=told.confidence,
        because=(start.source,),
        remind_days=None if by_itself else REMIND_DAYS,
        awaited=by_itself,
    )


# --- what came back ---------------------------------------------------------------------------------------


def relapses(file: CaseFile, books: Books, on: date) -> list[Rectification]:
    """Return the problems about the same matter found at the unit while a closed one is followed up."""
    start = begun(file)
    if not isinstance(file, Rectification) or file.rule is None or start is None or file.unit_id is None:
        return []
    rules = books.rules_for(file.unit_id, on)
    told = follow_up(rules, file.kind, start.on)
    later = (one for one in _others(file, books, on, rules) if start.on < one.acts[0].on <= told.until)
    return sorted(later, key=lambda one: one.acts[0].on)


def relapse_of(file: CaseFile, books: Books) -> Rectification | None:
    """Return the closed problem that came back as this one: still followed up when this one was found."""
    if not isinstance(file, Rectification) or file.rule is None or file.unit_id is None or not file.acts:
        return None
    found_on = file.acts[0].on
    rules = books.rules_for(file.unit_id, found_on)
    for one in _others(file, books, found_on, rules):
        start = begun(one)
        if start is not None and start.on < found_on <= follow_up(rules, file.kind, start.on).until:
            return one
    return None


def _others(file: Rectification, books: Books, on: date, rules: Rules) -> Iterator[Rectification]:
    """Yield the other problems of the unit about the same matter, as of a day."""
    units: list[UUID] = [file.unit_id] if file.unit_id is not None else []
    for entry in books.files_of(Rectification.kind, units):
        cut = books.file_state(entry.id).at(on)
        if entry.id == file.id or not isinstance(cut, Rectification) or not cut.acts:
            continue
        if about_the_same(rules, cut.rule, file.rule):
            yield cut


def told(file: CaseFile, books: Books, on: date) -> dict[str, Any]:
    """Return what a case tells of its follow-up: until when, how surely, what came back of what."""
    if not isinstance(file, Rectification | Listing):
        return {}
    until = period(file, books.rules_for(file.unit_id, on))
    found: dict[str, Any] = {"follow_up": None}
    if until is not None:
        found["follow_up"] = {
            "until": until.until.isoformat(),
            "clause": until.clause or None,
            "confidence": until.confidence,
        }
    if isinstance(file, Rectification):
        before = relapse_of(file, books)
        found["relapse_of"] = before.subject if before is not None else None
        found["relapses"] = [
            {"subject": one.subject, "on": one.acts[0].on.isoformat(), "file_id": str(one.id)}
            for one in relapses(file, books, on)
        ]
    return found
