"""合并重复的人 on the pages: proposed where somebody looks, laid side by side, recorded, led on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.site import create_app

BORN = "1979-02-03"


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county where 阿·木 was entered twice, and a namesake of another birth day once."""
    books = county()
    said = {"born_on": BORN, "full_since": "2010-07-01"}
    for name, more in (
        ("阿·木", {"education": "大专"}),
        ("阿•木", {"education": "本科", "phone": "13800001111"}),
    ):
        books.act("2010-07-01", "register_member", {"name": name, **said, **more})
    books.act("2010-07-01", "register_member", {**said, "name": "阿 · 木", "born_on": "1981-02-03"})
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def merging(clerk: Clerk) -> tuple[str, str, str]:
    keep, other = clerk.id_of("阿·木"), clerk.id_of("阿•木")
    return keep, other, f"/people/{keep}/steps/merge_persons"


def test_who_may_be_entered_twice_is_listed_beside_the_roster(clerk: Clerk) -> None:
    unit = clerk.books.units[BRANCH]
    assert f'href="/roster/twice?unit={unit}"' in clerk.site.get(f"/roster?unit={unit}").text
    page = clerk.site.get(f"/roster/twice?unit={unit}").text
    _, other, path = merging(clerk)
    assert f'href="{path}?other={other}"' in page
    assert page.count("姓名、出生日期相同") == 1
    assert clerk.id_of("阿 · 木") not in page, "another birth day tells a namesake apart"


def test_the_form_proposes_the_other_and_the_check_lays_both_side_by_side(clerk: Clerk) -> None:
    keep, other, path = merging(clerk)
    assert f'href="{path}"' in clerk.site.get(f"/people/{keep}/steps").text
    opened = clerk.site.get(f"{path}?other={other}").text
    assert f'<option value="{other}" selected>' in opened
    clerk.open(path)
    checked = text_of(clerk.post(path, "check", on="2026-12-04", other=other, reason="本人核对"))
    assert "学历 不同 大专 本科" in checked
    assert "电话 没有写 138******11" in checked
    assert "登记已有党员（ 2010-07-01 ）两边都记了：只算一次" in checked
    assert "以后撤回合并，也留在阿·木名下" in checked


def test_a_merger_recorded_leads_from_the_old_address_to_the_person_kept(clerk: Clerk) -> None:
    keep, other, path = merging(clerk)
    before = clerk.count()
    clerk.record(path, on="2026-12-04", other=other, reason="本人核对")
    led = clerk.site.get(f"/people/{other}", follow_redirects=False)
    assert led.headers["location"] == f"/people/{keep}?was={other}"
    told = text_of(clerk.site.get(led.headers["location"]))
    assert "你打开的“阿•木”是重复登记的，已经并到这里。" in told
    assert clerk.site.get(f"/people/{other}?known_on=@{before}", follow_redirects=False).status_code == 200
    unit = clerk.books.units[BRANCH]
    roster = text_of(clerk.site.get(f"/roster?unit={unit}"))
    assert ("阿·木" in roster, "阿•木" in roster) == (True, False)
    assert "没有找到" in clerk.site.get(f"/roster/twice?unit={unit}").text


def test_what_contradicts_is_told_at_the_field_with_both_sides_beside_it(clerk: Clerk) -> None:
    _, _, path = merging(clerk)
    clerk.open(path)
    refused = clerk.post(
        path, "check", on="2026-12-04", reason="同名", **{"other.other": clerk.id_of("阿 · 木")}
    )
    assert refused.status_code == 422
    told = text_of(refused)
    assert f"出生日期一边是 {BORN} ，一边是 1981-02-03" in told
    assert "出生 不同" in told
