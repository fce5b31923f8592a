"""换届: each branch at the end of its terms, reminded before; some early, some late, a few not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from workflows.application.demo.acts import Act, Agenda, View
from workflows.application.demo.county import POSTS, Branch, TermEnd, seats_for
from workflows.kernel.calendar import MONTHS_PER_YEAR, add_months
from workflows.kernel.chance import Chance

_MONTHS_AHEAD = 6
_LONG_OVERDUE = 200
_SMALLEST = 2
_OLD_AGE_REASONS = ("年老体弱卧床不起", "长期患病生活不能自理", "自费出国半年以上")
SCHEDULER = "scheduler"


@dataclass(frozen=True, slots=True)
class Ballot:
    """How an election goes: ``flaw`` is what makes a live attempt void."""

    chance: Chance
    flaw: str = ""

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        """Return what the record of the election says, by the roster of the day."""
        roster = view.roster
        if roster is None or not roster.voters:
            return None
        chance = self.chance.fork("ballot")
        fit = [who for who in sorted(map(str, roster.voters)) if _years(view, who)]
        seats = seats_for(roster.full)
        wanted = seats + ceil(seats / 5) if seats > 1 else 1
        if len(fit) < wanted or (self.flaw and seats == 1):
            return None
        kept = [who for who in view.posts if who in fit and chance.happens(0.7)]
        others = chance.shuffled([who for who in fit if who not in kept])
        running = (kept + others)[:wanted]
        left_out = [who for who in others if who not in running][:1] if chance.happens(0.15) else []
        eligible = len(roster.voters) - len(left_out)
        attending = max(ceil(eligible * (0.86 + 0.14 * chance.share())), ceil(eligible * 4 / 5))
        if self.flaw == "elect-quorum":
            attending = eligible * 3 // 5
        if self.flaw == "elect-surplus":
            running = running[:seats]
        returned = attending - (chance.number(0, 1) if attending > len(POSTS[5]) else 0)
        return {
            "attending": attending,
            "excluded": [
                {
                    "person": who,
                    "reason": chance.pick(_OLD_AGE_REASONS),
                    "superior_consent": True,
                    "assembly_vote": True,
                }
                for who in left_out
            ],
            "ballots_issued": attending,
            "ballots_returned": returned,
            "ballots_valid": returned,
            "secret": True,
            "seats": seats,
            "candidates": _votes(running, seats, returned, attending, chance),
            "posts": dict(zip(running, POSTS[seats], strict=False)),
        }


def _votes(
    running: list[str], seats: int, returned: int, attending: int, chance: Chance
) -> list[dict[str, Any]]:
    """Return the votes: those elected above half of those present, the others below."""
    least, found = attending // 2 + 1, []
    for place, who in enumerate(running):
        if place < seats:
            votes = chance.number(max(least, returned * 7 // 10), returned) if returned >= least else returned
        else:
            votes = chance.number(0, attending // 3)
        found.append({"person": who, "votes": votes})
    return found


def _years(view: View, who: str) -> int:
    facts = view.batch.books.member(view.batch.books.find(who, None, view.act.on), view.act.on).facts
    return int(facts.get("years_standing") or 0)


def hold_elections(agenda: Agenda, branch: Branch, chance: Chance, term_end: TermEnd) -> None:
    """Put the terms of a branch on the agenda, from the one running when the books begin."""
    agenda.enter(_terms(agenda, branch, chance, term_end), chance.fork("entry"), slack=branch.slack / 3)


def _terms(agenda: Agenda, branch: Branch, chance: Chance, term_end: TermEnd) -> Iterator[Act]:
    until = agenda.county.until
    elected_on = branch.last_election
    if elected_on is None:
        elected_on = branch.opens_on + timedelta(days=7)
        yield Act(elected_on, "elect_committee", branch, Ballot(chance.fork("first")))
    for number in range(1, 9):
        own = chance.fork("term", number)
        end = term_end(elected_on, branch.kind)
        if end is None:
            return
        day = _day(end, own)
        reminder = _reminder(agenda, branch, end, day, own)
        if reminder is not None:
            yield reminder
        formal = own.happens(0.6) and day > branch.opens_on + timedelta(days=90)
        if day > end + timedelta(days=_LONG_OVERDUE) and formal:
            yield _extension(branch, end, own)
        elif day > end:
            yield from _noticed(branch, end, until)
        if day > until:
            return
        yield from _around(branch, day, own, formal=formal)
        yield from _vacancy(branch, day, own.fork("vacancy"), until)
        elected_on = day


def _day(end: date, chance: Chance) -> date:
    """Return the day of the next election: mostly in the weeks before the end of the term."""
    low, high = chance.weighted({(-28, 0): 78, (4, 110): 15, (300, 360): 7})
    return end + timedelta(days=chance.number(low, high))


def _reminder(agenda: Agenda, branch: Branch, end: date, day: date, chance: Chance) -> Act | None:
    """Return the superior's reminder, mostly in time; some of the last weeks are left to the scheduler."""
    due = add_months(end, -_MONTHS_AHEAD)
    on = due - timedelta(days=chance.number(0, 21))
    if chance.happens(0.08):
        on = due + timedelta(days=chance.number(3, 40))
    until = agenda.county.until
    left_to_scheduler = due > until - timedelta(days=45) and chance.happens(0.6)
    if on <= branch.opens_on or on >= day or left_to_scheduler:
        return None
    return Act(on, "issue_term_reminder", branch, {"term_until": end}, actor=f"dw{branch.committee + 1:02d}")


