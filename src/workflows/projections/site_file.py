"""示范点 on a page: how each criterion stands after the last assessment, and the sites of its township.

Derived from the case and the rules in force on the day of the assessment; nothing is added up to a score.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from workflows.application.books import Books
from workflows.application.case_facts import CaseReader
from workflows.domain.act import OnBooks
from workflows.domain.case_files import book_of
from workflows.domain.site import events as ev
from workflows.domain.site.criteria import ASSESSED_AT, Standing, list_of, standings
from workflows.domain.site.decide import OF_THE_TOWNSHIP, measured
from workflows.domain.site.state import Site
from workflows.kernel.events import Event
from workflows.policies.facts import Fact
from workflows.policies.kinds import Count
from workflows.policies.rules import Rules
from workflows.projections import deadlines, grades
from workflows.projections.case_parts import of_page, of_row
from workflows.projections.naming import Naming
from workflows.projections.opening import Opened

Row = dict[str, Any]
STATES = ("met", "open", "unmet", "not_applicable")


@of_row.register
def _(file: Site, opened: Opened, on: date) -> Row:
    """Return how many criteria are met, not assessed, unmet after the last assessment."""
    return {"standing": counted(standing_of(file, opened.books))}


@of_page.register
def _(file: Site, opened: Opened, on: date) -> Row:
    """Return the criteria one by one, the measured numbers, and the sites of the township."""
    last = file.last(ev.SiteAssessed)
    stands = standing_of(file, opened.books)
    return {
        "assessed_on": last[1].on.isoformat() if last else None,
        "passed": last[0].passed if last else None,
        "satisfaction": last[0].satisfaction if last else None,
        "measured": _measured(last[0]) if last else {},
        "standing": counted(stands),
        "criteria": [_told(one, last[1].on if last else on) for one in stands],
        "township": _township(file, opened.books, opened.naming, on),
    }


def standing_of(file: Site, books: Books) -> list[Standing]:
    """Return how each criterion stands after the last assessment; [] where no list was in force."""
    last = file.last(ev.SiteAssessed)
    on = last[1].on if last else file.acts[-1].on
    rules, cut = books.rules_for(file.unit_id, on), file.at(on)
    said = measured(last[0]) if last else {}
    told = {name: Fact.of(value) for name, value in said.items() if value is not None}
    book = book_of(cut, books, on, complete=False).extended(told)
    criteria = list_of(rules, book, on, file.pack)
    found = rules.check(ASSESSED_AT, on=on, book=book) if last and criteria else ()
    return standings(criteria, last[0].criteria if last else (), found)


def counted(stands: list[Standing]) -> dict[str, int]:
    """Return how many criteria stand in each state."""
    return {state: sum(one.state == state for one in stands) for state in STATES}


def _told(one: Standing, on: date) -> Row:
    return {
        "id": one.rule.id,
        "label": one.rule.label,
        "clause": one.rule.cite(on),
        "state": one.state,
        "note": one.note or None,
        "by_numbers": one.by_numbers,
    }


def _measured(event: ev.SiteAssessed) -> Row:
    told = event.measured or ev.Measured()
    return {"area": told.area, "operators": told.operators, "tutors": told.tutors}


def _township(file: Site, books: Books, naming: Naming, on: date) -> Row | None:
    """Return the township-level sites beside this one, and the rule that says how many there are to be."""
    reader, home = CaseReader(books), file.unit_id
    township = reader.township_of(home, on) if home is not None else None
    if home is None or township is None:
        return None
    sites = [books.file_state(one).at(on) for one in reader.sites_beside(home, on)]
    return {
        "name": naming.unit(township),
        "unit_id": str(township),
        "sites": [
            {
                "file_id": str(one.id),
                "subject": one.subject,
                "unit": naming.unit(one.unit_id),
                "stage": one.stage,
            }
            for one in sites
        ],
        "rules": list(_bounds(file, books, on, len(sites))),
    }


def _bounds(file: Site, books: Books, on: date, number: int) -> Iterator[Row]:
    """Yield each bound that a rule sets on the number of sites of a township, and whether it is kept."""
    for rule in books.rules_for(file.unit_id, on).at("nominate_site"):
        value = rule.value_on(on) if isinstance(rule, Count) and rule.of == "sites" else None
        if value is not None and rule.applies_to.when.get("site_level") == OF_THE_TOWNSHIP:
            least, most = value.value.get("min"), value.value.get("max")
            kept = (least is None or number >= least) and (most is None or number <= most)
            yield {"rule": rule.id, "clause": rule.cite(on), "least": least, "most": most, "kept": kept}


# --- a line of 示范点台账 -----------------------------------------------------------------------------------


def ledger_row(file: Site, books: Books, on: date) -> Row:
    """Return what the ledger tells of a site as of a day, of a case cut at it."""
    nominated, plan = file.last(ev.SiteNominated), file.last(ev.SitePlanned)
    delisted, rules = file.last(ev.SiteDelisted), books.rules_for(file.unit_id, on)
    return {
        "level": file.level,
        "field": nominated[0].field if nominated else None,
        "nominated_on": _day_of(nominated),
        "planned_on": _day_of(plan),
        "items": list(plan[0].items) if plan else [],
        "until_year": plan[0].until_year if plan else None,
        "standing": counted(standing_of(file, books)),
        "assessments": [
            {
                "on": act.on.isoformat(),
                "year": event.year or act.on.year,
                "satisfaction": event.satisfaction,
                "passed": event.passed,
                "unmet": [one.id for one in event.criteria if one.met is False],
                "unmet_labels": [_named(one.id, rules) for one in event.criteria if one.met is False],
            }
            for event, act in file.each(ev.SiteAssessed)
        ],
        "use": grades.uses_as_rows(_use_of(file, books)),
        "named_on": _day_of(file.last(ev.SiteNamed)),
        "review_due_on": _review_due(file, books, rules, on),
        "adjusted": [
            {"on": act.on.isoformat(), "level": event.level, "reason": event.reason or None}
            for event, act in file.each(ev.SiteAdjusted)
        ],
        "delisted_on": _day_of(delisted),
        "reason": (delisted[0].reason or None) if delisted else None,
    }


def _day_of(found: tuple[Event, OnBooks] | None) -> str | None:
    return found[1].on.isoformat() if found else None


def _named(criterion: str, rules: Rules) -> str:
    """Return what a criterion is called in short, its id where no rule in force is it."""
    known = rules.rule(criterion)
    return criterion if known is None else known.label


def _review_due(file: Site, books: Books, rules: Rules, on: date) -> str | None:
    """Return until when the site is to be assessed next, None where no rule asks for it."""
    limits = deadlines.of_the_case(file, rules, books, on)
    open_ones = [one.deadline.due_on for one in limits if one.deadline.met_on is None]
    return min(open_ones).isoformat() if open_ones else None


def _use_of(file: Site, books: Books) -> list[grades.Use]:
    """Return what the rules say of the last assessment of a site that is one still."""
    last = file.last(ev.SiteAssessed)
    if last is None or last[0].passed is None or file.is_over:
        return []
    rules = books.rules_for(file.unit_id, last[1].on)
    return list(grades.uses(rules, None, last[1].on, None, last[0].passed, about=Site.kind))
