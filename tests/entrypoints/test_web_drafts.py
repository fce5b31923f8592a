"""What was filled in is shown again at an address of its own: to the browser that posted it alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.forms.drafts import MOST_KEPT, Drafts
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.site import create_app


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county of his own."""
    books = county()
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def led(clerk: Clerk, path: str, do: str, **fields: str) -> Response:
    """Post to a form that was opened and return the answer itself."""
    data = {**clerk.carried, **fields, "do": do}
    answer: Response = clerk.site.post(path, data=data, headers={"origin": HERE}, follow_redirects=False)
    return answer


def test_a_check_has_an_address_that_can_be_shown_again_and_records_nothing(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    before = clerk.count()
    answer = led(clerk, path, "check", on="2026-12-04")
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert "何志强" not in address
    for _ in range(2):
        told = clerk.site.get(address)
        assert told.status_code == 200
        assert "提交前请核对" in text_of(told)
        assert told.headers["Cache-Control"] == "no-store"
    assert clerk.count() == before
    assert led(clerk, path, "confirm", on="2026-12-04").status_code == 303
    assert clerk.count() == before + 1
    gone_back = clerk.site.get(address)
    assert "/done?event=" in str(gone_back.url)
    assert clerk.count() == before + 1


def test_mistakes_and_one_more_row_have_addresses_too(clerk: Clerk) -> None:
    unit = clerk.books.units[BRANCH]
    path = f"/units/{unit}/acts/elect_committee"
    clerk.open(path)
    wrong = led(clerk, path, "check", seats="很多")
    assert wrong.status_code == 303
    assert clerk.site.get(wrong.headers["location"]).status_code == 422
    more = led(clerk, path, "add:candidates", **{"candidates.3.votes": ""})
    assert 'name="candidates.4.votes"' in clerk.site.get(more.headers["location"]).text
    batch = f"/pipeline/batch/hold_first_talk?draft={more.headers['location'].partition('=')[2]}"
    assert clerk.site.get(batch).status_code in (400, 404)
    assert clerk.site.get("/pipeline/batch/hold_first_talk").status_code == 404


def test_another_browser_is_not_shown_it_nor_a_program_started_again(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    answer = clerk.site.post(
        path,
        data={**clerk.carried, "on": "2026-12-04", "by.other": "韩某某", "do": "check"},
        headers={"origin": HERE},
        follow_redirects=False,
    )
    address = answer.headers["location"]
    assert "韩某某" in text_of(clerk.site.get(address))
    mine = dict(clerk.site.cookies)
    clerk.site.cookies.clear()
    other = clerk.site.get(address)
    assert other.status_code == 200
    assert "韩某某" not in other.text
    with TestClient(create_app(clerk.books, actor=CLERK), base_url=HERE, cookies=mine) as later:
        again = later.get(address)
    assert again.status_code == 200
    assert "韩某某" not in again.text
    assert "① 填写" in text_of(again)


def test_the_oldest_are_forgotten_and_nobody_without_a_token_has_any() -> None:
    drafts = Drafts()
    keys = [drafts.keep("me", Posted([("do", "check")])) for _ in range(MOST_KEPT + 1)]
    assert len(set(keys)) == MOST_KEPT + 1
    assert drafts.find("me", keys[0]) is None
    assert drafts.find("me", keys[-1]) is not None
    assert drafts.find("", keys[-1]) is None
    assert drafts.find("other", keys[-1]) is None
