"""The demo: a seed plays the same years again, all of it was meant, the last day shows every stage."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import TypeVar

import msgspec
import pytest

from workflows.application.amending import Amending
from workflows.application.demo import DemoSummary, play_county
from workflows.application.demo.acts import FROM_FILES
from workflows.application.demo.tree_changes import DISSOLVED, MERGED
from workflows.application.recording import Batch
from workflows.bootstrap import MemoryApp, memory_app
from workflows.domain.campaign import events as rated
from workflows.domain.campaign.state import Campaign, drawn
from workflows.domain.case_files import CaseFile
from workflows.domain.listing.state import Listing
from workflows.domain.person import events as person_events
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.closing import STILL_BROKEN
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.state import Site
from workflows.domain.unit import events as unit_events
from workflows.kernel.clock import local_day
from workflows.kernel.events import EventRetracted, FactCorrected

T = TypeVar("T", bound=CaseFile)

TODAY = date(2026, 11, 21)
REVISED_ON = date(2026, 5, 18)
SMALL_COUNTY = 6
STAGES = {"applicant", "activist", "target_agreed", "target", "probationary", "full"}


def play(seed: int, branches: int, until: date = TODAY) -> tuple[MemoryApp, DemoSummary]:
    app = memory_app(seed=f"demo {seed}")
    amending = Amending(app.recording)
    summary = play_county(app.recording, amending, app.clock, seed=seed, until=until, branches=branches)
    return app, summary


def fingerprint(app: MemoryApp) -> str:
    whole = sha256()
    for record in app.log.records:
        whole.update(record.event.topic().encode())
        whole.update(msgspec.json.encode(record))
    return whole.hexdigest()


def files(app: MemoryApp, kind: type[T]) -> list[T]:
    """Return the cases of a kind on the last day, as the books tell them."""

    def job(batch: Batch) -> list[T]:
        entries = [entry for entry in app.log.directory.files() if entry.kind == kind.kind]
        found = (batch.books.file_state(entry.id) for entry in entries)
        return [file for file in found if isinstance(file, kind)]

    return app.recording.work(job)


@pytest.fixture(scope="module")
def county() -> tuple[MemoryApp, DemoSummary]:
    return play(7, 64)


def test_the_same_seed_plays_the_same_events_and_another_seed_others() -> None:
    first, second, other = (fingerprint(play(seed, SMALL_COUNTY)[0]) for seed in (1, 1, 2))
    assert first == second
    assert first != other


@pytest.mark.parametrize(("seed", "until"), [(3, TODAY), (4, date(2026, 3, 2)), (5, date(2026, 10, 5))])
def test_whatever_is_refused_was_meant_to_be(seed: int, until: date) -> None:
    _, summary = play(seed, SMALL_COUNTY, until)
    assert summary.unmeant == ()
    assert summary.unrefused == ()
    assert summary.stages.keys() >= STAGES


def test_a_county_of_sixty_four_branches_has_its_numbers(county: tuple[MemoryApp, DemoSummary]) -> None:
    app, summary = county
    assert (summary.units, summary.branches, summary.ended) == (73, 64, 2)
    there = [entry for entry in app.log.directory.units() if entry.exists_on(TODAY)]
    assert (len(there), len(app.log.directory.units())) == (73, 75)
    assert 1300 <= summary.people <= 1600
    assert 17_000 <= summary.events <= 30_000
    assert summary.events == len(app.log.records)
    assert summary.stages.keys() >= STAGES
    kinds = {entry.kind for entry in app.log.directory.units()}
    assert kinds >= {"village", "community", "organ", "school", "state_enterprise", "non_public"}


def test_only_what_was_meant_is_refused_and_refusals_leave_nothing(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    _, summary = county
    assert summary.unmeant == ()
    assert summary.unrefused == ()
    assert len(summary.refused) >= 8
    tried = summary.live + summary.as_history + sum(summary.refused.values())
    assert sum(summary.verdicts.values()) == tried
    assert sum(summary.refused.values()) < tried // 100


def test_both_versions_of_the_development_rules_are_lived_through(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    records = county[0].log.records
    filed = [r for r in records if isinstance(r.event, person_events.DevelopmentTargetFiled)]
    consented = [r for r in records if isinstance(r.event, person_events.DevelopmentTargetConsented)]
    listed = [r for r in records if isinstance(r.event, person_events.DevelopmentTargetListed)]
    assert filed
    assert consented
    assert listed
    assert max(r.effective_on for r in filed) < REVISED_ON <= min(r.effective_on for r in consented)


def test_no_act_and_no_recording_lies_after_the_last_day_and_recording_never_runs_back(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    records = county[0].log.records
    assert all(r.effective_on <= local_day(r.recorded_at) <= TODAY for r in records)
    moments = [r.recorded_at for r in records]
    assert moments == sorted(moments)
    assert local_day(moments[0]) <= date(2021, 11, 23)


def test_old_acts_are_history_with_a_reason_and_fresh_ones_are_live(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    records = county[0].log.records
    late = [r for r in records if local_day(r.recorded_at) - r.effective_on > timedelta(days=30)]
    begin = date(2021, 11, 21)
    assert all(r.as_history and r.reason for r in late)
    assert sum(r.effective_on > begin for r in late) > 300
    fresh = [r for r in records if local_day(r.recorded_at) - r.effective_on <= timedelta(days=30)]
    assert {r.reason for r in fresh if r.as_history} <= {FROM_FILES}


def test_something_was_corrected_withdrawn_extended_annulled_and_voted_down(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    app, summary = county
    events = [record.event for record in app.log.records]
    assert summary.corrections == sum(isinstance(event, FactCorrected) for event in events) > 20
    assert summary.retractions == sum(isinstance(event, EventRetracted) for event in events) > 5
    for kind in (
        person_events.ProbationExtended,
        person_events.ProbationAnnulled,
        unit_events.TermReminderIssued,
        unit_events.TermOverdue,
    ):
        assert any(isinstance(event, kind) for event in events), kind
    assert any(isinstance(event, person_events.AdmissionVoted) and event.passed is False for event in events)


def test_every_branch_elects_at_least_once_in_five_years(county: tuple[MemoryApp, DemoSummary]) -> None:
    records = county[0].log.records
    elected = {
        r.stream_id
        for r in records
        if isinstance(r.event, unit_events.CommitteeElected) and not r.as_history and r.event.candidates
    }
    assert len(elected) >= 50


def test_identity_numbers_are_right_and_nobodys(county: tuple[MemoryApp, DemoSummary]) -> None:
    from workflows.adapters.workbooks.identity import born_on, read_identity_number, sex

    numbers = set()
    for record in county[0].log.records:
        profile = getattr(record.event, "profile", None)
        if profile is not None:
            assert read_identity_number(profile.id_number, TODAY) == profile.id_number
            assert born_on(profile.id_number) == profile.born_on
            assert sex(profile.id_number) == profile.gender
            numbers.add(profile.id_number)
    assert len(numbers) == county[1].people


def test_only_villages_do_what_villages_do(county: tuple[MemoryApp, DemoSummary]) -> None:
    app, _ = county
    kinds = {entry.id: entry.kind for entry in app.log.directory.units()}
    topics: dict[bool, set[str]] = {True: set(), False: set()}
    for record in app.log.records:
        if isinstance(record.event, unit_events.MeetingHeld):
            topics[kinds[record.stream_id] == "village"].update(record.event.topics or ())
    of_villages = {"通过村规民约修订稿", "讨论集体资产发包方案", "志愿服务：清洁村庄", "政策宣讲进农户"}
    assert of_villages <= topics[True]
    assert not [topic for topic in topics[False] if "村规" in topic or "村庄" in topic or "农户" in topic]
    assert not of_villages & topics[False]
    assert topics[False] - topics[True] >= {"通过党员公约修订稿", "志愿服务：清洁环境"}


# --- cases, and changes of the tree -------------------------------------------------------------------------


def test_on_the_last_day_problems_stand_at_every_stage_and_came_to_every_end(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    app, summary = county
    problems = files(app, Rectification)
    stages = {problem.stage for problem in problems}
    assert stages == {"found", "planned", "in_progress", "submitted", "accepted", "closed"}
    sources = {problem.issue.source for problem in problems if problem.issue}
    assert sources >= {"compliance", "inspection", "self_check", "superior", "masses"}
    assert any(len(problem.closures) > 1 for problem in problems)
    assert any(problem.level for problem in problems if problem.stage != "closed")
    assert any(problem.issue.recurs for problem in problems if problem.issue)
    assert any(problem.due and problem.due[0] < TODAY for problem in problems if not problem.is_over)
    assert any(any(problem.each(ev.CorrectionExtended)) for problem in problems)
    rules = [f.rule for problem in problems for closed in problem.closures for f in closed.findings]
    assert "close-waived" in rules
    assert summary.refused["close-still-broken"] > 0


def test_a_problem_of_a_duty_is_closed_only_when_the_duty_is_done_or_waived(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    closed = [p for p in files(county[0], Rectification) if p.rule and p.stage == "closed"]
    assert len(closed) > 20
    assert not [f for p in closed for one in p.closures for f in one.findings if f.rule == STILL_BROKEN]


def test_the_street_rates_its_branches_by_a_plan_every_year_with_proof_and_a_drawn_sample(
    county: tuple[MemoryApp, DemoSummary],
) -> None:
    app, _ = county
    years = files(app, Campaign)
    assert [file.start.year for file in years if file.start] == [2022, 2023, 2024, 2025, 2026]
    assert [file.stage for file in years] == ["decided"] * 4 + ["reviewed"]
    known = {record.event_id for record in app.log.records}
    for file in years:
        assert [one.points for one in file.criteria] == [20] * 5
        assert any(one.proved_by for one in file.criteria)
    for file in years[:4]:
        sample = file.sample
        assert sample is not None
        assert sample.sampled.units == drawn(sample.passed.units, sample.sampled.count, str(sample.seed))
        claims = [score for claim, _ in file.each(rated.SelfAssessed) for score in claim.scores]
        assert all(score.events or score.evidence for score in claims)
        assert {event for score in claims for event in score.events} <= known
        grades = [decided[-1].event for decided in file.ratings().values()]
        assert all(getattr(grade, "grade", "revoked") for grade in grades)
        for unit in file.ratings():
            held = file.grade_of(unit)
            has_star = held is not None and held[0].grade != "无星"
            assert (file.plate_of(unit) is not None) >= has_star
    assert any(any(file.each(rated.RoundVoided)) for file in years)


def test_sites_are_reviewed_yearly_and_weak_branches_put_right(county: tuple[MemoryApp, DemoSummary]) -> None:
    app, _ = county
    assert sorted(site.stage for site in files(app, Site)) == ["delisted", "named", "named", "planned"]
    assert "county" in {site.level for site in files(app, Site)}
    assert sorted(listing.stage for listing in files(app, Listing)) == ["over", "planned"]


def test_what_ends_carries_its_people_and_its_open_problems(county: tuple[MemoryApp, DemoSummary]) -> None:
    app, _ = county
    ended = [entry for entry in app.log.directory.units() if not entry.exists_on(TODAY)]
    assert sorted(entry.name for entry in ended) == [DISSOLVED, MERGED]

    def left(batch: Batch) -> list[str]:
        people = [batch.books.person_state(p) for e in ended for p in app.log.directory.people_of(e.id)]
        assert people
        return [str(p.id) for p in people if p.unit_on(TODAY) in {e.id for e in ended}]

    assert app.recording.work(left) == []
    renamed = [entry for entry in app.log.directory.units() if entry.name == "县住房和城乡建设局党支部"]
    assert [entry.named_on(date(2022, 1, 1)) for entry in renamed] == ["县住建局党支部"]
