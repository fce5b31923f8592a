"""Posts from day to day: in whatever order things happen, one secretary, members only, no day out of turn."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from tests.support.builders import a_branch
from tests.support.scenario import UNIT, Neighbours, given, recorded, rules
from workflows.domain.act import Who
from workflows.domain.unit import decide as unit_decide
from workflows.domain.unit import election_commands as cmd
from workflows.domain.unit import election_events as el
from workflows.domain.unit import events as ev
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.book import whole_book
from workflows.domain.unit.commands import ElectCommittee
from workflows.domain.unit.outcomes import MEMBER, is_void, winners
from workflows.domain.unit.posts import SECRETARY, held_on, vacancies_on
from workflows.domain.unit.state import Unit, evolve, holdings_of, secretary_of
from workflows.domain.unit.terms import months_early, months_moved, terms_of
from workflows.kernel.calendar import add_months
from workflows.kernel.events import fold, history
from workflows.kernel.ids import derived
from workflows.policies.findings import RECORDED_LIVE

FIRST, LAST = date(2020, 8, 1), date(2030, 12, 31)
PEOPLE = [derived("person", number) for number in range(8)]
POSTS = (SECRETARY, "deputy_secretary", "organization", "publicity", "discipline", MEMBER)
RULES = rules()


class Branch(Neighbours):
    """Sixteen voters, of whom some may leave for good on a day."""

    def __init__(self) -> None:
        super().__init__(voters=16, kind="organ")
        self.gone: dict[UUID, date] = {}

    def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
        """Return the day on which someone left, if that came after ``since``."""
        day = self.gone.get(person_id)
        return (day, "transferred") if day is not None and day > since else None

    def find(self, name: str, unit_id: UUID | None, on: date) -> Who:
        """Return the person of an id."""
        return Who(person=UUID(name))


class Posts(RuleBasedStateMachine):
    """Elects, fills, ends and entrusts by the commands; what is refused changes nothing."""

    @initialize()
    def begin(self) -> None:
        """Set up a branch."""
        self.facts = Branch()
        self.records = [recorded(a_branch(date(2015, 1, 1), "organ")[0], 1, stream=UNIT)]
        self.day = FIRST

    def unit(self) -> Unit:
        """Return the branch as its acts tell it."""
        return fold(evolve, Unit(UNIT), history(self.records))

    def do(self, command: object, days: int) -> None:
        """Decide a command; record it unless it is refused."""
        made = unit_decide.decide(command, self.unit(), RULES, self.facts)  # type: ignore[arg-type]
        if made.verdict in RECORDED_LIVE:
            for event in made.events:
                self.records.append(recorded(event, len(self.records) + 1, stream=UNIT))
        self.day = min(self.day + timedelta(days=days), LAST)

    def present(self, who: UUID) -> bool:
        """Say whether someone is still a member."""
        return who not in self.facts.gone or self.facts.gone[who] > self.day

    @rule(data=st.data(), days=st.integers(1, 1200), seats=st.integers(3, 5), short=st.booleans())
    def elect(self, data: st.DataObject, days: int, seats: int, short: bool) -> None:
        """Elect a committee, with a quorum or one short of it."""
        here = [who for who in PEOPLE if self.present(who)]
        if len(here) < seats:
            return
        chosen = data.draw(st.permutations(here))[:seats]
        posts = dict(zip(map(str, chosen), POSTS, strict=False))
        attending = 12 if short else 13
        command = ElectCommittee(on=self.day, eligible=16, attending=attending, posts=posts)  # type: ignore[arg-type]
        before = held_on(self.unit().holdings, self.day)
        self.do(command, 0)
        if short:
            assert held_on(self.unit().holdings, self.day) == before
        self.day = min(self.day + timedelta(days=days), LAST)

    @rule(who=st.sampled_from(PEOPLE), post=st.sampled_from(POSTS), days=st.integers(0, 200))
    def elect_by(self, who: UUID, post: str, days: int) -> None:
        """Elect one more."""
        if self.present(who):
            self.do(cmd.ElectBy(on=self.day, eligible=16, attending=16, posts={str(who): post}), days)  # type: ignore[dict-item]

    @rule(who=st.sampled_from(PEOPLE), post=st.sampled_from(POSTS[:2]), days=st.integers(0, 200))
    def appoint(self, who: UUID, post: str, days: int) -> None:
        """Appoint a secretary or deputy."""
        if self.present(who):
            self.do(cmd.AppointSecretary(on=self.day, person=str(who), post=post), days)  # type: ignore[arg-type]

    @rule(who=st.sampled_from(PEOPLE), days=st.integers(0, 200))
    def end(self, who: UUID, days: int) -> None:
        """End the posts of someone."""
        self.do(cmd.EndPost(on=self.day, person=str(who)), days)

    @rule(who=st.sampled_from(PEOPLE), days=st.integers(0, 200), until=st.none() | st.integers(0, 90))
    def entrust(self, who: UUID, days: int, until: int | None) -> None:
        """Entrust someone with the work."""
        last = None if until is None else self.day + timedelta(days=until)
        self.do(cmd.EntrustActing(on=self.day, person=str(who), until=last, document="3号"), days)

    @rule(who=st.sampled_from(PEOPLE), days=st.integers(0, 200))
    def leave(self, who: UUID, days: int) -> None:
        """Have someone leave the branch."""
        self.facts.gone.setdefault(who, self.day)
        self.day = min(self.day + timedelta(days=days), LAST)

    @rule(months=st.integers(-14, 14), days=st.integers(0, 200))
    def move_the_end(self, months: int, days: int) -> None:
        """Extend or shorten the term."""
        terms = terms_of(self.unit(), RULES)
        if terms and terms[-1].first_until is not None:
            new = add_months(terms[-1].first_until, months)
            self.do(cmd.ApproveTermChange(on=self.day, term_until=new), days)

    @rule(days=st.integers(0, 60))
    def approve(self, days: int) -> None:
        """Approve and file whoever waits."""
        self.do(cmd.ApproveOfficers(on=self.day), 0)
        self.do(cmd.FileCommittee(on=self.day), days)

    @invariant()
    def never_two_secretaries_and_only_members(self) -> None:
        """Check every day that anything happened on, in the whole and cut at that day."""
        if not hasattr(self, "records"):
            return
        unit = self.unit()
        holdings = holdings_of(unit, self.facts)
        days = {r.event.effective_on for r in self.records} | set(self.facts.gone.values()) | {self.day}
        for day in days:
            held = held_on(holdings, day)
            assert sum(h.post == SECRETARY for h in held) <= 1
            assert len({(h.person, h.post) for h in held}) == len(held)
            for one in held:
                gone = self.facts.gone.get(one.person.person) if one.person.person else None
                assert gone is None or day < gone
            cut = unit.at(day)
            assert {(h.person, h.post, h.since) for h in held_on(holdings_of(cut, self.facts), day)} == {
                (h.person, h.post, h.since) for h in held
            }
            then = cut.election[0] if cut.election else None
            assert vacancies_on(holdings, then, day) == vacancies_on(holdings_of(cut, self.facts), then, day)
        for one in holdings:
            assert one.until is None or one.since < one.until

    @invariant()
    def no_term_ends_before_it_began(self) -> None:
        """Check every term."""
        if not hasattr(self, "records"):
            return
        for term in terms_of(self.unit(), RULES):
            assert term.until is not None
            assert term.until >= term.act.on
            assert term.first_until is not None
            assert -12 <= months_moved(term.first_until, term.until) <= 12


TestPosts = Posts.TestCase
TestPosts.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@drawn(st.lists(st.integers(0, 20), min_size=1, max_size=9), st.integers(1, 7))
def test_nobody_is_elected_with_half_of_those_present_and_no_more_than_there_are_seats(
    votes: list[int], seats: int
) -> None:
    candidates = [ev.Candidate(Who(name=str(number)), count) for number, count in enumerate(votes)]
    chosen, tied = winners(candidates, 20, seats)
    told = {c.person: c.votes or 0 for c in candidates}
    assert len(chosen) <= seats
    assert all(told[who] > 10 for who in (*chosen, *tied))
    assert not set(chosen) & set(tied)
    assert len(set(map(told.get, tied))) <= 1
    over = [count for count in votes if count > 10]
    if len(over) <= seats:
        assert (len(chosen), tied) == (len(over), ())
    elif tied:
        assert len(chosen) < seats < len(chosen) + len(tied)
    else:
        assert sorted(map(told.__getitem__, chosen)) == sorted(over)[-seats:]


def test_a_secretary_who_is_appointed_follows_the_one_before() -> None:
    events = [
        *a_branch(kind="organ"),
        _elected(date(2024, 1, 10), 甲=SECRETARY, 乙="organization", 丙="publicity"),
        el.SecretaryAppointed(appointed_on=date(2025, 3, 1), person=Who(name="丁")),
    ]
    holdings = _fold(events).holdings
    assert [(h.person.name, h.until, h.ended_by) for h in holdings if h.post == SECRETARY] == [
        ("甲", date(2025, 3, 1), "succeeded"),
        ("丁", None, ""),
    ]
    assert vacancies_on(holdings, None, date(2025, 3, 1)) == ()


def test_a_post_is_held_from_term_to_term_without_a_break() -> None:
    who = PEOPLE[0]
    events = [*a_branch(kind="organ")]
    for day in (date(2021, 1, 10), date(2024, 1, 10)):
        events.append(ev.CommitteeElected(held_on=day, posts=(ev.Post(Who(person=who), SECRETARY),)))
    assert secretary_of(_fold(events).holdings, date(2025, 1, 1)) == (who, date(2021, 1, 10))


def test_who_left_and_came_back_holds_the_post_again_from_the_day_it_was_given_anew() -> None:
    class Away(Branch):
        def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
            day = date(2022, 1, 10)
            return (day, "transferred") if person_id == PEOPLE[0] and since < day else None

    who, elected, again = Who(person=PEOPLE[0]), date(2021, 3, 1), date(2022, 6, 5)
    secretary = (ev.Post(who, SECRETARY),)
    unit = _fold([
        *a_branch(kind="organ"),
        ev.CommitteeElected(held_on=elected, posts=(*secretary, *_posts(乙="organization", 丙="publicity"))),
        el.OfficersApproved(approved_on=date(2021, 3, 8)),
        el.ByElectionHeld(held_on=again, posts=secretary),
    ])  # fmt: skip
    holdings = holdings_of(unit, Away())
    assert [(h.since, h.until, h.ended_by, h.how) for h in holdings if h.post == SECRETARY] == [
        (elected, date(2022, 1, 10), "transferred", "elected"),
        (again, None, "", "by_elected"),
    ]
    assert secretary_of(holdings, again - timedelta(days=1)) is None
    assert secretary_of(holdings, again) == (PEOPLE[0], again)
    assert [h.settled is None for h in holdings if h.post == SECRETARY] == [False, True]


def test_a_seat_stands_empty_when_a_member_of_the_committee_becomes_secretary() -> None:
    elected, ended, named = date(2021, 3, 1), date(2022, 1, 10), date(2022, 2, 1)
    events = [
        *a_branch(kind="organ"),
        _elected(elected, 甲=SECRETARY, 乙="organization", 丙=MEMBER),
        el.PostEnded(ended_on=ended, person=Who(name="甲")),
        el.SecretaryAppointed(appointed_on=named, person=Who(name="丙")),
    ]
    unit = _fold(events)
    (ballot, _) = unit.ballots[-1]
    before = vacancies_on(unit.holdings, ballot, named - timedelta(days=1))
    assert [(v.post, v.since) for v in before] == [(SECRETARY, ended)]
    assert [(v.post, v.since) for v in vacancies_on(unit.holdings, ballot, named)] == [(MEMBER, ended)]
    assert unit.committee_size == 3
    filled = el.ByElectionHeld(held_on=date(2022, 3, 1), posts=_posts(丁="publicity"))
    unit = _fold([*events, filled])
    assert vacancies_on(unit.holdings, ballot, date(2022, 3, 1)) == ()


def test_a_deputy_who_becomes_secretary_of_a_branch_without_committee_leaves_no_seat() -> None:
    events = [
        *a_branch(kind="organ"),
        _elected(date(2021, 3, 1), 甲=SECRETARY, 乙="deputy_secretary"),
        el.SecretaryAppointed(appointed_on=date(2022, 2, 1), person=Who(name="乙")),
    ]
    unit = _fold(events)
    assert vacancies_on(unit.holdings, unit.ballots[-1][0], date(2022, 2, 1)) == ()


def test_an_election_recorded_as_history_without_a_quorum_gives_nobody_a_post() -> None:
    past = given(*a_branch(kind="organ"))
    posts = {"甲": SECRETARY, "乙": "organization", "丙": "publicity"}
    command = ElectCommittee(on=date(2025, 3, 1), eligible=25, attending=19, posts=posts)  # type: ignore[arg-type]
    (event,) = past.when(command).made.events
    assert _fold([*a_branch(kind="organ"), event]).election is None
    assert _fold([*a_branch(kind="organ"), event]).holdings == ()


@pytest.mark.parametrize(
    ("on", "recorded_with", "corrected_to", "is_now_void"),
    [
        (date(2020, 7, 13), 20, 19, True),
        (date(2020, 7, 13), 19, 20, False),
        (date(2020, 7, 13), 18, 19, True),
        (date(2020, 7, 12), 21, 20, True),
        (date(2020, 7, 12), 20, 21, False),
    ],
)
def test_an_election_of_corrected_numbers_is_void_by_the_numbers_as_they_are_now(
    on: date, recorded_with: int, corrected_to: int, is_now_void: bool
) -> None:
    past = given(*a_branch(kind="organ"))
    posts = {"甲": SECRETARY, "乙": "organization", "丙": "publicity"}
    command = ElectCommittee(on=on, eligible=25, attending=recorded_with, posts=posts)  # type: ignore[arg-type]
    (event,) = past.when(command).made.events
    assert isinstance(event, ev.CommitteeElected)
    now = replace(event, attending=corrected_to)
    assert is_void(now) is is_now_void
    assert (_fold([*a_branch(kind="organ"), now]).holdings == ()) is is_now_void


def test_more_ballots_than_issued_by_a_correction_void_an_election() -> None:
    past = given(*a_branch(kind="organ"))
    counted = ElectCommittee(
        on=date(2025, 3, 1), eligible=25, attending=25, ballots_issued=24, ballots_returned=24,
        posts={"甲": "secretary", "乙": "organization", "丙": "publicity"},
    )  # fmt: skip
    (event,) = past.when(counted).made.events
    assert isinstance(event, ev.CommitteeElected)
    assert [is_void(replace(event, ballots_returned=count)) for count in (23, 24, 25)] == [False, False, True]
    assert is_void(replace(event, secret=True)) is False


def test_a_term_is_served_out_when_the_branch_becomes_a_committee() -> None:
    elected = _elected(date(2021, 3, 1), 甲=SECRETARY, 乙="organization", 丙="publicity")
    raised = tree.UnitReclassified(reclassified_on=date(2022, 1, 1), level="committee")
    unit = _fold([*a_branch(kind="organ"), elected, raised])
    (term,) = terms_of(unit, RULES)
    assert term.until == date(2024, 3, 1)
    book = whole_book(unit, RULES, Branch(), date(2024, 3, 5))
    limits = RULES.deadlines(book, scope="unit", until=date(2024, 3, 5))
    (limit,) = [one for one in limits if one.rule == "committee-term"]
    assert limit.due_on == term.until


def test_months_are_counted_from_the_end_of_the_term() -> None:
    end = date(2026, 1, 31)
    assert [months_moved(end, d) for d in (end, date(2026, 2, 28), date(2026, 3, 1))] == [0, 1, 2]
    assert months_moved(end, date(2025, 1, 31)) == -12
    assert months_moved(end, date(2025, 1, 30)) == -13
    assert [months_early(end, d) for d in (date(2026, 1, 1), date(2025, 12, 31), date(2025, 11, 30))] == [
        0,
        1,
        2,
    ]


def _elected(on: date, **posts: str) -> ev.CommitteeElected:
    return ev.CommitteeElected(held_on=on, posts=_posts(**posts))


def _posts(**posts: str) -> tuple[ev.Post, ...]:
    return tuple(ev.Post(Who(name=name), post) for name, post in posts.items())


def _fold(events: list) -> Unit:  # type: ignore[type-arg]
    records = [recorded(event, i, stream=UNIT) for i, event in enumerate(events, 1)]
    return fold(evolve, Unit(UNIT), history(records))
