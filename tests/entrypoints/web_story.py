"""The pages of a story: what it tells stands on the books, and a clerk fills in the forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.testclient import TestClient

from tests.entrypoints.web_forms import CLERK, HERE, Clerk
from tests.support.books import Told
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of


def unit(name: str, kind: str, level: str, above: str = "") -> str:
    superior = f'superior = "{above}"\n' if above else ""
    told = f'[[units]]\nname = "{name}"\nkind = "{kind}"\nlevel = "{level}"\n{superior}'
    return told + "established_on = 2024-01-01\n" + ("full_members = 9\n" if level == "branch" else "")


def step(on: str, do: str, of: str, subject: str, given: str = "") -> str:
    told = f'[[steps]]\non = {on}\ndo = "{do}"\nunit = "{of}"\nsubject = "{subject}"\nreason = "照实"\n'
    return told + (f"with = {{ {given} }}\n" if given else "")


@dataclass
class Books:
    """What the pages need of the application."""

    answering: Any
    log: Any
    recording: Any
    rules: Any
    clock: Any


class Shown:
    """The pages of a story on a day, and where each of its cases is."""

    def __init__(self, story: str, today: date = date(2026, 12, 4)) -> None:
        told = Told(story)
        app = told.app
        app.clock.put(moment_of(today, 8))
        self.books = Books(told.answering, app.log, app.recording, app.rules, app.clock)
        self.site = TestClient(create_app(self.books, actor=CLERK), base_url=HERE)
        self.clerk = Clerk(self.site, self.books)  # type: ignore[arg-type]

    def place(self, kind: str, path: str, subject: str) -> str:
        """Return the page of a case."""
        answering = self.books.answering
        rows = [*answering.case_outlines(kind)["rows"], *answering.case_outlines(kind, withheld=True)["rows"]]
        return f"{path}/{next(row['file_id'] for row in rows if row['subject'] == subject)}"
