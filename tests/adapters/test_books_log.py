"""Whole use cases over the real store: the same promises on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import inspect, update

from tests.support.statements import statements
from workflows.adapters.store.tables import caused as indexed
from workflows.adapters.views.tables import units
from workflows.application import commands
from workflows.application.amending import Amendment
from workflows.application.books import Books
from workflows.application.recording import Outcome, Request
from workflows.bootstrap import App, Settings, open_app
from workflows.kernel.clock import FixedClock, SteeredClock, moment_of
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import derived

NOW = moment_of(date(2026, 11, 21))


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    with open_app(_settings(database_url, tmp_path), clock=FixedClock(NOW)) as opened:
        yield opened


def _settings(url: str, folder: Path) -> Settings:
    return Settings(folder / "home", url, folder / "keys" / "master.key", "tester")


def _do(app: App, verb: str, on: date, fields: Mapping[str, object], **more: object) -> Outcome:
    command = commands.parse(verb, fields, on)
    return app.recording.record(Request(command=command, actor="t", origin="cli", **more))  # type: ignore[arg-type]


def _branch(app: App, name: str = "甲支部") -> object:
    outcome = _do(app, "establish_unit", date(2020, 1, 1), {"name": name}, as_history=True, reason="r")
    return outcome.stream_id


def test_what_was_recorded_is_there_when_the_county_is_opened_again(
    database_url: str, tmp_path: Path
) -> None:
    with open_app(_settings(database_url, tmp_path), clock=FixedClock(NOW)) as app:
        unit = _branch(app)
        fields = {"name": "李", "full_since": date(2010, 1, 1), "phone": "13800000000"}
        person = _do(
            app, "register_member", date(2010, 1, 1), fields, unit_id=unit, as_history=True
        ).stream_id
    with open_app(_settings(database_url, tmp_path), clock=FixedClock(NOW)) as app, app.log.read() as reading:
        books = Books(reading, app.rules)
        assert [entry.name for entry in reading.directory.units()] == ["甲支部"]
        assert reading.directory.people_of(unit) == [person]  # type: ignore[arg-type]
        assert reading.directory.units_of(person) == [unit]  # type: ignore[arg-type]
        assert books.person_state(person).profile.name == "李"  # type: ignore[arg-type]
        assert books.roster(unit, date(2026, 1, 1)).full == 1  # type: ignore[arg-type, union-attr]


def test_no_personal_data_lies_in_the_database_in_clear(sqlite_url: str, tmp_path: Path) -> None:
    with open_app(_settings(sqlite_url, tmp_path), clock=FixedClock(NOW)) as app:
        unit = _branch(app)
        fields = {
            "name": "欧阳无名",
            "born_on": date(1987, 6, 5),
            "id_number": "11010119870605001X",
            "phone": "13812345678",
        }
        more = {"unit_id": unit, "command_id": derived("applied")}
        applied = _do(app, "receive_application", date(2026, 3, 2), fields, **more)
        assert any(finding.facts.get("born_on") == "1987-06-05" for finding in applied.findings)
        young = {"name": "司空未成", "born_on": date(2015, 4, 3)}
        _do(app, "receive_application", date(2026, 3, 2), young, unit_id=unit, as_history=True, reason="r")
        heard = {"person_id": applied.stream_id, "command_id": derived("talk")}
        _do(app, "hold_first_talk", date(2026, 3, 9), {"by": "司马路人"}, **heard)
        renamed = Amendment(
            event=applied.event_ids[0],
            actor="t",
            origin="cli",
            reason="r",
            field="name",
            value="欧阳有名",
            command_id=derived("named"),
        )
        app.amending.amend(renamed)
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (*fields.values(), *young.values(), "司马路人", "欧阳有名"):
        assert str(secret).encode() not in stored, secret
    assert "甲支部".encode() in stored


def test_a_refused_act_leaves_no_trace(app: App) -> None:
    unit = _branch(app)
    with app.log.read() as reading:
        before = reading.head()
    outcome = _do(
        app,
        "receive_application",
        date(2026, 6, 30),
        {"name": "王", "born_on": date(2008, 7, 1)},
        unit_id=unit,
    )
    assert outcome.refused
    with app.log.read() as reading:
        assert reading.head() == before
        assert reading.directory.people_of(unit) == []  # type: ignore[arg-type]


def test_many_at_once_get_each_their_durable_answer_and_none_disturbs_the_others(app: App) -> None:
    unit = _branch(app)
    answers: dict[int, object] = {}

    def work(number: int) -> None:
        try:
            kind = "party_lecture" if number % 5 else "no-such-type"
            meeting = {"type": kind, "attending": number}
            answers[number] = _do(
                app, "hold_meeting", date(2026, 1, 5), meeting, unit_id=unit, command_id=derived("m", number)
            ).position
        except WrongUsage as wrong:
            answers[number] = wrong.code

    threads = [threading.Thread(target=work, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [number for number, answer in answers.items() if answer == "command-field"]
    positions = [answer for answer in answers.values() if isinstance(answer, int)]
    assert sorted(refused) == list(range(0, 40, 5))
    assert len(set(positions)) == 32
    with app.log.read() as reading:
        assert len(reading.load(unit)) == 33  # type: ignore[arg-type]
        assert Books(reading, app.rules).unit_state(unit).acts  # type: ignore[arg-type]


def test_a_command_sent_twice_at_once_has_one_effect(app: App) -> None:
    unit = _branch(app)
    found: list[Outcome] = []

    def work() -> None:
        meeting = {"type": "party_lecture"}
        found.append(
            _do(app, "hold_meeting", date(2026, 1, 5), meeting, unit_id=unit, command_id=derived("twice"))
        )

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({outcome.event_ids for outcome in found}) == 1
    with app.log.read() as reading:
        assert len(reading.load(unit)) == 2  # type: ignore[arg-type]


def test_a_corrected_name_of_a_unit_is_found_under_its_new_name(app: App) -> None:
    unit = _branch(app)
    with app.log.read() as reading:
        event = reading.load(unit)[0].event_id  # type: ignore[arg-type]
    app.amending.amend(
        Amendment(event=event, actor="t", origin="cli", reason="r", field="name", value="乙支部")
    )
    with app.log.read() as reading:
        assert [entry.name for entry in reading.directory.units()] == ["乙支部"]
    assert app.log.store.verify().faults == ()


def test_as_known_before_a_correction_the_old_value_stands(app: App) -> None:
    unit = _branch(app)
    clock = app.clock
    assert isinstance(clock, SteeredClock)
    fields = {"name": "王", "born_on": date(1990, 1, 1)}
    applied = _do(app, "receive_application", date(2026, 3, 2), fields, unit_id=unit)
    before = applied.position
    clock.put(moment_of(date(2026, 12, 1)))
    app.amending.amend(
        Amendment(
            event=applied.event_ids[0], actor="t", origin="cli", reason="r", field="on", value="2026-03-01"
        )
    )
    assert applied.stream_id is not None
    with app.log.read() as reading:
        now = Books(reading, app.rules).person_state(applied.stream_id)
        then = Books(reading, app.rules, known_on=before).person_state(applied.stream_id)
    assert (now.acts[0].on, then.acts[0].on) == (date(2026, 3, 1), date(2026, 3, 2))


# --- the units kept between readings -------------------------------------------------------------------


def _names(app: App) -> list[str]:
    with app.log.read() as reading:
        return [entry.name for entry in reading.directory.units()]


def test_a_second_reading_takes_the_units_of_the_first_one(app: App) -> None:
    _branch(app, "甲支部")
    assert _names(app) == ["甲支部"]
    with statements(app.log.store.database.engine) as sent:
        assert _names(app) == ["甲支部"]
    assert not [one for one in sent if "directory_units" in one]


def test_a_unit_set_up_renamed_or_corrected_meanwhile_is_seen_by_the_next_reading(app: App) -> None:
    unit = _branch(app, "甲支部")
    assert _names(app) == ["甲支部"]
    _branch(app, "乙支部")
    assert _names(app) == ["甲支部", "乙支部"]
    _do(app, "rename_unit", date(2026, 3, 1), {"name": "丙支部", "document": "文1"}, unit_id=unit)
    assert _names(app) == ["丙支部", "乙支部"]


def test_an_earlier_reading_goes_on_seeing_the_units_of_its_moment(app: App) -> None:
    _branch(app, "甲支部")
    with app.log.read() as earlier:
        assert earlier.head() == 1
        _branch(app, "乙支部")
        assert _names(app) == ["甲支部", "乙支部"]
        assert [entry.name for entry in earlier.directory.units()] == ["甲支部"]
    assert _names(app) == ["甲支部", "乙支部"]


def test_a_directory_filled_anew_is_noticed_though_nothing_was_recorded(app: App) -> None:
    _branch(app, "甲支部")
    with app.log.store.database.writing() as connection:
        connection.execute(update(units).values(name="错"))
    assert _names(app) == ["错"]
    assert not app.rebuild("directory")[0]["equal"]
    assert _names(app) == ["甲支部"]


def test_what_an_event_caused_is_found_by_an_index_that_a_log_made_before_gets_when_it_is_opened(
    database_url: str, tmp_path: Path
) -> None:
    with open_app(_settings(database_url, tmp_path), clock=FixedClock(NOW)) as app:
        unit = _branch(app)
        fields = {"source": "self_check", "text": "缺课", "due_on": date(2026, 11, 20)}
        day = date(2026, 10, 11)
        with app.log.read() as reading:
            (founded,) = reading.load(unit)  # type: ignore[arg-type]
        told = {"unit_id": unit, "as_history": True, "reason": "r"}
        caused = _do(app, "open_issue", day, fields, subject="甲", causation_id=founded.event_id, **told)
        _do(app, "open_issue", day, fields, subject="乙", **told)
        with app.log.store.database.writing("an older program") as connection:
            indexed.drop(connection)
    with open_app(_settings(database_url, tmp_path), clock=FixedClock(NOW)) as app, app.log.read() as reading:
        assert inspect(reading.connection).has_index("events", str(indexed.name))
        assert reading.begun_by([founded.event_id]) == [caused.stream_id]
        assert reading.begun_by([]) == []
