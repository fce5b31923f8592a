"""合并重复的人 over the real store: the same promises on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from workflows.adapters.views.rebuild import Rebuilding
from workflows.application import commands
from workflows.application.amending import Amendment
from workflows.application.books import Books
from workflows.application.recording import Outcome, Request
from workflows.bootstrap import App, Settings, open_app
from workflows.kernel.clock import FixedClock, moment_of

TODAY = date(2026, 11, 21)


def _do(
    app: App, verb: str, on: date, unit: UUID | None, person: UUID | None = None, **said: object
) -> Outcome:
    request = Request(
        command=commands.parse(verb, said, on), actor="t", origin="cli", unit_id=unit, person_id=person,
        as_history=True, reason="r",
    )  # fmt: skip
    return app.recording.record(request)


def _open(url: str, folder: Path) -> App:
    settings = Settings(folder / "home", url, folder / "keys" / "master.key", "tester")
    return open_app(settings, clock=FixedClock(moment_of(TODAY)))


def _full(app: App, unit: UUID) -> int | None:
    with app.log.read() as reading:
        roster = Books(reading, app.rules).roster(unit, TODAY)
    return None if roster is None else roster.full


def test_merged_and_taken_apart_the_kept_rows_are_those_of_a_rebuild(
    database_url: str, tmp_path: Path
) -> None:
    with _open(database_url, tmp_path) as app:
        unit = _do(app, "establish_unit", date(2015, 1, 1), None, name="甲支部", kind="village").stream_id
        assert unit is not None
        keep, other, third = (
            _do(app, "register_member", date(2010, 7, 1), unit, name=name, full_since="2010-07-01").stream_id
            for name in ("阿·木", "阿•木", "白")
        )
        named = [str(other), str(keep), str(third)]
        _do(app, "hold_meeting", date(2026, 3, 1), unit, type="branch_assembly", attending=named)
        merged = _do(app, "merge_persons", TODAY, None, keep, other=str(other), reason="登记了两次")
        assert _full(app, unit) == 2
        (held,) = app.answering.meetings(unit, on=TODAY)["rows"]
        assert (held["eligible"], held["attending"]) == (2, 2)
        assert all(found.is_equal for found in Rebuilding(app.views).rebuild())
        with app.log.read() as reading:
            assert other is not None
            assert keep is not None
            assert set(reading.naming_any([other])) == {unit, keep}, "the meeting names them, and the merger"
    with _open(database_url, tmp_path) as app:
        assert _full(app, unit) == 2, "who opens the books anew finds one"
        app.amending.amend(Amendment(event=merged.event_ids[0], actor="t", origin="cli", reason="两个人"))
        assert _full(app, unit) == 3
        (held,) = app.answering.meetings(unit, on=TODAY)["rows"]
        assert (held["eligible"], held["attending"]) == (3, 3)
        assert all(found.is_equal for found in Rebuilding(app.views).rebuild())
