"""Recording: refused or recorded, once, under one identity."""

from datetime import date
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.domain.person.state import Person
from workflows.kernel.errors import Conflict, WrongUsage
from workflows.kernel.ids import derived
from workflows.policies.findings import Verdict


def _state(county: County, person: UUID | None) -> Person:
    from workflows.application.books import Books

    assert person is not None
    return Books(county.app.log, county.app.rules).person_state(person)


def test_a_refused_act_leaves_nothing() -> None:
    county = County()
    unit = county.branch()
    before = len(county.app.log.records)
    outcome = county.do(
        "receive_application", date(2026, 6, 30), unit=unit, name="王", born_on=date(2008, 7, 1)
    )
    assert (outcome.refused, outcome.verdict, outcome.events) == (True, Verdict.BLOCK, ())
    assert len(county.app.log.records) == before


def test_the_same_act_as_history_is_recorded_and_the_block_stays_visible() -> None:
    county = County()
    unit = county.branch()
    outcome = county.do(
        "receive_application",
        date(2026, 6, 30),
        unit=unit,
        name="王",
        born_on=date(2008, 7, 1),
        as_history=True,
    )
    assert (outcome.refused, outcome.verdict, outcome.events) == (
        False,
        Verdict.WARN,
        ("ApplicationReceived",),
    )
    record = county.app.log.records[-1]
    assert record.as_history
    assert [(f.rule, f.verdict) for f in record.event.findings] == [("dev-apply", Verdict.BLOCK)]  # type: ignore[attr-defined]


def test_a_command_sent_twice_has_one_effect_and_the_same_answer() -> None:
    county = County()
    unit = county.branch()
    command_id = derived("once")
    first = county.do(
        "hold_meeting", date(2026, 1, 5), unit=unit, type="theme_party_day", command_id=command_id
    )
    size = len(county.app.log.records)
    again = county.do(
        "hold_meeting", date(2026, 1, 5), unit=unit, type="theme_party_day", command_id=command_id
    )
    assert len(county.app.log.records) == size
    assert again.repeated
    assert (again.event_ids, again.position) == (first.event_ids, first.position)


def test_another_command_under_a_used_id_is_refused() -> None:
    county = County()
    unit = county.branch()
    county.do("hold_meeting", date(2026, 1, 5), unit=unit, type="theme_party_day", command_id=derived("x"))
    with pytest.raises(Conflict):
        county.do(
            "hold_meeting", date(2026, 1, 6), unit=unit, type="theme_party_day", command_id=derived("x")
        )


def test_one_person_one_stream_by_identity_number_or_by_name_birth_day_and_unit() -> None:
    county = County()
    unit = county.branch()
    first = county.member(unit, "李", born_on=date(1980, 1, 1), id_number="110101198001010018")
    by_number = county.do(
        "receive_application", date(2026, 1, 1), unit=unit, name="李", id_number="110101198001010018"
    )
    by_name = county.do(
        "receive_application", date(2026, 1, 1), unit=unit, name="李", born_on=date(1980, 1, 1)
    )
    assert by_number.stream_id == by_name.stream_id == first


def test_an_act_of_tomorrow_is_refused() -> None:
    county = County()
    unit = county.branch()
    county.app.recording._allow_future = False
    with pytest.raises(WrongUsage) as refused:
        county.do(
            "hold_meeting", date(2026, 1, 6), unit=unit, recorded_on=date(2026, 1, 5), type="party_lecture"
        )
    assert refused.value.code == "day-in-future"


def test_a_decision_rests_on_the_roster_of_its_own_day() -> None:
    county = County()
    unit = county.branch()
    for number in range(4):
        county.member(unit, f"党员{number}")
    county.do(
        "register_member",
        date(2026, 3, 1),
        unit=unit,
        name="新",
        full_since=date(2026, 3, 1),
        as_history=True,
    )
    late = county.do(
        "hold_meeting",
        date(2026, 2, 1),
        unit=unit,
        recorded_on=date(2026, 4, 1),
        type="branch_assembly",
        attending=2,
        resolutions=[{"topic": "计划", "in_favour": 2}],
    )
    quorum = next(f for f in late.findings if f.rule == "meet-assembly-quorum")
    assert (quorum.facts["eligible"], quorum.verdict) == (4, Verdict.OK)


def test_a_correction_refolds_and_keeps_the_old_value_readable() -> None:
    county = County()
    unit = county.branch()
    applied = county.do(
        "receive_application", date(2025, 1, 10), unit=unit, name="王", born_on=date(1990, 1, 1)
    )
    county.correct(applied.event_ids[0], "on", "2025-01-08", date(2025, 3, 1))
    person = _state(county, applied.stream_id)
    assert person.acts[0].on == date(2025, 1, 8)
    assert county.app.log.records[-2].event.effective_on == date(2025, 1, 10)


def test_a_part_of_an_event_can_be_corrected_by_its_own_name() -> None:
    county = County()
    unit = county.branch()
    applied = county.do(
        "receive_application", date(2025, 1, 10), unit=unit, name="王", born_on=date(1990, 1, 1)
    )
    county.correct(applied.event_ids[0], "born_on", "1991-02-02", date(2025, 3, 1))
    profile = _state(county, applied.stream_id).profile
    assert (profile.name, profile.born_on) == ("王", date(1991, 2, 2))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("colour", "red", "field-unknown"),
        ("findings", [], "field-unknown"),
        ("received_on", "2025-02-30", "field-value"),
        ("received_on", "2025-01-10", "nothing-changes"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(field: str, value: object, code: str) -> None:
    county = County()
    unit = county.branch()
    applied = county.do(
        "receive_application", date(2025, 1, 10), unit=unit, name="王", born_on=date(1990, 1, 1)
    )
    with pytest.raises(WrongUsage) as refused:
        county.correct(applied.event_ids[0], field, value, date(2025, 3, 1))
    assert refused.value.code == code


def test_what_is_withdrawn_is_gone_and_cannot_be_corrected_any_more() -> None:
    county = County()
    unit = county.branch()
    applied = county.do(
        "receive_application", date(2025, 1, 10), unit=unit, name="王", born_on=date(1990, 1, 1)
    )
    county.retract(applied.event_ids[0], date(2025, 3, 1))
    assert _state(county, applied.stream_id).acts == ()
    with pytest.raises(WrongUsage) as refused:
        county.correct(applied.event_ids[0], "on", "2025-01-08", date(2025, 3, 2))
    assert refused.value.code == "event-withdrawn"


def test_a_failure_in_the_middle_of_a_transaction_undoes_all_of_it() -> None:
    county = County()
    unit = county.branch()
    size = len(county.app.log.records)
    from workflows.application import commands
    from workflows.application.recording import Batch, Request

    def job(batch: Batch) -> None:
        command = commands.parse("hold_meeting", {"type": "party_lecture"}, date(2020, 1, 2))
        batch.record(Request(command=command, actor="a", origin="cli", unit_id=unit))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        county.app.recording.work(job)
    assert len(county.app.log.records) == size
    outcome = county.do("hold_meeting", date(2020, 1, 3), unit=unit, type="party_lecture")
    assert outcome.position == size + 1
