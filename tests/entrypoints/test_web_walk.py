"""Every kind of page is walked to by its links: each answers, speaks in words, and stays on its day."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import cases
from tests.entrypoints.web_county import ID_NUMBER, PHONE
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.entrypoints.web.site import create_app

OF_A_KIND = 1
"""So many addresses that differ only in what they are about are looked at."""

NO_PAGE = re.compile(r"\.(xlsx|csv|docx)(\?|$)")
"""Files, which have tests of their own; of each kind one is fetched on the day itself alone."""

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HREF = re.compile(r'href="(/[^"#]*)')
NEVER = {
    "an id": UUID,
    "a word of the program": re.compile(r"\b[a-z]+_[a-z_]+\b"),
    "a value of the program": re.compile(r"\b(?:None|True|False|nan|null)\b"),
    "a number of a person": re.compile(rf"{ID_NUMBER}|{PHONE}"),
    "a gap": re.compile(r"《》|（）|：[，。；]"),
}
ON_A_DAY = re.compile("as_of=|known_on=")
EMPTY = re.compile(r"<(h[1-3]|dd|dt|option|legend)[^>]*>\s*</\1>|<a [^>]*>\s*</a>")


def kind_of(path: str) -> str:
    """Return what addresses of one kind have in common: the route, and which parameters there are."""
    parts = urlsplit(path)
    route = re.sub(r"/\d[^/]*", "/N", UUID.sub("ID", parts.path))
    return f"{route}?{'&'.join(sorted({name for name, _ in parse_qsl(parts.query)}))}"


def told(html: str) -> str:
    """Return the text of a page, what is meant to be copied left out."""
    body = re.sub(r"<(code|script|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def walked(site: TestClient, query: str = "") -> Iterator[tuple[str, str]]:
    """Yield addresses and pages, from the first page on; a file has no page."""
    waiting, seen, kinds = deque([f"/{query}"]), set[str](), Counter[str]()
    while waiting:
        path = waiting.popleft()
        if path in seen or kinds[kind_of(path)] >= OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        if query and NO_PAGE.search(path):
            continue
        answer = site.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        yield path, answer.text
        links = (unescape(link) for link in HREF.findall(answer.text))
        waiting += [
            link for link in links if not link.startswith("/static/") and ("as_of" in link) == bool(query)
        ]


@pytest.fixture(scope="module")
def site() -> TestClient:
    """The county with a case of every kind, for somebody who may record."""
    return TestClient(create_app(cases().books, actor=CLERK), base_url=HERE)


def test_every_kind_of_page_answers_and_speaks_in_words(site: TestClient) -> None:
    pages, wrong = 0, []
    for path, html in walked(site):
        pages += 1
        text = told(html)
        wrong += [(what, found[0], path) for what, rule in NEVER.items() if (found := rule.search(text))]
        wrong += [("nothing in it", found[0], path) for found in EMPTY.finditer(html)]
    assert wrong == []
    assert pages > 100


def test_on_a_past_day_every_link_of_a_page_stays_on_that_day(site: TestClient) -> None:
    pages, left = 0, []
    for path, html in walked(site, "?as_of=2026-10-15"):
        pages += 1
        main = html.partition("<main")[2].partition('class="foot"')[0]
        to_itself = urlsplit(path).path  # 重置, where the day is a field of the form
        links = (unescape(link) for link in HREF.findall(main))
        left += [(one, path) for one in links if not ON_A_DAY.search(one) and one != to_itself]
    assert left == []
    assert pages > 40
