"""Two time axes: what is true as of a day, as known at a horizon, against an independent computation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from workflows.kernel.clock import moment_of
from workflows.kernel.events import Event, EventRetracted, FactCorrected, Recorded, history
from workflows.kernel.ids import derived

FIRST = date(2024, 1, 1)
STREAM = derived("stream")


class Rated(Event, tag="test.rated"):
    """A rate of a day."""

    rated_on: date
    rate: int


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _record(position: int, event: Event, recorded: int) -> Recorded:
    return Recorded(
        position=position,
        log_id="t",
        stream_id=STREAM,
        version=position,
        event_id=derived(position),
        event=event,
        actor="a",
        origin="cli",
        recorded_at=moment_of(_day(recorded)),
    )


@st.composite
def streams(draw: st.DrawFn) -> list[Recorded]:
    """Streams with back-dated facts, corrections of days and values, retractions of anything before."""
    records: list[Recorded] = []
    when = 0
    for position in range(1, draw(st.integers(1, 12)) + 1):
        when += draw(st.integers(0, 5))
        kind = draw(st.sampled_from(["fact", "fact", "correct", "retract"]))
        target = draw(st.sampled_from(records)) if records else None
        event: Event
        if kind == "retract" and target is not None:
            event = EventRetracted(retracted_on=_day(when), event_id=target.event_id, reason="r")
        elif kind == "correct" and target is not None and isinstance(target.event, Rated):
            field = draw(st.sampled_from(["rate", "rated_on"]))
            value = draw(st.integers(0, 9)) if field == "rate" else _day(draw(st.integers(0, 40))).isoformat()
            event = FactCorrected(
                corrected_on=_day(when), event_id=target.event_id, field=field, value=value, reason="r"
            )
        else:
            event = Rated(rated_on=_day(draw(st.integers(0, 40))), rate=draw(st.integers(0, 9)))
        records.append(_record(position, event, when))
    return records


def brute_force(
    records: list[Recorded], as_of: date | None, known: datetime | None
) -> list[tuple[date, int, int]]:
    """Replay the log up to the horizon once for every fact, asking the newest word first."""
    seen = [r for r in records if known is None or r.recorded_at <= known]

    def in_force(record: Recorded) -> bool:
        return not any(
            isinstance(other.event, EventRetracted)
            and other.event.event_id == record.event_id
            and other.position > record.position
            and in_force(other)
            for other in seen
        )

    found = []
    for record in seen:
        if not isinstance(record.event, Rated) or not in_force(record):
            continue
        values: dict[str, Any] = {"rated_on": record.event.rated_on, "rate": record.event.rate}
        for other in seen:
            if (
                isinstance(other.event, FactCorrected)
                and other.event.event_id == record.event_id
                and in_force(other)
            ):
                value = other.event.value
                values[other.event.field] = date.fromisoformat(value) if isinstance(value, str) else value
        found.append((values["rated_on"], record.position, values["rate"]))
    return sorted(row for row in found if as_of is None or row[0] <= as_of)


@given(streams(), st.none() | st.integers(0, 45), st.none() | st.integers(0, 60))
def test_history_equals_a_brute_force_computation(
    records: list[Recorded], as_of: int | None, known: int | None
) -> None:
    day = None if as_of is None else _day(as_of)
    horizon = None if known is None else moment_of(_day(known))
    told = [
        (r.effective_on, r.position, r.event.rate)
        for r in history(records, as_of=day, known_on=horizon)
        if isinstance(r.event, Rated)
    ]
    assert told == brute_force(records, day, horizon)


@given(streams(), st.integers(0, 12))
def test_a_position_is_a_horizon_too(records: list[Recorded], position: int) -> None:
    assert history(records, known_on=position) == history(records[:position])


def _story() -> list[Recorded]:
    wrong = _record(1, Rated(rated_on=_day(10), rate=1), 10)
    right = FactCorrected(
        corrected_on=_day(20), event_id=wrong.event_id, field="rate", value=2, reason="paper"
    )
    return [wrong, _record(2, right, 20)]


def test_a_correction_acts_on_days_long_before_its_own() -> None:
    assert [r.event.rate for r in history(_story(), as_of=_day(10)) if isinstance(r.event, Rated)] == [2]


def test_as_known_before_the_correction_the_old_value_stands() -> None:
    told = history(_story(), as_of=_day(30), known_on=moment_of(_day(19)))
    assert [r.event.rate for r in told if isinstance(r.event, Rated)] == [1]


def test_a_retracted_correction_gives_the_old_value_back() -> None:
    story = _story()
    undone = EventRetracted(retracted_on=_day(25), event_id=story[1].event_id, reason="r")
    told = history([*story, _record(3, undone, 25)])
    assert [r.event.rate for r in told if isinstance(r.event, Rated)] == [1]


def test_a_retracted_retraction_brings_the_event_back() -> None:
    fact = _record(1, Rated(rated_on=_day(1), rate=1), 1)
    gone = _record(2, EventRetracted(retracted_on=_day(2), event_id=fact.event_id, reason="r"), 2)
    back = _record(3, EventRetracted(retracted_on=_day(3), event_id=gone.event_id, reason="r"), 3)
    assert history([fact, gone]) == []
    assert history([fact, gone, back]) == [fact]
    assert isinstance(fact.event_id, UUID)
