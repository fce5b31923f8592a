"""The course of a person: twenty-five steps, parts of one counted as one, each with one name everywhere."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import County
from workflows.entrypoints.web.course import Mark, Segment, name_of
from workflows.entrypoints.wording import Wording
from workflows.policies.pack import Step


def text_of(site: TestClient, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", site.get(path).text)).split())


def test_the_course_of_2026_has_25_steps_of_which_the_eighth_has_parts(
    site: TestClient, books: County
) -> None:
    told = text_of(site, f"/people/{books.people['张雨桐']}")
    assert "全过程：25 步已办 3 步" in told
    for part in ("8 上级同意发展对象", "8a 公示", "8b 列为发展对象"):
        assert part in told
    counted = [tuple(map(int, pair)) for pair in re.findall(r"(\d+)/(\d+) ", told)]
    assert sum(total for _, total in counted) == 25
    assert sum(done for done, _ in counted) == 3


@pytest.mark.parametrize(
    ("shapes", "done"),
    [(("", "", ""), 2), (("", "", "todo"), 1), (("", "cur", "todo"), 1), (("todo",) * 3, 1)],
)
def test_a_step_of_several_parts_is_done_when_all_of_them_are(shapes: tuple[str, ...], done: int) -> None:
    parts = [Mark(number, "", shape) for number, shape in zip(("8", "8a", "8b"), shapes, strict=True)]
    segment = Segment("发展对象", "now", [Mark("7", "", ""), *parts])
    assert (segment.done, segment.total) == (done, 2)


def test_a_number_without_digits_is_a_step_of_its_own() -> None:
    assert [Mark(number, "", "").step for number in ("8a", "13", "x", "")] == ["8", "13", "x", ""]


def test_a_step_has_the_name_of_its_command_on_every_page(site: TestClient, books: County) -> None:
    wording = Wording()
    for step in books.rules.steps(date(2026, 12, 4)):
        assert name_of(step) == wording.command(step.id)
    person = text_of(site, f"/people/{books.people['张雨桐']}")
    assert "6 半年考察" in person
    assert "下一步：半年考察" in person
    assert "张雨桐 半年考察" in text_of(site, "/")
    assert "6 培养教育考察" not in person


def test_a_step_that_only_a_pack_knows_keeps_the_name_the_pack_gives_it() -> None:
    step = Step(id="visit-the-family", no="3c", title="家访", stage="activist", rule="dev-activist-review")
    assert name_of(step) == "家访"
