"""建议: what speaks for looking at a decision again; a person decides, nothing here does.

Computed from the books as of a day, so the same books propose the same thing however often one looks, and a
cause that is taken back or put right takes its proposal along. A proposal stands among the limits from the
first day on which there is a cause; nothing is ever overdue by it, for no rule says by when it is decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.campaign import events as ev
from workflows.domain.rectification.events import IssueClosedOut, IssueOpened
from workflows.domain.rectification.state import Rectification
from workflows.domain.site import events as shown
from workflows.domain.site.state import Site
from workflows.policies.deadlines import Deadline
from workflows.policies.findings import Source
from workflows.projections import causes, following, grades, withdrawn
from workflows.projections.causes import Cause
from workflows.projections.deadlines import PROPOSAL, Limit, is_shown, status_on
from workflows.projections.grades import Grade, Words

REVIEW, CORRECT, RELAPSE, ADJUST = "rating-review", "rating-correct", "follow-up-relapse", "site-adjust"
"""What is proposed: to look at a grade again, to put right what failed or came back, to adjust a site."""

LEAST = "backward"
"""The class below which there is none: a grade that stands for it has nothing to lose."""

OF_A_RATING = "rating"
"""The source of a problem that a rating led to."""

ByUnit = Mapping[UUID, Sequence[Limit]]
Offer = dict[str, object]
"""A command by which one may decide, with what is filled in beforehand."""


def of_units(books: Books, units: Iterable[UUID], limits: Iterable[Limit], on: date) -> Iterator[Limit]:
    """Yield what is proposed for units on a day; ``limits``: theirs and their people's on that day."""
    wanted = list(units)
    told = grades.words_of(books, on)
    broken = _overdue(limits, on)
    for unit_id in wanted:
        if any(unit_id in one.decided or unit_id in one.failed for one in told):
            yield from _of_grades(unit_id, told, books, broken, on)
    for entry in books.files_of(None, wanted):
        if entry.kind == Rectification.kind:
            yield from _of_a_problem(books.file_state(entry.id).at(on), books, broken, on)
        elif entry.kind == Site.kind:
            yield from _of_a_site(books.file_state(entry.id).at(on), books)


def concerned(books: Books, units: Iterable[UUID], on: date) -> list[UUID]:
    """Return those of the units about which anything may be proposed: graded, or with a problem or a site."""
    told = grades.words_of(books, on)
    about = {unit_id for one in told for unit_id in (*one.decided, *one.failed)}
    wanted = list(units)
    cases = {e.unit_id for e in books.files_of(None, wanted) if e.kind in (Rectification.kind, Site.kind)}
    return [unit_id for unit_id in wanted if unit_id in about or unit_id in cases]


def _overdue(limits: Iterable[Limit], on: date) -> ByUnit:
    found: defaultdict[UUID, list[Limit]] = defaultdict(list)
    for limit in limits:
        told = limit.deadline
        if limit.unit_id is None or limit.person_id is not None or told.awaited:
            continue
        if is_shown(told, on) and status_on(told, on) == "overdue":
            found[limit.unit_id].append(limit)
    return found


# --- 等次 -------------------------------------------------------------------------------------------------


def _of_grades(
    unit_id: UUID, told: Sequence[Words], books: Books, broken: ByUnit, on: date
) -> Iterator[Limit]:
    history = grades.history(books, unit_id, on, told)
    files = {one.file.id: one for one in told}
    for grade in history:
        if grade.pending:
            yield _decide_anew(unit_id, grade, files[grade.file_id])
        elif grade.holds and grade.unit_class != LEAST:
            yield from _reviews(unit_id, grade, files[grade.file_id], books, broken, on)
        elif grade.passed is False and _is_to_correct(grade) and not _is_made_good(grade, history):
            yield _correction(unit_id, grade, books, on)


def _is_to_correct(grade: Grade) -> bool:
    return any(use.meant.next == "correct" for use in grade.use)


def _is_made_good(grade: Grade, history: Sequence[Grade]) -> bool:
    """Say whether the same plan gave a grade later to who did not pass."""
    return any(later.plan == grade.plan and later.on > grade.on and later.grade for later in history)


def _reviews(
    unit_id: UUID, grade: Grade, words: Words, books: Books, broken: ByUnit, on: date
) -> Iterator[Limit]:
    """Yield what speaks against a grade since it was decided: what each decision settled, and the rest."""
    decided = next(act for act in words.decided[unit_id] if act.source == grade.source)
    found = causes.against(unit_id, decided, words, books, broken.get(unit_id, ()), on)
    found += withdrawn.of_scores(unit_id, words, decided, books)
    kept = [
        act for act in words.decided[unit_id] if isinstance(act.event, ev.RatingKept) and act.on >= grade.on
    ]
    parts: defaultdict[int, list[Cause]] = defaultdict(list)
    for cause in found:
        settled = (place for place, act in enumerate(kept) if _settles(act, cause))
        parts[next(settled, len(kept))].append(cause)
    for place, part in sorted(parts.items()):
        done = kept[place] if place < len(kept) else None
        offers = _offers(words.file.subject, "revoke_rating", "keep_rating")
        yield _proposed(
            REVIEW,
            unit_id,
            words.file.id,
            words.file.subject,
            part,
            offers,
            done,
            place,
            [grade.source],
            grade=grade.grade,
        )


