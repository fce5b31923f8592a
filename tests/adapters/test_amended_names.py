"""Names in corrections: on both databases no bare name lies in clear, and an erased key takes it away."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from workflows.adapters.store.tables import events
from workflows.application import commands
from workflows.application.amending import Amendment
from workflows.application.books import Books
from workflows.application.recording import Outcome, Request
from workflows.bootstrap import App, Settings, open_app
from workflows.domain.act import Who
from workflows.domain.person.events import MentorsAssigned
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.events import FactCorrected

STRANGER = "司马路人"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    settings = Settings(tmp_path / "home", database_url, tmp_path / "keys" / "master.key", "tester")
    with open_app(settings, clock=FixedClock(moment_of(date(2026, 11, 21)))) as opened:
        yield opened


def _do(app: App, verb: str, on: date, fields: Mapping[str, object], **more: Any) -> Outcome:
    command = commands.parse(verb, fields, on)
    asked = Request(command=command, actor="t", origin="cli", as_history=True, reason="r", **more)
    return app.recording.record(asked)


def _correct(app: App, event: UUID, field: str, value: Any) -> int:
    asked = Amendment(event=event, actor="t", origin="cli", reason="r", field=field, value=value)
    return app.amending.amend(asked).position


def _stored(app: App, position: int) -> bytes:
    with app.log.store.database.engine.connect() as connection:
        data = connection.execute(select(events.c.data).where(events.c.position == position)).scalar_one()
    return bytes(data)


def _assigned(app: App) -> tuple[UUID, UUID]:
    """Return an activist and the event that gave it two mentors, both on the books."""
    unit = _do(app, "establish_unit", date(2020, 1, 1), {"name": "甲支部"}).stream_id
    for name in ("王一", "李二"):
        member = {"name": name, "full_since": "2010-01-01"}
        _do(app, "register_member", date(2010, 1, 1), member, unit_id=unit)
    applicant = {"name": "欧阳", "born_on": "1990-01-01"}
    applied = _do(app, "receive_application", date(2025, 1, 5), applicant, unit_id=unit)
    assert applied.stream_id is not None
    told = {"persons": ["王一", "李二"]}
    assigned = _do(app, "assign_mentors", date(2025, 6, 1), told, person_id=applied.stream_id)
    return applied.stream_id, assigned.event_ids[0]


def _mentors(app: App, person: UUID) -> tuple[Who, ...] | None:
    with app.log.read() as reading:
        state = Books(reading, app.rules).person_state(person)
    (act,) = [act.event for act in state.acts if isinstance(act.event, MentorsAssigned)]
    return act.persons


def test_a_bare_name_put_in_by_a_correction_is_not_readable_in_the_stored_row(app: App) -> None:
    person, assigned = _assigned(app)
    data = _stored(app, _correct(app, assigned, "persons", [{"name": STRANGER}]))
    body = msgspec.json.decode(data)
    assert (body["field"], body["value"], body["personal"]) == ("persons", None, True)
    for bytes_ in (data, base64.b64decode(body["_sealed"])):
        assert STRANGER.encode() not in bytes_
        assert msgspec.json.encode(STRANGER) not in bytes_
    assert _mentors(app, person) == (Who(name=STRANGER),)


def test_a_bare_name_corrected_to_people_on_the_books_stays_sealed_where_it_was(app: App) -> None:
    person, assigned = _assigned(app)
    before = _mentors(app, person)
    assert before is not None
    _correct(app, assigned, "persons", [{"name": STRANGER}])
    ids = [{"person": str(who.person)} for who in before]
    back = _correct(app, assigned, "persons", ids)
    assert STRANGER.encode() not in _stored(app, back)
    assert _mentors(app, person) == before


def test_once_the_key_is_erased_the_corrected_name_is_gone_and_the_rest_is_read_on(app: App) -> None:
    person, assigned = _assigned(app)
    position = _correct(app, assigned, "persons", [{"name": STRANGER}])
    app.keys.erase(person)
    with app.log.read() as reading:
        (record,) = [r for r in reading.load(person) if r.position == position]
        state = Books(reading, app.rules).person_state(person)
    assert isinstance(record.event, FactCorrected)
    assert (record.event.value, record.event.field, record.event.reason) == (None, "persons", "r")
    assert state.profile.name is None
    (act,) = [act.event for act in state.acts if isinstance(act.event, MentorsAssigned)]
    assert act.persons is None
    assert app.log.store.verify().faults == ()
