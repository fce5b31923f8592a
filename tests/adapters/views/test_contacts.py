"""联系点 as kept rows: what stands at the end of a year rests on the posts, the branches and what ended."""

from __future__ import annotations

from datetime import date

from tests.adapters.views.test_adoption import TODAY, Desk
from tests.support.books import county
from workflows.adapters.packs import text_of

ONE_YEAR = "{ from = 2021-01-01, value = false }"
"""What ends the duty of the plan; the plan of these tests goes on."""


def said(desk: Desk, on: date) -> tuple[str, dict[str, int]]:
    """Return verdict and base of the cell of the year on a day, from kept rows; they equal those folded."""
    kept, folded = (a.compliance(None, "2026", on) for a in (desk.told.live, desk.told.folded))
    assert kept["rows"] == folded["rows"]
    (row,) = (row for row in kept["rows"] if row["rule"] == "s003-lead")
    return row["verdict"], row["base"]


def test_what_stands_on_a_day_is_the_same_kept_and_folded(database_url: str) -> None:
    plan = (text_of("seed-003") or "").replace(ONE_YEAR, "{ from = 2031-01-01, value = false }")
    with county(database_url, TODAY) as told:
        desk = Desk(told)
        over = desk.do("establish_unit", date(2015, 1, 1), name="镇党委", level="committee")
        other = desk.do("establish_unit", date(2015, 1, 1), name="乡党委", level="committee")
        branch = desk.do("establish_unit", date(2015, 1, 1), named_unit_id=over, name="丙支部")
        desk.do("adopt_pack", date(2025, 12, 1), over, pack="seed-003", text=plan)
        for person, post in (("王", "secretary"), ("李", "deputy_secretary")):
            desk.do("appoint_secretary", date(2026, 1, 5), over, person=person, post=post, document="1号")
        assert said(desk, TODAY) == ("pending", {})
        for day, leader in ((date(2026, 2, 1), "王"), (date(2026, 4, 1), "李")):
            desk.do("keep_contact", day, over, named_unit_id=branch, branch="丙支部", leader=leader)
        assert said(desk, date(2026, 3, 31)) == ("pending", {"leaders": 2, "in_contact": 1})
        assert said(desk, TODAY) == ("met", {"leaders": 2, "in_contact": 2})
        desk.do("end_contact", date(2026, 5, 1), over, named_unit_id=branch, branch="丙支部", leader="李")
        assert said(desk, date(2026, 4, 30))[0] == "met"
        assert said(desk, TODAY) == ("pending", {"leaders": 2, "in_contact": 1})
        desk.do("end_post", date(2026, 6, 1), over, person="李")
        assert said(desk, TODAY) == ("met", {"leaders": 1, "in_contact": 1})
        desk.do("move_unit", date(2026, 6, 20), branch, named_unit_id=other, superior="乡党委")
        assert said(desk, date(2026, 6, 19))[0] == "met"
        assert said(desk, TODAY)[0] == "pending"
