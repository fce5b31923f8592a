"""An election by page: each step leads to the next, with who was asked for and who was approved filled in."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, POSTS, County, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.site import create_app

NOMINEES = ["王建国", "陈秀兰", "赵国强", "孙小燕", "刘福生", "党员01"]


@pytest.fixture(scope="module")
def asked() -> tuple[Clerk, str]:
    """A clerk, and a branch that has asked for its election with six nominees for five seats."""
    books: County = county()
    books.act("2026-12-01", "request_election", {"seats": 5, "nominees": NOMINEES})
    clerk = Clerk(TestClient(create_app(books, actor=CLERK), base_url=HERE), books)
    return clerk, f"/units/{books.units[BRANCH]}"


def test_the_approval_has_those_asked_for_ticked_and_leads_to_the_ballot(asked: tuple[Clerk, str]) -> None:
    clerk, home = asked
    form = clerk.site.get(f"{home}/acts/approve_election").text
    ticked = re.findall(r'name="nominees" value="[^"]+" id="[^"]+" checked><label[^>]*>(\S+)', form)
    assert ticked == ["王建国", "陈秀兰", "赵国强", "孙小燕", "刘福生", "党员01"]
    offered = re.findall(r'name="struck" value="[^"]+" id="[^"]+"><label[^>]*>(\S+)', form)
    assert sorted(offered) == sorted(NOMINEES)
    nominees = [clerk.id_of(name) for name in NOMINEES]
    done = clerk.record(f"{home}/acts/approve_election", on="2026-12-02", nominees=nominees)
    assert "换届的下一步：选举支部委员会" in done


def test_the_ballot_lists_who_was_approved_and_every_row_can_be_chosen(asked: tuple[Clerk, str]) -> None:
    clerk, home = asked
    form = clerk.site.get(f"{home}/acts/elect_committee").text
    assert re.search(r'<input id="seats"[^>]* value="5"', form)
    rows = [part.split("</select>")[0] for part in form.split('<select id="candidates.')[1:]]
    chosen = [re.findall(r"selected>([^（]+)（", row) for row in rows]
    assert [name for row in chosen for name in row] == NOMINEES
    posts = [part.split("</select>")[0] for part in form.split('<select id="posts.')[1:]]
    people = [row for row in posts if ".person" in row.partition('"')[0]]
    assert len(people) == 3
    assert all("王建国（书记）" in row for row in people)


def test_who_was_not_elected_is_told_by_name_and_the_division_of_posts_is_asked_for(
    asked: tuple[Clerk, str],
) -> None:
    clerk, home = asked
    votes = {
        f"candidates.{place}.{part}": told
        for place, name in enumerate(NOMINEES)
        for part, told in (("person", clerk.id_of(name)), ("votes", "19" if name in POSTS else "3"))
    }
    minutes = {"attending": "20", "ballots_issued": "20", "ballots_returned": "20", "ballots_valid": "20"}
    given = {"on": "2026-12-03", "seats": "5", "secret": "true", "why": "任期内换届", **minutes, **votes}
    done = clerk.record(f"{home}/acts/elect_committee", **given)
    assert "未当选（党员01，3 票）" in done
    told = text_of(clerk.site.get(home))
    assert "选出的委员还没有登记分工" in told
    filed = clerk.record(
        f"{home}/acts/approve_officers",
        **{"on": "2026-12-04", "posts.0.person": clerk.id_of("王建国"), "posts.0.said": "secretary"},
    )
    assert "换届的下一步：委员备案" in filed
    assert "选出的委员还没有登记分工" not in text_of(clerk.site.get(home))
