"""The command line over a county in memory: no database, no keys, a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from workflows.application import commands
from workflows.application.amending import Amending
from workflows.application.recording import Request
from workflows.bootstrap import Settings, memory_app
from workflows.entrypoints.cli import opening, zhibu
from workflows.kernel.clock import moment_of
from workflows.projections.answers import Answering

Run = Callable[..., Result]
TODAY = date(2026, 3, 20)


class Books:
    """What ``open_app`` gives, in memory, with nothing on the books."""

    def __init__(self) -> None:
        made = memory_app()
        self.log, self.clock, self.rules, self.recording = made.log, made.clock, made.rules, made.recording
        self.recording._allow_future = False
        self.settings = Settings(Path("home"), "", Path("key"), "tester")
        self.amending = Amending(self.recording)
        self.answering = Answering(self.log, self.rules, self.clock)
        self.clock.put(moment_of(TODAY))

    def act(
        self,
        do: str,
        on: date | None,
        *,
        unit: UUID | None = None,
        person: UUID | None = None,
        superior_id: UUID | None = None,
        file: UUID | None = None,
        subject: str | None = None,
        **fields: Any,
    ) -> UUID:
        """Record one command as history and return its stream."""
        outcome = self.recording.record(
            Request(
                command=commands.parse(do, fields, on),
                actor="test",
                origin="cli",
                unit_id=unit,
                person_id=person,
                named_unit_id=superior_id,
                file_id=file,
                subject=subject,
                as_history=True,
                reason="test",
            )
        )
        assert outcome.stream_id is not None
        return outcome.stream_id

    def close(self) -> None:
        """Nothing was opened."""


class County(Books):
    """Two branches under a town committee."""

    def __init__(self) -> None:
        super().__init__()
        town = self.act("establish_unit", date(2024, 1, 1), name="东河镇党委", level="committee")
        self.east = self.act(
            "establish_unit", date(2024, 1, 1), superior_id=town, name="东河村党支部", kind="village"
        )
        self.west = self.act(
            "establish_unit", date(2024, 1, 1), superior_id=town, name="西山村党支部", kind="village"
        )
        for name in ("赵一", "钱二", "孙三", "李四"):
            self.act("register_member", None, unit=self.east, name=name, full_since=date(2010, 7, 1))
        self.act("register_member", None, unit=self.west, name="李四", full_since=date(2012, 7, 1))
        self.wang = self.act(
            "receive_application", date(2024, 3, 1), unit=self.east, name="王五", born_on=date(1999, 5, 1)
        )
        self.act("hold_first_talk", date(2024, 3, 20), person=self.wang)
        self.act("confirm_activist", date(2024, 6, 1), person=self.wang)


@contextmanager
def a_county(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[County, Run]]:
    """Yield a county and what runs ``zhibu`` on it."""
    county = County()
    yield county, runner(monkeypatch, county)


def runner(monkeypatch: pytest.MonkeyPatch, books: Books) -> Run:
    """Return what runs ``zhibu`` on some books."""
    monkeypatch.setattr(opening, "opened", lambda frame: books)
    for name in ("ZHIBU_HOME", "ZHIBU_DATABASE_URL", "ZHIBU_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str) -> Result:
        return CliRunner().invoke(zhibu, list(args), prog_name="zhibu")

    return run


def answered(result: Result, code: int = 0) -> Any:
    """Return the JSON on stdout of a run that ended with ``code``."""
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    return json.loads(result.stdout)
