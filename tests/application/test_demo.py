"""The demo: a seed plays the same years again, all of it was meant, the last day shows every stage."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import msgspec
import pytest

from workflows.application.amending import Amending
from workflows.application.demo import DemoSummary, play_county
from workflows.application.demo.acts import FROM_FILES
from workflows.bootstrap import MemoryApp, memory_app
from workflows.domain.person import events as person_events
from workflows.domain.unit import events as unit_events
from workflows.kernel.clock import local_day
from workflows.kernel.events import EventRetracted, FactCorrected

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
    assert (summary.units, summary.branches) == (73, 64)
    assert 1300 <= summary.people <= 1500
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
