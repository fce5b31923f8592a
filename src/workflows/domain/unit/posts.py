"""任职: who holds which post of a unit, from when until when, how they came to it; vacancies.

Everything is derived from the acts of the unit, and from its people where somebody left: nothing typed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import OnBooks, Who
from workflows.domain.facts import SMALLEST_COMMITTEE
from workflows.domain.unit import election_events as el
from workflows.domain.unit import events as ev
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.outcomes import MEMBER, is_void, posts_given
from workflows.kernel.events import Event
from workflows.policies.findings import Source

SECRETARY, DEPUTY, ACTING = "secretary", "deputy_secretary", "acting"
OFFICERS = frozenset({SECRETARY, DEPUTY})
"""The posts that the superior approves or may fill by appointment; the others are filed."""

How = Literal["elected", "by_elected", "appointed", "acting"]


class Holding(msgspec.Struct, frozen=True):
    """A post held from ``since`` until the day before ``until`` (None: still); ``ended_by`` says why.

    ``ended_by``: election, succeeded, moved, ended, expired, and where the person left: transferred,
    struck_off, deceased, stopped, left. ``settled`` is the superior's approval or the filing. ``again`` are
    the later acts that gave the post to its holder once more: whoever left between two of them and came back
    holds it from the second one on.
    """

    person: Who
    post: str
    since: date
    how: How
    source: Source
    until: date | None = None
    ended_by: str = ""
    reason: str | None = None
    settled: Source | None = None
    again: tuple[Holding, ...] = ()

    def is_held(self, on: date) -> bool:
        """Say whether the post is held on a day."""
        return self.since <= on and (self.until is None or on < self.until)


class Vacancy(msgspec.Struct, frozen=True):
    """空缺: a post nobody holds since a day; ``last`` held it before, None where it was never filled."""

    post: str
    since: date
    last: Who | None = None
    why: str = ""


class Leaving(Protocol):
    """Tells when people leave a unit (part of :class:`workflows.domain.facts.Facts`)."""

    def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
        """Return the first day after ``since`` on which someone is no member of the unit, and why."""
        ...


_CONCERNING = (
    ev.Ballot, el.ElectionRequested, el.ElectionApproved, el.OfficersApproved, el.CommitteeFiled,
    el.SecretaryAppointed, el.PostEnded, el.ActingEntrusted, el.TermChanged,
)  # fmt: skip


def concerns(event: Event) -> bool:
    """Say whether an act is about posts or a term of office."""
    return isinstance(event, _CONCERNING) or _ends_posts(event)


def _ends_posts(event: Event) -> bool:
    """Say whether an act ends every post of its unit: it is dissolved, merged into another, or split up."""
    return isinstance(event, tree.UnitDissolved) or (isinstance(event, tree.UnitSplit) and event.ends)


# --- the fold -------------------------------------------------------------------------------------------


def held_by_acts(acts: Iterable[OnBooks]) -> tuple[Holding, ...]:
    """Return every holding the acts of a unit tell of, in the order in which they began."""
    told = _Told()
    for act in acts:
        told.take(act.event, act)
    return tuple(h for h in told.holdings if h.until is None or h.until > h.since)


class _Told:
    """Holdings while the acts are read."""

    def __init__(self) -> None:
        self.holdings: list[Holding] = []

    def take(self, event: Event, act: OnBooks) -> None:
        """Take in one act."""
        match event:
            case ev.CommitteeElected():
                given = posts_given(event)
                if given or not is_void(event):
                    self._close(act.on, "election", self._open())
                for post in given:
                    self._begin(post.person, post.post, act, "elected")
            case el.ByElectionHeld():
                for post in posts_given(event):
                    self._begin(post.person, post.post, act, "by_elected")
            case el.SecretaryAppointed(person=person) if person is not None:
                self._begin(person, event.post, act, "appointed")
            case el.ActingEntrusted(person=person) if person is not None:
                self._close(act.on, "succeeded", self._open(post=ACTING))
                last = None if event.until is None else event.until + timedelta(days=1)
                ended = "" if last is None else "expired"
                self.holdings.append(
                    Holding(person, ACTING, act.on, "acting", act.source, last, ended, settled=act.source)
                )
            case el.PostEnded(person=person) if person is not None:
                self._close(act.on, "ended", self._open(person, event.post), event.reason)
            case el.OfficersApproved():
                self._settle(act, event.posts, officers=True)
            case el.CommitteeFiled():
                self._settle(act, event.posts, officers=False)
            case _ if _ends_posts(event):
                self._close(act.on, "dissolved", self._open())

    def _open(self, person: Who | None = None, post: str | None = None) -> list[int]:
        return [
            place
            for place, held in enumerate(self.holdings)
            if (held.until is None or held.ended_by == "expired")
            and person in (None, held.person)
            and post in (None, held.post)
        ]

    def _close(self, on: date, why: str, places: Iterable[int], reason: str | None = None) -> None:
        for place in places:
            held = self.holdings[place]
            if held.until is None or held.until > on:
                self.holdings[place] = replace(held, until=on, ended_by=why, reason=reason)

    def _begin(self, person: Who, post: str, act: OnBooks, how: How) -> None:
        if post == SECRETARY:
            others = [i for i in self._open(post=SECRETARY) if self.holdings[i].person != person]
            self._close(act.on, "succeeded", others)
            self._close(act.on, "succeeded", self._open(post=ACTING))
            self._close(act.on, "moved", self._open(person, DEPUTY))
        if post != MEMBER:
            self._close(act.on, "moved", self._open(person, MEMBER))
        settled = act.source if how == "appointed" else None
        begun = Holding(person, post, act.on, how, act.source, settled=settled)
        held = self._open(person, post)
        if not held:
            self.holdings.append(begun)
        for place in held:
            one = self.holdings[place]
            self.holdings[place] = replace(one, again=(*one.again, begun))

    def _settle(self, act: OnBooks, posts: Sequence[ev.Post] | None, *, officers: bool) -> None:
        for post in posts or ():
            places = self._open(post.person)
            if places and not self._open(post.person, post.post):
                self._begin(post.person, post.post, act, self.holdings[places[-1]].how)
        named = {(post.person, post.post) for post in posts or ()}
        for place in self._open():
            held = self.holdings[place]
            is_theirs = (held.post in OFFICERS) == officers and (
                not named or (held.person, held.post) in named
            )
            if is_theirs:
                self.holdings[place] = _settled(held, act.source)


def _settled(held: Holding, source: Source) -> Holding:
    """Return a holding approved or filed: as it began, and as it was given for the last time."""
    again = held.again
    if again and again[-1].settled is None:
        again = (*again[:-1], replace(again[-1], settled=source))
    return replace(held, settled=held.settled or source, again=again)


# --- with what is known of people -----------------------------------------------------------------------


def with_leavers(holdings: Iterable[Holding], unit_id: UUID, facts: Leaving) -> tuple[Holding, ...]:
    """Return holdings ended on the day on which somebody left the unit, died or was struck off.

    Who came back holds a post again from the day on which it was given to them anew.
    """
    return tuple(spell for held in holdings for spell in _spells(held, unit_id, facts))


def _spells(held: Holding, unit_id: UUID, facts: Leaving) -> Iterator[Holding]:
    gone = None if held.person.person is None else facts.left(held.person.person, unit_id, held.since)
    if gone is None or (held.until is not None and held.until <= gone[0]):
        yield held
        return
    yield replace(held, until=gone[0], ended_by=gone[1], reason=None, again=())
    later = [one for one in held.again if one.since >= gone[0]]
    if later:
        anew = replace(later[0], until=held.until, ended_by=held.ended_by, reason=held.reason)
        yield from _spells(replace(anew, again=tuple(later[1:])), unit_id, facts)


def held_on(holdings: Iterable[Holding], on: date) -> tuple[Holding, ...]:
    """Return the posts held on a day; who leads the work for want of a secretary is not among them."""
    return tuple(held for held in holdings if held.post != ACTING and held.is_held(on))


def acting_on(holdings: Iterable[Holding], on: date) -> tuple[Holding, ...]:
    """Return who leads the work on a day for want of a secretary."""
    return tuple(held for held in holdings if held.post == ACTING and held.is_held(on))


def since(holdings: Sequence[Holding], held: Holding) -> date:
    """Return the day from which a post is held without a break, one term after another counted as one."""
    day = held.since
    for other in reversed(holdings):
        if (other.person, other.post) == (held.person, held.post) and other.until == day:
            day = other.since
    return day


_NO_VACANCY = frozenset({"election", "succeeded", "expired", "dissolved"})


def vacancies_on(
    holdings: Sequence[Holding], ballot: ev.CommitteeElected | None, on: date
) -> tuple[Vacancy, ...]:
    """Return the posts of the running term that nobody holds on a day, the oldest first.

    A post that fell vacant is filled by whoever next comes to the same post; a deputy is only there if
    needed, so that the post is vacant for nobody who became secretary. ``ballot`` began the term: seats it
    left open are vacant since then. A committee has seats for so many persons: where one of it came to
    another post of it, the seat they had is vacant.
    """
    begun = date.min if ballot is None else ballot.held_on
    term = [h for h in holdings if h.since >= begun and h.since <= on and h.post != ACTING]
    found = [
        Vacancy(held.post, held.until, held.person, held.ended_by)
        for held in term
        if held.until is not None
        and held.until <= on
        and held.ended_by not in _NO_VACANCY
        and not (held.ended_by == "moved" and held.post in (DEPUTY, MEMBER))
    ]
    if ballot is not None:
        first = [h for h in term if h.how == "elected" and h.since == begun]
        unfilled = max(0, (ballot.seats or 0) - len(first)) if ballot.candidates else 0
        posts = [MEMBER] * unfilled
        if first and all(h.post not in (SECRETARY, MEMBER) for h in first):
            posts = [SECRETARY, *posts[1:]]
        found += [Vacancy(post, begun) for post in posts]
    found.sort(key=lambda vacancy: vacancy.since)
    later = [h for h in term if h.how != "elected" or h.since != begun]
    left = []
    for vacancy in found:
        filled = next((h for h in later if h.post == vacancy.post and h.since >= vacancy.since), None)
        if filled is None and vacancy.last is None:
            filled = next((h for h in later if h.post not in OFFICERS and h.since >= vacancy.since), None)
        if filled is None:
            left.append(vacancy)
        else:
            later.remove(filled)
    if ballot is not None:
        left += _empty_seats(term, ballot, on, known=len(left))
    return tuple(left)


def _empty_seats(
    term: Sequence[Holding], ballot: ev.CommitteeElected, on: date, *, known: int
) -> Iterator[Vacancy]:
    """Yield the empty seats of a committee that no vacant post stands for; ``known`` are told already."""
    seated = {h.person for h in term if h.how == "elected" and h.since == ballot.held_on}
    seats = max(len(seated), (ballot.seats or 0) if ballot.candidates else 0)
    if seats < SMALLEST_COMMITTEE:
        return

    def empty(day: date) -> int:
        return seats - len({h.person for h in held_on(term, day)})

    days = sorted({ballot.held_on, *(h.until for h in term if h.until is not None and h.until <= on)})
    for number in range(known + 1, empty(on) + 1):
        since = on
        for day in reversed(days):
            if empty(day) < number:
                break
            since = day
        yield Vacancy(MEMBER, since)
