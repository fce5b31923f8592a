"""约日 all the way: told, refused where a day must be exact, judged, corrected, copied from a workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook as Sheets

from tests.application.test_importing import TODAY, _app, _import
from tests.support.scenario import PERSON, UNIT, Neighbours, recorded
from workflows.adapters.workbooks.rows import Workbook
from workflows.adapters.workbooks.workbook import read_workbook
from workflows.application.rough_days import told
from workflows.application.story import Player, read_story
from workflows.bootstrap import MemoryApp, story_app
from workflows.domain.person import events as ev
from workflows.domain.person.rough_days import of_state
from workflows.domain.person.state import Person, evolve
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import fold, history, with_approximate
from workflows.projections.answers import Answering

D = date
YEAR = ApproximateDay("1998年", D(1998, 1, 1), D(1998, 12, 31))


def test_the_fields_hold_the_latest_day_and_the_words_stand_beside() -> None:
    command, approx = told("register_member", {"name": "李", "admitted_on": "1998年"}, None, latest=TODAY)
    assert (command.on, command.admitted_on) == (YEAR.last, YEAR.last)  # type: ignore[attr-defined]
    assert approx == {"on": YEAR, "admitted_on": YEAR}


def test_an_unknown_admission_lay_behind_by_the_day_of_full_membership() -> None:
    fields = {"name": "李", "admitted_on": "不详", "full_since": "1999-06-01"}
    _, approx = told("register_member", fields, None, latest=TODAY)
    assert (approx["admitted_on"].first, approx["admitted_on"].last) == (D(1921, 7, 1), D(1999, 6, 1))


@pytest.mark.parametrize("text", ["2027年", "1920年"])
def test_what_has_not_come_or_is_too_old_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        told("register_member", {"name": "李", "admitted_on": text}, None, latest=TODAY)
    assert caught.value.code in ("day-in-future", "day-too-early")


def test_a_field_that_takes_no_rough_day_refuses_one() -> None:
    with pytest.raises(WrongUsage) as caught:
        told("bar_rights", {"until": "1998年"}, D(1998, 1, 1), latest=TODAY)
    assert caught.value.code == "command-field"


# --- stories ------------------------------------------------------------------------------------------------

STORY = """
title = "约日"
[unit]
name = "甲支部"
kind = "community"
full_members = 3
established_on = 1990-01-01
[people]
"李" = {{ stage = "full", since = "1998年" }}
"赵" = {{ stage = "full", since = "2025年" }}
"王" = {{ stage = "activist", since = "2024年", born_on = 1990-01-01 }}
{steps}
"""


def played(steps: str) -> list[Any]:
    story = read_story(STORY.format(steps=steps))
    app = story_app(story)
    return Player(story, app.recording, app.clock).play()


def step(on: str, do: str, more: str = "") -> str:
    return f'[[steps]]\non = {on}\ndo = "{do}"\n{more}\n'


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2024-12-31", "block"),
        ("2025-01-01", "incomplete"),
        ("2025-12-30", "incomplete"),
        ("2025-12-31", "ok"),
    ],
)
def test_a_year_of_training_from_2024_is_full_for_certain_from_the_last_day_of_2025(
    on: str, verdict: str
) -> None:
    (made,) = played(step(on, "agree_development_target", 'person = "王"'))
    found = next(f for f in made.outcome.findings if f.rule == "dev-object-min")
    assert found.verdict == verdict
    assert found.earliest_on is None
    if verdict == "incomplete":
        assert found.missing == ("activist_since",)
        assert made.outcome.refused


def test_a_secretary_of_1998_clearly_passes_and_one_of_2025_cannot_be_told() -> None:
    fields = 'with = {{ eligible = 5, attending = 5, seats = 1, posts = {{ "{name}" = "secretary" }} }}'
    sure, open_ = (
        played(step("2026-03-01", "elect_committee", fields.format(name=name)))[0] for name in ("李", "赵")
    )
    words = [
        next((f.verdict for f in made.outcome.findings if f.rule == "branch-secretary"), None)
        for made in (sure, open_)
    ]
    assert words == ["ok", "incomplete"]


def test_the_correction_to_the_exact_day_cures_what_was_incomplete() -> None:
    steps = (
        step('"2024年"', "confirm_activist", 'person = "孙"\nas_history = true\nrecorded_on = 2025-02-01')
        + step("2025-06-01", "agree_development_target", 'person = "孙"')
        + step(
            "2025-06-02",
            "correct",
            'person = "孙"\nwith = { event = 1, field = "on", value = "2024-03-01", reason = "会议记录" }',
        )
        + step("2025-06-03", "agree_development_target", 'person = "孙"')
    )
    made = played(steps)
    first, second = (next(f for f in made[n].outcome.findings if f.rule == "dev-object-min") for n in (1, 3))
    assert (first.verdict, second.verdict) == ("incomplete", "ok")
    assert second.approx == {}


def test_an_act_done_today_has_a_day() -> None:
    with pytest.raises(WrongUsage) as caught:
        played(step('"2024年"', "confirm_activist", 'person = "孙"'))
    assert caught.value.code == "rough-live"


# --- states -------------------------------------------------------------------------------------------------


def test_a_member_of_1998_is_one_for_certain_from_its_last_day_and_says_so() -> None:
    event = ev.MemberRegistered(member_on=YEAR.last, unit_id=UNIT, full_since=YEAR.last)
    told_so = with_approximate(event, {"member_on": YEAR, "full_since": YEAR})
    person = fold(evolve, Person(PERSON), history([recorded(told_so, 1)]))
    assert person.stage_on(D(1998, 12, 30)).value == "nobody"
    assert person.stage_on(D(1998, 12, 31)).value == "full"
    assert of_state(person, TODAY, 12)["standing_from"] == YEAR
    assert Neighbours().roster(UNIT, TODAY) is not None


def test_a_rough_birth_day_is_sealed_with_the_profile() -> None:
    born = ApproximateDay("约1950年", D(1950, 1, 1), D(1950, 12, 31))
    event = ev.MemberRegistered(
        member_on=D(1998, 7, 1),
        unit_id=UNIT,
        profile=ev.Profile(name="李", born_on=born.last, born_approx=born),
    )
    assert event.sealed_fields() == {"profile"}
    assert event.approx is msgspec.UNSET
    assert msgspec.json.decode(msgspec.json.encode(event), type=ev.MemberRegistered) == event


# --- workbooks ----------------------------------------------------------------------------------------------

ROSTER = ["姓名", "性别", "出生日期", "入党时间", "转正时间", "所在党支部"]
COURSES = [
    "姓名", "性别", "出生日期", "所在党支部", "申请入党时间", "谈话时间",
    "确定为入党积极分子时间", "支部大会接收时间",
]  # fmt: skip


def _book(admitted: Any = "1998年", full: Any = "1999年", applied: Any = "2009年3月") -> Workbook:
    sheets = Sheets()
    units = sheets.active
    assert units is not None
    units.title = "支部基本情况"
    units.append(["党支部名称", "支部类型", "成立时间"])
    units.append(["甲村党支部", "村", "1990-01-01"])
    roster = sheets.create_sheet("党员花名册")
    roster.append(ROSTER)
    roster.append(["李大山", "男", "1950-03-02", admitted, full, "甲村党支部"])
    courses = sheets.create_sheet("发展党员台账")
    courses.append(COURSES)
    courses.append(["周远", "男", "1985-03-02", "甲村党支部", applied, "2009年", "2009年秋", "2011年10月"])
    out = BytesIO()
    sheets.save(out)
    out.seek(0)
    return read_workbook(out, today=TODAY, name="名册.xlsx")


def _member(app: MemoryApp) -> ev.MemberRegistered:
    (event,) = [r.event for r in history(app.log.records) if isinstance(r.event, ev.MemberRegistered)]
    return event


def test_a_workbook_tells_rough_days_with_a_remark_and_again_nothing_new() -> None:
    app = _app()
    report = _import(app, _book())
    assert report.refusals == []
    remarks = [n for n in report.findings if n.remark is not None and n.remark.rule == "input-approximate"]
    assert {(n.sheet, n.row) for n in remarks} == {("党员花名册", 2), ("发展党员台账", 2)}
    assert "1998年" in remarks[0].remark.message  # type: ignore[union-attr]
    event = _member(app)
    assert (event.approximate("admitted_on"), event.admitted_on) == (YEAR, YEAR.last)
    size = len(app.log.records)
    again = _import(app, _book())
    assert (again.recorded, len(app.log.records)) == (0, size)
    assert again.refusals == []


def test_the_exact_day_in_a_later_workbook_takes_the_place_of_the_rough_one() -> None:
    app = _app()
    _import(app, _book())
    report = _import(app, _book(admitted="1998-07-01", applied="2009-03-09"))
    assert report.refusals == []
    event = _member(app)
    assert (event.admitted_on, event.member_on, event.approximate("admitted_on")) == (
        D(1998, 7, 1),
        D(1998, 7, 1),
        None,
    )
    size = len(app.log.records)
    back = _import(app, _book())  # the old file says nothing that the books do not know better
    assert (back.refusals, back.recorded, len(app.log.records)) == ([], 0, size)


def test_an_exact_day_outside_of_what_is_known_is_a_changed_cell() -> None:
    app = _app()
    _import(app, _book())
    report = _import(app, _book(admitted="1997-07-01"))
    assert [(r.row, r.trouble.code) for r in report.refusals] == [(2, "changed-cell")]
    assert _member(app).admitted_on == YEAR.last


def test_rough_and_exact_days_in_an_order_that_cannot_be_are_flagged() -> None:
    book = _book(admitted="1998年", full="1997-05-01")
    (row,) = next(sheet for sheet in book.sheets if sheet.kind == "members").rows
    assert "input-date-order" in [flag.rule for flag in row.flags]
    open_ = _book(admitted="1998年", full="1998-05-01")
    (row,) = next(sheet for sheet in open_.sheets if sheet.kind == "members").rows
    assert "input-date-order" not in [flag.rule for flag in row.flags]
    assert replace(row, flags=()).cells["admitted_on"] == YEAR


def test_a_plan_cannot_tell_and_tells_no_day_that_rests_on_a_rough_one() -> None:
    story = read_story(STORY.format(steps=""))
    app = story_app(story)
    Player(story, app.recording, app.clock).play()
    answering = Answering(app.log, app.rules, app.clock)
    person = answering.person_named("王", None)
    row = answering.plan(None, person, D(2025, 6, 1))["rows"][0]
    steps = {one["step"]: one for one in row["steps"]}
    agreed = steps["agree_development_target"]
    assert (agreed["status"], agreed["earliest_on"]) == ("cannot_tell", None)
    assert agreed["unknown"] == ["activist_since"]
    assert agreed["approx"]["earliest_on"] == {"from": "2025-01-01", "to": "2025-12-31"}
    later = row["steps"][row["steps"].index(agreed) + 1 :]
    assert later
    assert all(one["earliest_on"] is None for one in later)
    wished = answering.plan(None, person, D(2025, 6, 1), by=D(2025, 7, 1), step="agree_development_target")
    assert wished["rows"][0]["verdict"] == "cannot_tell"
    sure = answering.plan(None, person, D(2025, 12, 31), by=D(2026, 1, 1), step="agree_development_target")
    assert sure["rows"][0]["verdict"] != "cannot_tell"


def test_folds_of_rough_and_exact_days_are_equal_in_any_order_of_the_log() -> None:
    spring = ApproximateDay("2009年春", D(2009, 2, 1), D(2009, 5, 31))
    events = [
        ev.ApplicationReceived(received_on=D(2009, 3, 1), unit_id=UNIT),
        with_approximate(ev.FirstTalkHeld(held_on=spring.last), {"held_on": spring}),
        ev.ActivistConfirmed(confirmed_on=D(2009, 9, 1)),
    ]
    stories = [
        fold(evolve, Person(PERSON), history([recorded(e, n) for n, e in enumerate(order, 1)]))
        for order in (events, events[::-1], [events[2], events[0], events[1]])
    ]
    days = [[(act.on, type(act.event)) for act in one.acts] for one in stories]
    assert days[0] == days[1] == days[2]
    assert len({tuple((e.on, e.stage) for e in one.stages) for one in stories}) == 1
