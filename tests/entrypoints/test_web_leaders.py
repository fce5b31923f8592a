"""Who is not of the unit that an act is about is chosen among the officers above, never among its members."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import VISIT, cases
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.entrypoints.web.forms.leaders import from_above, units_of
from workflows.entrypoints.web.site import create_app

LINE = [("镇党委", "committee"), ("县委", "county")]


@pytest.mark.parametrize(
    ("field", "units"),
    [
        ("county_leader", ["县委"]),
        ("township_leader", ["镇党委"]),
        ("first_secretary", ["镇党委", "县委"]),
        ("inspectors", ["镇党委", "县委"]),
        ("leader", ["镇党委", "县委"]),
    ],
)
def test_who_helps_or_looks_at_a_branch_holds_a_post_above_it(field: str, units: list[str]) -> None:
    assert from_above(field, "branch")
    assert units_of(field, LINE) == units


def test_who_puts_something_right_is_of_the_unit_and_a_committee_has_leaders_of_its_own() -> None:
    assert not from_above("owner", "branch")
    assert not from_above("by", "branch")
    assert not from_above("leader", "committee")


def test_who_was_planned_to_look_stands_in_the_form_of_the_visit() -> None:
    made = cases()
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        page = site.get(f"/inspections/{made.ids[VISIT]}/acts/record_visit").text
    field = page.partition('id="inspectors"')[2].partition("</fieldset>")[0]
    assert 'value="周敏"' in field
    assert 'type="checkbox"' not in field, "no member of the unit that is looked at"
