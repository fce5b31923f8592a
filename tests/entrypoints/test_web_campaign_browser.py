"""A rating is read on a phone in a real browser: units as cards, one unit side by side; axe looks on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.test_web_campaign import RATED, campaign
from tests.entrypoints.web_cases import Cases
from tests.entrypoints.web_county import BRANCH
from tests.support.browser import assert_accessible, assert_no_sideways_scroll, follow
from tests.support.serving import served
from workflows.entrypoints.web.site import create_app

ONLY_SHOWN = "打分、定等次请在电脑上操作"


@pytest.fixture
def made() -> Cases:
    """A county with a campaign."""
    return campaign()


@pytest.fixture
def site(made: Cases) -> Iterator[str]:
    """The address of the site, whose pages record as the secretary."""
    with served(create_app(made.books, actor="王建国")) as address:
        yield address


def test_a_rating_is_only_read_on_a_phone_and_worked_on_at_a_desk(
    site: str, made: Cases, phone: Page
) -> None:
    page = phone
    page.goto(f"{site}/campaigns/{made.ids[RATED]}")
    expect(page.get_by_text(ONLY_SHOWN)).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    follow(page.get_by_role("link", name=BRANCH).last, touch=True)
    expect(page.get_by_role("heading", level=1)).to_have_text(BRANCH)
    expect(page.get_by_role("link", name="确定等次")).to_be_hidden()
    page.locator("details summary").first.tap()
    expect(page.get_by_text("支部党员大会").first).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_text(ONLY_SHOWN)).to_be_hidden()
    follow(page.get_by_role("link", name="确定等次"))
    expect(page.get_by_role("combobox").first).to_be_visible()
    assert_accessible(page)
