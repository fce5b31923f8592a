"""A county told by a story, or on a database: what the tests of views and answers start from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from tests.support.scenario import rules
from workflows.adapters.keys import KeyStore
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.adapters.views.books_log import BooksLog
from workflows.adapters.views.live import SqlLiveRows
from workflows.adapters.views.runner import Views
from workflows.application.story import Player, read_story
from workflows.application.story_questions import questions
from workflows.bootstrap import story_app
from workflows.kernel.clock import FixedClock, moment_of
from workflows.projections.answers import Answering

BRANCH = """
title = "a branch"
[unit]
name = "甲支部"
kind = "village"
full_members = 16
established_on = 2015-01-01
"""


ACTIVISTS = """
title = "an activist is agreed before a year is full"
[unit]
name = "甲支部"
kind = "village"
full_members = 16
established_on = 2025-01-01
[people]
"王" = { stage = "activist", since = 2024-06-01, born_on = 1999-05-01 }
"李" = { stage = "activist", since = 2024-06-01, born_on = 1999-05-01 }
"""


class Told:
    """A story played: its outcomes, and whoever answers about it."""

    def __init__(self, text: str) -> None:
        story = read_story(text if "[unit]" in text or "[[units]]" in text else BRANCH + text)
        app = story_app(story)
        player = Player(story, app.recording, app.clock)
        self.played = player.play()
        self.log, self.app = app.log, app
        names = {step.person for step in story.steps if step.person} | set(story.people)
        named = {name: player.person_id(name) for name in names}
        self.answering = Answering(app.log, app.rules, app.clock, named=named)
        self.answers = [self.answering.ask(q.ask, q.arguments) for q in questions(story.ask)]

    def rows(self, question: str, **arguments: Any) -> list[dict[str, Any]]:
        """Return the rows of an answer."""
        rows: list[dict[str, Any]] = self.answering.ask(question, arguments)["rows"]
        return rows


class County:
    """A log on a database with its views, at noon of a day."""

    def __init__(self, url: str, today: date = date(2026, 6, 30), keys: KeyStore | None = None) -> None:
        self.url, self._own_keys = url, keys is None
        self.clock = FixedClock(moment_of(today))
        self.engine = make_engine(url)
        self.keys = KeyStore.in_memory() if keys is None else keys
        self.rules = rules()
        self.store = Store(self.engine, self.keys, self.clock, "county")
        self.log = BooksLog(self.store)
        self.views = Views(self.log, self.rules, self.clock, page=50)
        self.live = Answering(self.log, self.rules, self.clock, SqlLiveRows(self.views))
        self.folded = Answering(self.log, self.rules, self.clock)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()
        self.engine.dispose()
        if self._own_keys:
            self.keys.close()


@contextmanager
def county(url: str, today: date = date(2026, 6, 30), keys: KeyStore | None = None) -> Iterator[County]:
    """Open a county on a database and close it at the end; ``keys`` are those of another, kept open."""
    opened = County(url, today, keys)
    try:
        yield opened
    finally:
        opened.close()
