"""What a county knows of its weak branches: duties not done, who is listed, who is below the standard."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.campaign.events import MassesSurveyed, Reviewed
from workflows.domain.campaign.state import Campaign
from workflows.domain.facts import Below, Undone
from workflows.domain.listing.state import Listing
from workflows.domain.unit import book as unit_book
from workflows.kernel.calendar import add_months
from workflows.policies.deadlines import Duty
from workflows.policies.facts import FactBook
from workflows.policies.matters import duties_about


def county_of(books: Books, unit_id: UUID, on: date) -> UUID:
    """Return the county a unit stands under (itself where it is one), else the highest unit above it."""
    line = books.line_of(unit_id, on)
    return next((one for one in line if books.is_county(one, on)), line[-1])


def unit_facts(books: Books, unit_id: UUID, on: date) -> FactBook:
    """Return the book of facts on a unit as of a day, as rules about units are asked with it."""
    rules = books.rules_for(unit_id, on)
    return unit_book.book_of(books.unit_state(unit_id).at(on), rules, books, on, complete=False)


def undone(books: Books, unit_id: UUID, rules: Iterable[str], on: date, months: int) -> dict[str, Undone]:
    """Return by rule how many periods that ended in the last months were not done."""
    wanted = list(dict.fromkeys(rules))
    unit = books.unit_state(unit_id).at(on)
    if not wanted or unit.established is None:
        return dict.fromkeys(wanted, Undone(0, all_known=False))
    held = books.rules_for(unit_id, on)
    book, days = unit_book.whole_book(unit, held, books, on), unit_book.Daybook(unit, held, books)
    first = add_months(on, -months)
    found = {}
    for rule in wanted:
        if held.rule(rule) is not None:
            duties = duties_about(held, rule, book, days.on, until=on, first=first)
            found[rule] = _not_done([one for one in duties if first < one.last < on])
    return found


def _not_done(duties: list[Duty]) -> Undone:
    owed = [one for one in duties if not one.exempt and one.applies is not False]
    sure = [one for one in owed if one.applies is not None and not one.unsure]
    number = sum(one.done_by() is None for one in sure)
    return Undone(number, all_known=len(sure) == len(owed))


def satisfaction(books: Books, unit_id: UUID, on: date) -> float | None:
    """Return how many per cent were satisfied with a unit in the last survey of any campaign by a day."""
    found: list[tuple[date, int, float]] = []
    for entry in books.files_of(Campaign.kind, books.line_of(unit_id, on)):
        for event, act in books.file_state(entry.id).at(on).each(MassesSurveyed):
            rate = event.satisfaction
            if event.asked and event.satisfied is not None:
                rate = 100 * event.satisfied / event.asked
            if event.about == unit_id and rate is not None:
                found.append((act.on, act.source.position, rate))
    return max(found)[2] if found else None


def listed_with(books: Books, unit_id: UUID, on: date) -> frozenset[UUID]:
    """Return the units of the county that were put on a list, or again, in the year by a day; each once."""
    units = books.below(county_of(books, unit_id, on), on)
    found = set()
    for entry in books.files_of(Listing.kind, units):
        cut = books.file_state(entry.id).at(on)
        days = [act.on for act in cut.acts if act.event.topic() in LISTED]
        if cut.unit_id is not None and days and days[-1].year == on.year:
            found.add(cut.unit_id)
    return frozenset(found)


def open_listings(books: Books, unit_id: UUID, on: date) -> Iterator[Listing]:
    """Yield the cases by which a unit is on a list on a day, as of that day."""
    for entry in books.files_of(Listing.kind, [unit_id]):
        cut = books.file_state(entry.id).at(on)
        if isinstance(cut, Listing) and cut.opened is not None and cut.stage not in OFF_THE_LIST:
            yield cut


OFF_THE_LIST = frozenset({"delisted", "over"})
LISTED = frozenset({"listing.unit-listed", "listing.unit-relisted"})


def below_standard(books: Books, unit_id: UUID, on: date, plans: Collection[str] = ()) -> Below | None:
    """Return who did not pass in the last campaign of the county reviewed by a day; None without one.

    A voided round tells of nobody. Of those that the county itself holds; ``plans``: by one of these (id or
    title), or by none that is named.
    """
    found: tuple[date, Campaign] | None = None
    for entry in books.files_of(Campaign.kind, [county_of(books, unit_id, on)]):
        cut = books.file_state(entry.id).at(on)
        if not isinstance(cut, Campaign) or not _is_by(cut, plans):
            continue
        for act in cut.acts_of_round:
            if isinstance(act.event, Reviewed) and (found is None or act.on >= found[0]):
                found = act.on, cut
    return None if found is None else _below(found[1], found[0])


def _is_by(file: Campaign, plans: Collection[str]) -> bool:
    scheme = file.start.scheme if file.start is not None else None
    return not plans or scheme is None or scheme in plans


def _below(file: Campaign, on: date) -> Below | None:
    """Return who did not pass: those reviewed one by one, or all that take part but those passed."""
    last = {event.about: event for event, _ in file.each(Reviewed) if event.about is not None}
    if last:
        scores = {unit: file.reviews_of(unit)[-1] for unit in last if file.reviews_of(unit)}
        failed = {unit: one.score for unit, one in scores.items() if one.passed is False}
        return Below(len(failed), failed, file.subject, on)
    start = file.start
    if start is None or start.units is None:
        return None
    passed = file.passed
    if start.units.units and passed.number is None:
        rest = {unit: None for unit in start.units.units if unit not in passed.units}
        return Below(len(rest), dict(rest), file.subject, on)
    return Below(max(start.units.count - passed.count, 0), {}, file.subject, on)