def _noticed(branch: Branch, end: date, until: date) -> Iterator[Act]:
    """Yield what the scheduler noted of a term that ran out; the last week is left to it."""
    if end < until - timedelta(days=7):
        yield Act(end, "mark_term_due", branch, {"term_until": end}, actor=SCHEDULER)
        yield Act(end + timedelta(days=1), "mark_term_overdue", branch, {"term_until": end}, actor=SCHEDULER)


def _around(branch: Branch, day: date, chance: Chance, *, formal: bool) -> Iterator[Act]:
    """Yield an election; ``formal``: requested and approved before it, approved and filed after it."""
    superior = f"dw{branch.committee + 1:02d}"
    asked = day - timedelta(days=chance.number(31, 50))
    if formal:
        yield Act(
            asked, "request_election", branch, {"planned_on": day, "document": _document(branch, day, 2)}
        )
        approved = asked + timedelta(days=chance.number(5, 15))
        yield Act(
            approved, "approve_election", branch, {"document": _document(branch, day, 5)}, actor=superior
        )
    if chance.happens(0.09):
        flaw = chance.pick(("elect-quorum", "elect-surplus"))
        before = day - timedelta(days=chance.number(5, 9))
        yield Act(before, "elect_committee", branch, Ballot(chance.fork("void"), flaw), meant=flaw)
    yield Act(day, "elect_committee", branch, Ballot(chance))
    if formal:
        report = day + timedelta(days=chance.number(3, 20))
        told = After(day, {"document": _document(branch, day, 8)})
        yield Act(report, "approve_officers", branch, told, actor=superior)
        yield Act(report, "file_committee", branch, Filed(day), actor=superior)


@dataclass(frozen=True, slots=True)
class After:
    """What an act after an election says; nothing where the election was not held after all."""

    held_on: date
    fields: Mapping[str, Any]

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        """Return the fields, None without the election."""
        election = view.unit.election
        return self.fields if election is not None and election[0].held_on == self.held_on else None


@dataclass(frozen=True, slots=True)
class Filed:
    """The filing of the members; none where only a secretary was elected."""

    held_on: date

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        """Return that all are filed."""
        election = view.unit.election
        if election is None or election[0].held_on != self.held_on or len(view.posts) < _SMALLEST:
            return None
        return {}


@dataclass(frozen=True, slots=True)
class Leaver:
    """The end of the secretary's post, and who leads the work meanwhile or comes after."""

    verb: str
    document: str

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        """Return what is told of the secretary, or of the first of the others."""
        posts = view.posts
        secretary = next((who for who, post in posts.items() if post == "secretary"), None)
        others = [who for who, post in posts.items() if post != "secretary"]
        if self.verb == "end_post":
            told = {"person": secretary, "post": "secretary", "reason": "工作调动"}
            return told if secretary and others else None
        if secretary is not None or not others:
            return None
        return {"person": others[0], "document": self.document}


def _vacancy(branch: Branch, elected_on: date, chance: Chance, until: date) -> Iterator[Act]:
    """Yield, in a few branches, a secretary who goes in mid-term; some are succeeded months later."""
    gone = elected_on + timedelta(days=chance.number(120, 500))
    if not chance.happens(0.16) or gone < branch.opens_on or gone > until:
        return
    superior = f"dw{branch.committee + 1:02d}"
    acting = gone + timedelta(days=chance.number(3, 15))
    filled = gone + timedelta(days=chance.number(60, 160))
    told = [(gone, "end_post"), (acting, "entrust_acting")]
    told += [(filled, "appoint_secretary")] if chance.happens(0.75) else []
    for on, verb in told:
        yield Act(on, verb, branch, Leaver(verb, _document(branch, on, 11)), actor=superior)


def _extension(branch: Branch, end: date, chance: Chance) -> Act:
    """Return the superior's leave to hold the election up to a year later."""
    told = {
        "term_until": add_months(end, MONTHS_PER_YEAR),
        "reason": chance.pick(("机构改革，推迟换届", "村、社区统一换届，推迟到同一时间")),
        "document": _document(branch, end, 3),
    }
    on = end - timedelta(days=chance.number(10, 60))
    return Act(on, "approve_term_change", branch, told, actor=f"dw{branch.committee + 1:02d}")


def _document(branch: Branch, day: date, number: int) -> str:
    return f"青党发〔{day.year}〕{branch.index % 40 + number}号"
