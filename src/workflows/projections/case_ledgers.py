"""整改、考评、示范点、党支部分类四本台账: rows of cases as of a day, derived from the cases alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks, step_of
from workflows.domain.campaign import events as rated
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import CaseFile, limits_of
from workflows.domain.rectification import events as corrected
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.state import Site
from workflows.domain.waivers import reliefs_of
from workflows.kernel.events import Event
from workflows.policies.relief import waiver_on
from workflows.projections import following, grades, plates, site_file
from workflows.projections.naming import Naming
from workflows.projections.waived_problems import waiver_of

Row = dict[str, Any]

CORRECTIONS, RATINGS, SITES = "整改台账", "考评台账", "示范点台账"
CLASSES = "党支部分类台账"
KEPT = "keep_rating"
LEDGERS_OF_CASES = (CORRECTIONS, RATINGS, SITES, CLASSES)


def rows(
    name: str, books: Books, naming: Naming, *, units: Sequence[UUID], on: date, year: int | None
) -> list[Row]:
    """Return the rows of one of the ledgers, of cases about the units, by unit and day.

    The branches of 党支部分类台账 stand by class; it is that of the day, whatever the year.
    """
    if name == CLASSES:
        return grades.by_class(books, naming, units, on)
    found = list(_READERS[name](books, naming, units, on, year))
    return sorted(found, key=lambda row: (row["unit"] or "", row["opened_on"], row["subject"]))


def _cases(books: Books, kind: str, units: Sequence[UUID], on: date) -> Iterator[CaseFile]:
    """Yield the cases of a kind about the units, cut at a day; none that was opened later."""
    for entry in books.files_of(kind, units):
        cut = books.file_state(entry.id).at(on)
        if cut.opened is not None:
            yield cut


def _told(file: CaseFile, naming: Naming, unit_id: UUID | None) -> Row:
    return {
        "unit": naming.unit(unit_id),
        "subject": file.subject,
        "opened_on": _iso(file.acts[0].on),
        "stage": file.stage,
    }


def _ids(file: CaseFile, unit_id: UUID | None) -> Row:
    return {
        "file_kind": type(file).kind,
        "unit_id": str(unit_id) if unit_id else None,
        "file_id": str(file.id),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day_of(found: tuple[Event, OnBooks] | None) -> str | None:
    return _iso(found[1].on) if found else None


# --- 整改台账 ---------------------------------------------------------------------------------------------


def _corrections(
    books: Books, naming: Naming, units: Sequence[UUID], on: date, year: int | None
) -> Iterator[Row]:
    for file in _cases(books, Rectification.kind, units, on):
        if isinstance(file, Rectification) and (year is None or _was_open_in(file, year)):
            yield correction(file, books, naming, on)


def _was_open_in(file: Rectification, year: int) -> bool:
    """Say whether a problem was open on some day of a year, or anything was recorded of it in it."""
    if file.acts[0].on.year > year:
        return False
    ended = file.acts[-1].on if file.is_over else None
    return ended is None or ended.year >= year


def correction(file: Rectification, books: Books, naming: Naming, on: date) -> Row:
    """Return a problem as of a day; days of acceptance and closure are those of the round that holds."""
    issue, plan, due = file.issue, file.plan, file.due
    if issue is None or file.unit_id is None:
        raise TypeError("a problem was found at a unit")
    again = file.last(corrected.IssueReopened)
    since = again[1].on if again else file.acts[0].on
    limit, waived = next(iter(limits_of(file)), None), waiver_of(file, books)
    late = ((limit.met_on or on) - limit.due_on).days if limit else 0
    return {
        **_told(file, naming, file.unit_id),
        "source": issue.source,
        "rule": issue.rule,
        **_of_the_rule(issue.rule, file, books, on),
        "period": issue.period,
        "text": issue.text,
        "severity": issue.severity,
        "measure": plan.measure if plan else None,
        "owner": naming.who(plan.owner) if plan else None,
        "leader": naming.who((plan.leader if plan else None) or issue.leader),
        "due_on": _iso(due[0]) if due else None,
        "first_due_on": _iso(limit.first_due_on) if limit else None,
        "submitted_on": _day_since(file, corrected.CorrectionSubmitted, since),
        "accepted_on": _day_since(file, corrected.CorrectionAccepted, since),
        "closed_out_on": _day_since(file, corrected.IssueClosedOut, since),
        "closed_waiver": waived.as_json() if waived is not None else None,
        "closures": [_iso(one.closed_on) for one in file.closures],
        "reopened": sum(1 for _ in file.each(corrected.IssueReopened)),
        "overdue_days": max(late, 0),
        "put_off_late": file.put_off_late,
        "escalated_to": naming.unit(file.level),
        "recurs": [books.file_state(one).subject for one in issue.recurs],
        **_followed(file, books, on),
        **_ids(file, file.unit_id),
    }


def _followed(file: Rectification, books: Books, on: date) -> Row:
    """Return until when a closed problem is followed up, what came back of it, and as what this one did."""
    told = following.told(file, books, on)
    until, back = told["follow_up"], [one["subject"] for one in told["relapses"]]
    return {
        "follow_up_until": until["until"] if until else None,
        "relapse_of": told["relapse_of"],
        "relapses": back,
    }


def _day_since(file: CaseFile, kind: type[Event], since: date) -> str | None:
    """Return the day of the last event of a kind in the round that holds; of a part accepted none."""
    found = file.last(kind)
    if found is None or found[1].on < since or getattr(found[0], "result", "pass") == "part":
        return None
    return _iso(found[1].on)


def _of_the_rule(rule: str | None, file: CaseFile, books: Books, on: date) -> Row:
    """Return what the rule is called, where it stands, and by whom it is waived on the day."""
    told: Row = {"label": None, "clause": None, "waived_until": None, "authority": None}
    named = books.rules_for(file.unit_id, on).rule(rule) if rule else None
    if named is None or file.unit_id is None:
        return told
    unit = books.unit_state(file.unit_id).at(on)
    waiver = waiver_on((*reliefs_of(unit.rare), *reliefs_of(file.acts)), named.id, named.aliases, on)
    if waiver is not None:
        told |= {"waived_until": _iso(waiver.until), "authority": waiver.authority}
    return {**told, "label": named.label, "clause": named.cite(on)}


# --- 考评台账 ---------------------------------------------------------------------------------------------


def _ratings(
    books: Books, naming: Naming, units: Sequence[UUID], on: date, year: int | None
) -> Iterator[Row]:
    """Yield what campaigns held anywhere say of the units; what is told in numbers alone names none."""
    here, words = frozenset(units), grades.words_of(books, on)
    histories: dict[UUID, list[grades.Grade]] = {}
    for file in _cases(books, Campaign.kind, books.below(None), on):
        start = file.start if isinstance(file, Campaign) else None
        if not isinstance(file, Campaign) or start is None:
            continue
        if year is None or year == (start.year or start.opened_on.year):
            for unit in (unit for unit in units_of(file) if unit in here):
                if unit not in histories:
                    histories[unit] = grades.history(books, unit, on, words)
                rules = books.rules_for(file.unit_id, on)
                title = next((pack.title for pack in rules.packs if pack.id == start.scheme), None)
                yield {**rating(file, start, unit, histories[unit], naming), "scheme_title": title}


def units_of(file: Campaign) -> list[UUID]:
    """Return the units that a campaign speaks of by name, in the order in which it does."""
    found: dict[UUID, None] = {}
    for act in file.acts:
        event = act.event
        about = getattr(event, "about", None)
        named = [getattr(event, name, None) for name in ("declared", "passing", "sampled", "wrong")]
        found |= dict.fromkeys([about] if isinstance(about, UUID) else [])
        found |= dict.fromkeys(unit for one in named if isinstance(one, rated.Named) for unit in one.units)
    return list(found)


def rating(
    file: Campaign,
    start: rated.CampaignOpened,
    unit_id: UUID,
    history: Sequence[grades.Grade],
    naming: Naming,
) -> Row:
    """Return what a campaign says of a unit: every score it was given, what was decided, the plate.

    ``history``: every word about the grades of the unit, of other campaigns too.
    """
    decided = file.ratings().get(unit_id, [])
    surveys = [event for event, _ in file.each(rated.MassesSurveyed) if event.about == unit_id]
    last = decided[-1] if decided else None
    grade = next(
        (act.event for act in reversed(decided) if isinstance(act.event, rated.RatingConfirmed)), None
    )
    revoked = last.event if last is not None and isinstance(last.event, rated.RatingRevoked) else None
    pending = file.is_pending(unit_id)
    words = [one for one in history if one.file_id == file.id and one.step != KEPT]
    word = words[-1] if words else None
    satisfaction = grade.satisfaction if grade is not None else None
    if satisfaction is None and surveys:
        satisfaction = surveys[-1].satisfaction
    return {
        **_told(file, naming, unit_id),
        "holder": naming.unit(file.unit_id),
        "year": start.year,
        "scheme": start.scheme,
        "declared_on": _declared_on(file, unit_id),
        "scores": list(_scores(file, unit_id)),
        "satisfaction": satisfaction,
        "score": grade.score if grade is not None else None,
        "grade": grade.grade if grade is not None and not pending else None,
        "pending": grade.grade or "" if grade is not None and pending else None,
        "class": word.unit_class if word is not None else None,
        "use": grades.uses_as_rows(word.use if word is not None else ()),
        "rated_on": _iso(grade.confirmed_on) if grade is not None else None,
        "revoked_on": _iso(revoked.revoked_on) if revoked else None,
        "reason": revoked.reason if revoked else None,
        **_plate(words, history, naming),
        **_ids(file, unit_id),
    }


def _plate(words: Sequence[grades.Grade], history: Sequence[grades.Grade], naming: Naming) -> Row:
    """Return the last plate of a campaign at a unit; where the plan has one and none hangs yet, that."""
    last = next((one for one in reversed(words) if one.plate is not None), None)
    told = plates.as_row(last.plate, last.now, naming.unit(last.holder)) if last is not None else None
    is_due = any(grades.wants_plate(one, history) for one in words)
    return {
        "plate": "due" if is_due else told["standing"] if told else None,
        "plate_hung_on": told["on"] if told else None,
        "plate_awarded_by": told["awarded_by"] if told else None,
        "plate_document": told["document"] if told else None,
        "plate_taken_down_on": told["taken_down_on"] if told else None,
    }


def _declared_on(file: Campaign, unit_id: UUID) -> str | None:
    days = (act.on for event, act in file.each(rated.UnitDeclared) if unit_id in event.declared.units)
    return _iso(next(days, None))


def _scores(file: Campaign, unit_id: UUID) -> Iterator[Row]:
    """Yield every score a unit was given, its own too, with the reason; ``void``: its round was voided."""
    void = file.void_acts
    for act in file.acts:
        event = act.event
        if not isinstance(event, rated.SelfAssessed | rated.Reviewed) or not _speaks_of(event, unit_id):
            continue
        review = event if isinstance(event, rated.Reviewed) else None
        passed = None if review is None else review.passed if review.passing is None else True
        yield {
            "step": step_of(event),
            "on": act.on.isoformat(),
            "score": event.score,
            "passed": passed,
            "reason": (review.reason or None) if review is not None else None,
            "void": review is not None and act.source.event_id in void,
            "criteria": [
                {"id": one.criterion, "points": one.points, "evidence": one.evidence or None}
                for one in event.scores
            ],
            "event_id": str(act.source.event_id),
        }


def _speaks_of(event: rated.SelfAssessed | rated.Reviewed, unit_id: UUID) -> bool:
    if isinstance(event, rated.Reviewed) and event.passing is not None and unit_id in event.passing.units:
        return True
    return event.about == unit_id


# --- 示范点台账 -------------------------------------------------------------------------------------------


def _sites(books: Books, naming: Naming, units: Sequence[UUID], on: date, year: int | None) -> Iterator[Row]:
    for file in _cases(books, Site.kind, units, on):
        if isinstance(file, Site) and (year is None or any(act.on.year == year for act in file.acts)):
            yield {
                **_told(file, naming, file.unit_id),
                **site_file.ledger_row(file, books, on),
                **_ids(file, file.unit_id),
            }


Reader = Callable[[Books, Naming, Sequence[UUID], date, int | None], Iterator[Row]]
_READERS: Mapping[str, Reader] = {CORRECTIONS: _corrections, RATINGS: _ratings, SITES: _sites}