def _decide_anew(unit_id: UUID, grade: Grade, words: Words) -> Limit:
    """Return that a grade of a voided round is to be decided anew, until somebody does or revokes it."""
    again = "review" if words.file.stage == "void" else "confirm_rating"
    offers = _offers(words.file.subject, again, "revoke_rating")
    found = [causes.of_the_voiding(grade.void, words.file)] if grade.void is not None else []
    about, subject = [grade.source], words.file.subject
    return _proposed(
        REVIEW,
        unit_id,
        words.file.id,
        subject,
        found,
        offers,
        None,
        0,
        about,
        grade=grade.grade,
        pending=True,
    )


def _settles(act: OnBooks, cause: Cause) -> bool:
    """Say whether a cause was there, and known, when somebody decided that a grade stays."""
    known = all(source.position < act.source.position for source in cause.sources)
    return cause.since <= act.on and known


def _correction(unit_id: UUID, grade: Grade, books: Books, on: date) -> Limit:
    """Return that a unit which did not pass has to put it right, until a problem of the rating is found."""
    use = next(use for use in grade.use if use.meant.next == "correct")
    cause = Cause(use.rule, use.label, use.clause, grade.on, "review", (grade.source,), use.confidence)
    done = None
    for entry in books.files_of(Rectification.kind, [unit_id]):
        first = books.file_state(entry.id).at(on).last(IssueOpened)
        if first is not None and first[0].source == OF_A_RATING and first[1].on >= grade.on:
            done = done or first[1]
    offer: Offer = {
        "command": "open_issue",
        "subject": "",
        "with": {"source": OF_A_RATING, "text": grade.subject},
    }
    return _proposed(CORRECT, unit_id, grade.file_id, grade.subject, [cause], [offer], done)


# --- 反弹 -------------------------------------------------------------------------------------------------


def _of_a_problem(file: object, books: Books, broken: ByUnit, on: date) -> Iterator[Limit]:
    """Yield that what a closed problem was about is broken again while it is followed up."""
    start = following.begun(file) if isinstance(file, Rectification) else None
    if not isinstance(file, Rectification) or start is None or file.unit_id is None or file.rule is None:
        return
    told = following.period(file, books.rules_for(file.unit_id, on))
    found = [
        cause
        for cause in causes.of_rules(
            [file.rule],
            file.unit_id,
            start,
            books,
            broken.get(file.unit_id, ()),
            on,
            period=_in_order_then(file),
        )
        if told is not None and cause.since <= told.until
    ]
    if found:
        first = min(cause.since for cause in found)
        again = [one for one in following.relapses(file, books, on) if one.acts[0].on >= first]
        offers = _offers(file.subject, "reopen_issue")
        given = {"source": "compliance", "rule": found[0].rule}
        offers.append({"command": "open_issue", "subject": "", "with": given})
        done = again[0].acts[0] if again else None
        yield _proposed(RELAPSE, file.unit_id, file.id, file.subject, found, offers, done)


def _in_order_then(file: Rectification) -> str | None:
    """Return the period a problem was about, None where it was closed on a waiver or with its unit."""
    closed, issue = file.last(IssueClosedOut), file.issue
    if closed is None or issue is None or closed[0].unit_gone:
        return None
    return None if any(one.rule == "close-waived" for one in closed[0].findings) else issue.period


# --- 示范点 -----------------------------------------------------------------------------------------------


def _of_a_site(file: object, books: Books) -> Iterator[Limit]:
    """Yield that a named site that did not pass its last assessment is to be adjusted, by the rules."""
    if not isinstance(file, Site) or file.stage != "named" or file.unit_id is None:
        return
    last = file.last(shown.SiteAssessed)
    if last is None or last[0].passed is not False:
        return
    event, act = last
    rules = books.rules_for(file.unit_id, act.on)
    used = grades.uses(rules, None, act.on, None, event.passed, about=Site.kind)
    use = next((one for one in used if one.meant.next == "adjust"), None)
    if use is None:
        return
    adjusted = file.last(shown.SiteAdjusted)
    done = adjusted[1] if adjusted is not None and adjusted[1].on >= act.on else None
    cause = Cause(use.rule, use.label, use.clause, act.on, "assess_site", (act.source,), use.confidence)
    offers = _offers(file.subject, "adjust_site", "delist_site")
    yield _proposed(ADJUST, file.unit_id, file.id, file.subject, [cause], offers, done)


def _offers(subject: str, *commands: str) -> list[Offer]:
    """Return commands at a case of that name, with nothing filled in."""
    return [{"command": name, "subject": subject, "with": {}} for name in commands]


def _proposed(
    rule: str,
    unit_id: UUID,
    file_id: UUID,
    subject: str,
    found: Sequence[Cause],
    offers: Sequence[Offer],
    done: OnBooks | None,
    number: int = 0,
    about: Sequence[Source] = (),
    **more: object,
) -> Limit:
    """Return a proposal as a limit; ``about``: what was decided before, told with the causes."""
    ordered = sorted(found, key=lambda cause: (cause.since, cause.rule, cause.what))
    first = ordered[0]
    deadline = Deadline(
        rule=rule,
        subject=subject,
        number=number,
        opens_on=first.since,
        due_on=first.since,
        label=first.label,
        kind=PROPOSAL,
        severity="warn",
        met_on=done.on if done is not None else None,
        met_by=done.source if done is not None else None,
        clause=first.clause,
        confidence=first.confidence,
        facts={
            "file_id": str(file_id),
            "causes": [cause.as_json() for cause in ordered],
            "offers": [{**offer, "unit_id": str(unit_id)} for offer in offers],
            **more,
        },
        because=tuple(dict.fromkeys([*about, *(source for cause in ordered for source in cause.sources)])),
        awaited=True,
    )
    return Limit(unit_id, None, deadline, file_id)
