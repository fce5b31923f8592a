"""可选的人: the rules say who may be mentor, sponsor, officer or secretary; the roster who has a vote."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told
from workflows.kernel.errors import WrongUsage

DAY = date(2026, 6, 1)
BRANCH = """
title = "a branch"
[unit]
name = "甲支部"
kind = "village"
established_on = 2015-01-01
full_members = 5
[people]
"李" = { stage = "full", since = 2015-07-01 }
"赵" = { stage = "full", since = 2015-07-01, rights_barred = true }
"钱" = { stage = "probationary", since = 2026-03-20 }
"孙" = { stage = "full", since = 2025-12-01 }
"周" = { stage = "activist", since = 2026-03-01 }
[[steps]]
on = 2026-05-01
do = "stop_membership"
person = "吴"
with = { ground = "abroad", since = 2020-01-01 }
"""


@pytest.fixture(scope="module")
def told() -> Told:
    return Told(BRANCH.replace("[[steps]]", '"吴" = { stage = "full", since = 2015-07-01 }\n[[steps]]', 1))


def who(told: Told, role: str, on: date = DAY) -> dict[str, dict[str, Any]]:
    answer = told.answering.eligible(told.answering.unit_named("甲支部"), role, on)
    return {row["person"]: row for row in answer["rows"]}


def may(told: Told, role: str, on: date = DAY) -> set[str]:
    return {name for name, row in who(told, role, on).items() if row["eligible"]}


def test_a_mentor_is_a_full_member(told: Told) -> None:
    assert {"李", "赵", "孙"} <= may(told, "mentor")
    refused = who(told, "mentor")["钱"]
    assert refused["eligible"] is False
    assert [f["rule"] for f in refused["findings"]] == ["dev-contact"]


def test_a_sponsor_s_rights_are_not_barred(told: Told) -> None:
    rows = who(told, "assign_sponsors")
    assert rows["李"]["eligible"]
    assert not rows["赵"]["eligible"]
    assert [f["rule"] for f in rows["赵"]["findings"]] == ["dev-introducers"]


def test_voters_are_those_of_the_roster(told: Told) -> None:
    rows = who(told, "voter")
    assert rows["赵"]["reasons"] == ["rights_barred"]
    assert rows["钱"]["reasons"] == ["probationary"]
    assert rows["吴"]["reasons"] == ["membership_stopped"]
    with told.answering.opened() as opened:
        roster = opened.books.roster(told.answering.unit_named("甲支部"), DAY)
        assert roster is not None
        assert {row["person_id"] for row in rows.values() if row["eligible"]} == set(map(str, roster.voters))


def test_a_secretary_has_been_a_member_for_a_year(told: Told) -> None:
    rows = who(told, "secretary")
    assert rows["李"]["eligible"]
    assert [f["rule"] for f in rows["孙"]["findings"]] == ["branch-secretary"]
    later = who(told, "secretary", date(2026, 12, 1))
    assert not later["孙"]["findings"]
    assert "孙" in may(told, "officer")


def test_who_rests_is_chosen_for_nothing_and_nobody_on_the_way_is_listed(told: Told) -> None:
    for role in ("mentor", "sponsor", "officer", "voter"):
        assert "吴" not in may(told, role)
        assert "周" not in who(told, role)
    assert "吴" in may(told, "mentor", date(2026, 4, 30))


def test_those_who_may_come_first_and_another_role_is_refused(told: Told) -> None:
    told_rows = [row["eligible"] for row in who(told, "sponsor").values()]
    assert told_rows == sorted(told_rows, reverse=True)
    with pytest.raises(WrongUsage) as refused:
        who(told, "weather")
    assert refused.value.code == "role-unknown"


DETAINED = """
[[steps]]
on = 2026-05-10
do = "bar_rights"
person = "孙"
with = { ground = "detention", until = 2026-08-09 }
"""


def test_who_is_detained_has_no_vote_until_the_detention_ends() -> None:
    told = Told(
        BRANCH.replace("[[steps]]", '"吴" = { stage = "full", since = 2015-07-01 }\n[[steps]]', 1) + DETAINED
    )
    assert who(told, "voter")["孙"]["reasons"] == ["rights_suspended"]
    assert who(told, "voter")["赵"]["reasons"] == ["rights_barred"]
    assert "孙" not in may(told, "officer", date(2026, 8, 9))
    assert {"孙"} <= may(told, "voter", date(2026, 8, 10))
    marks = {row["person"]: row["circumstances"] for row in told.answering.roster(on=DAY)["rows"]}
    assert marks["孙"] == {"suspended": {"since": "2026-05-10", "until": "2026-08-09"}}
    assert "barred" in marks["赵"]
