"""A clerk at the forms: opens one, keeps what it carries, posts it from a page of the site."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.entrypoints.web_county import County

HERE = "http://127.0.0.1:8000"
CLERK = "王建国"
TAG = re.compile(r"<[^>]+>")
CARRIED = re.compile(r'<input type="hidden" name="(token|command_id)" value="([^"]*)">')


def text_of(answer: Response) -> str:
    """Return the text of a page, its tags left out."""
    return " ".join(unescape(TAG.sub(" ", answer.text)).split())


class Clerk:
    """Whoever fills in one form after another."""

    def __init__(self, site: TestClient, books: County) -> None:
        self.site, self.books = site, books
        self.carried: dict[str, str] = {}

    def step(self, person: str, command: str) -> str:
        """Return where a step of someone is done."""
        return f"/people/{self.books.people[person]}/steps/{command}"

    def open(self, path: str) -> str:
        """Open a form and return its text."""
        answer = self.site.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        self.carried = dict(CARRIED.findall(answer.text))
        return text_of(answer)

    def post(self, path: str, do: str, *, origin: str | None = HERE, **fields: Any) -> Response:
        """Post what was filled in to a form that was opened; return the page that shows it."""
        headers = {} if origin is None else {"origin": origin}
        data = {**self.carried, **fields, "do": do}
        answer: Response = self.site.post(path, data=data, headers=headers, follow_redirects=False)
        if "?draft=" in answer.headers.get("location", ""):  # led to what shows the posting again
            answer = self.site.get(answer.headers["location"])
        return answer

    def record(self, path: str, **fields: Any) -> str:
        """Open, check and confirm a form; return the text of the page at the end."""
        self.open(path)
        checked = self.post(path, "check", **fields)
        assert checked.status_code == 200, text_of(checked)
        done = self.post(path, "confirm", **fields)
        assert done.status_code == 303, text_of(done)
        return text_of(self.site.get(done.headers["location"]))

    def id_of(self, name: str) -> str:
        """Return the id of someone, as a form carries it."""
        return str(self.books.people[name])

    def count(self) -> int:
        """Return how many records there are."""
        with self.books.log.read() as reading:
            return reading.head()
