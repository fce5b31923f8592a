"""软弱涣散整顿 and 示范点: the course of each, and what its acceptance or assessment comes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.books import Told
from workflows.application.story import Player, read_story
from workflows.bootstrap import story_app

COUNTY = """
id = "overhaul"
title = "整顿办法"
issuer = "某县委组织部"
level = "county"
source = "例子"
issued_on = 2020-01-01
[[rules]]
id = "accept-score"
label = "验收得分不低于七十分"
kind = "count"
on = ["accept_overhaul"]
about = "listing"
of = "score_hundredths"
applies_to = { when = { score_hundredths = { min = 0 } } }
severity = "block"
values = [{ from = 2020-01-01, value = { min = 7000 } }]
clauses = [{ from = 2020-01-01, article = "第一条", confidence = "SS" }]
[[rules]]
id = "accept-dissatisfied"
label = "不满意率超过一半的不通过"
kind = "quota"
on = ["accept_overhaul"]
about = "listing"
of = "dissatisfied"
base = "asked"
applies_to = { when = { dissatisfied = { min = 0 } } }
severity = "block"
values = [{ from = 2020-01-01, value = "1/2" }]
clauses = [{ from = 2020-01-01, article = "第一条", confidence = "SS" }]
"""
UNIT = """
title = "an overhaul"
packs = ["overhaul.toml"]
[unit]
name = "甲支部"
kind = "village"
full_members = 9
"""


def step(on: str, do: str, given: str = "", subject: str = "2026年整顿") -> str:
    """Return one step of the case."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nsubject = "{subject}"\n'
    return told + (f"with = {{ {given} }}\n" if given else "")


LISTED = UNIT + step("2026-03-01", "list_unit", 'criteria = ["书记空缺三个月"]')
PLANNED = LISTED + step("2026-03-20", "plan_overhaul", 'first_secretary = "李", due_on = 2026-11-30')


def accepted(folder: Path, given: str, *, as_history: bool = False) -> tuple[str, bool | None, str]:
    """Return verdict and outcome of an acceptance, and where the case then stands."""
    (folder / "overhaul.toml").write_text(COUNTY, "utf-8")
    act = step("2026-11-20", "accept_overhaul", given)
    told = act.replace("\nsubject", "\nas_history = true\nsubject") if as_history else act
    story = read_story(PLANNED + told)
    app = story_app(story, folder)
    player = Player(story, app.recording, app.clock)
    played = player.play()
    with app.log.read() as reading:
        (entry,) = reading.directory.files()
        event = reading.load(entry.id)[-1].event
    return str(played[-1].outcome.verdict), getattr(event, "passed", None), getattr(event, "move", "")


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ("score = 70, dissatisfied = 50", True),
        ("score = 69.99, dissatisfied = 0", False),
        ("score = 100, dissatisfied = 50.01", False),
    ],
)
def test_an_overhaul_passes_from_seventy_points_unless_more_than_half_are_dissatisfied(
    tmp_path: Path, given: str, passed: bool
) -> None:
    move = "accept_overhaul" if passed else "fail_overhaul"
    assert accepted(tmp_path, given) == ("ok", passed, move)


@pytest.mark.parametrize("given", ["score = 70", "dissatisfied = 50", "passed = true", "asked = 15"])
def test_an_acceptance_without_a_half_that_the_rules_ask_for_is_incomplete(
    tmp_path: Path, given: str
) -> None:
    verdict, _, move = accepted(tmp_path, given)
    assert (verdict, move) == ("incomplete", "plan_overhaul")


@pytest.mark.parametrize("given", ["score = 69.99", "dissatisfied = 50.01", "passed = false"])
def test_an_acceptance_fails_by_one_half_whatever_the_other_is(tmp_path: Path, given: str) -> None:
    assert accepted(tmp_path, given) == ("ok", False, "fail_overhaul")


def test_an_old_acceptance_without_a_half_is_for_a_person_and_takes_nobody_off_the_list(
    tmp_path: Path,
) -> None:
    assert accepted(tmp_path, "score = 70", as_history=True) == ("warn", None, "leave_overhaul_open")


@pytest.mark.parametrize("given", ["score = 5", "dissatisfied = 99", "score = 90, dissatisfied = 0"])
def test_where_no_rule_judges_an_acceptance_a_person_says_whether_it_passed(given: str) -> None:
    text = PLANNED.replace('packs = ["overhaul.toml"]\n', "")
    told = Told(text + step("2026-11-20", "accept_overhaul", given))
    outcome = told.played[-1].outcome
    assert outcome.refused
    assert [(f.rule, f.missing) for f in outcome.findings] == [("overhaul-outcome", ("passed",))]


def test_a_unit_whose_acceptance_came_to_nothing_certain_is_not_taken_off_the_list() -> None:
    text = PLANNED.replace('packs = ["overhaul.toml"]\n', "")
    text += step("2026-11-20", "accept_overhaul", "score = 80").replace(
        "\nsubject", "\nas_history = true\nsubject"
    )
    told = Told(text + step("2026-12-01", "delist_unit"))
    assert [f.rule for f in told.played[-1].outcome.findings] == ["overhaul-unsettled"]
    assert told.played[-1].outcome.refused


def test_an_acceptance_said_to_be_passed_against_the_rules_is_refused(tmp_path: Path) -> None:
    verdict, _, _ = accepted(tmp_path, "score = 60, passed = true")
    assert verdict == "block"


def test_a_unit_is_taken_off_the_list_only_after_an_acceptance() -> None:
    text = PLANNED.replace('packs = ["overhaul.toml"]\n', "")
    early = Told(text + step("2026-10-01", "delist_unit"))
    assert early.played[-1].outcome.findings[0].rule == "file-stage"
    passed = text + step("2026-11-20", "accept_overhaul", "score = 80, passed = true")
    done = Told(passed + step("2026-12-01", "delist_unit") + step("2027-12-01", "end_follow_up"))
    assert [str(one.outcome.verdict) for one in done.played] == ["ok"] * 5
    assert (
        done.answering.ask("state", {"subject": "2026年整顿", "as_of": date(2027, 11, 30)})["stage"]
        == "delisted"
    )
    assert done.answering.ask("state", {"subject": "2026年整顿", "as_of": date(2027, 12, 1)})["over"]


VACANT = """
title = "the post that made it weak is still empty"
packs = ["weak-branches"]
[[units]]
name = "甲支部"
kind = "village"
established_on = 2024-01-01
full_members = 9
[[steps]]
on = 2024-01-01
do = "elect_committee"
unit = "甲支部"
with = { eligible = 9, attending = 9, posts = { "钱" = "secretary", "孙" = "organization" } }
[[steps]]
on = 2026-01-10
do = "end_post"
unit = "甲支部"
with = { person = "钱", post = "secretary" }
"""


def of_branch(on: str, do: str, given: str = "") -> str:
    return step(on, do, given).replace("subject", 'unit = "甲支部"\nsubject')


AT_THE_END = (
    VACANT
    + of_branch("2026-04-11", "list_unit", 'criteria = ["weak-secretary-vacant"]')
    + of_branch("2026-04-22", "plan_overhaul", 'measures = ["选出书记"], first_secretary = "郑"')
    + of_branch("2026-05-20", "report_monthly")
    + of_branch("2026-08-01", "accept_overhaul", "score = 85, dissatisfied = 0, asked = 20")
    + of_branch("2026-08-02", "delist_unit")
)


def test_whoever_accepts_or_takes_off_the_list_is_told_what_is_still_so_and_what_was_not_reported() -> None:
    accepted_, delisted = Told(AT_THE_END).played[-2:]
    for one, verdict in ((accepted_, "note"), (delisted, "refer")):
        found = {f.rule: f for f in one.outcome.findings}
        stands, missed = found["overhaul-mark-stands"], found["overhaul-not-reported"]
        assert (stands.verdict, bool(stands.clause)) == (verdict, True)
        assert (missed.verdict, missed.facts["lacking"]) == ("note", ["2026-06-22", "2026-07-22"])
    assert str(delisted.outcome.verdict) == "refer"


def test_a_secretary_elected_since_is_what_it_was_listed_for_no_more() -> None:
    elected = step(
        "2026-07-01",
        "elect_committee",
        'eligible = 9, attending = 9, posts = { "周" = "secretary", "孙" = "organization" }',
    ).replace('subject = "2026年整顿"', 'unit = "甲支部"')
    told = Told(AT_THE_END.replace("\n[[steps]]\non = 2026-08-01", elected + "\n[[steps]]\non = 2026-08-01"))
    assert "overhaul-mark-stands" not in {f.rule for f in told.played[-1].outcome.findings}


@pytest.mark.parametrize(("on", "left"), [("2026-08-01", 2), ("2026-08-02", 0)])
def test_what_was_not_reported_is_overdue_until_the_unit_is_off_the_list(on: str, left: int) -> None:
    rows = Told(AT_THE_END).rows("deadlines", on=date.fromisoformat(on), status="overdue")
    assert len([row for row in rows if row["rule"] == "weak-monthly"]) == left


@pytest.mark.parametrize(
    ("given", "month", "verdict"),
    [
        ("", "2026-07", "ok"),
        ('month = "2026-06"', "2026-06", "ok"),
        ('month = "2026-08"', "2026-08", "warn"),
        ('month = "2026-12"', "2026-12", "warn"),
    ],
)
def test_a_report_is_of_the_month_of_its_day_and_never_silently_of_one_to_come(
    given: str, month: str, verdict: str
) -> None:
    text = PLANNED.replace('packs = ["overhaul.toml"]\n', "") + step("2026-07-05", "report_monthly", given)
    told = Told(text.replace("\non = 2026-07-05", '\nreason = "补报"\non = 2026-07-05'))
    entry = next(iter(told.log.directory.files()))
    (report,) = told.answering.case(entry.id, date(2026, 7, 5))["reports"]
    assert report["month"] == month
    ahead = [f.verdict for f in told.played[-1].outcome.findings if f.rule == "overhaul-month-ahead"]
    assert [str(one) for one in ahead] == ([verdict] if verdict == "warn" else [])


def test_an_overhaul_not_accepted_by_its_day_is_overdue() -> None:
    told = Told(PLANNED.replace('packs = ["overhaul.toml"]\n', ""))
    rows = told.rows("deadlines", on=date(2026, 12, 1))
    assert [(r["subject"], r["status"]) for r in rows if r["rule"] == "overhaul-due"] == [
        ("2026年整顿", "overdue")
    ]


def test_a_site_is_nominated_planned_assessed_named_adjusted_and_taken_off() -> None:
    def act(on: str, do: str, given: str = "") -> str:
        return step(on, do, given, subject="甲支部示范点")

    text = UNIT.replace('packs = ["overhaul.toml"]\n', "")
    text += act("2026-03-01", "nominate_site", 'level = "township", field = "village"')
    text += act("2026-03-10", "plan_site", 'items = ["目标"], until_year = 2030')
    text += act(
        "2026-12-01",
        "assess_site",
        'criteria = [{ id = "s001-1", met = false }], satisfaction = 92, year = 2026',
    )
    text += act("2026-12-20", "name_site", 'level = "county"')
    text += act("2027-12-20", "adjust_site", 'level = "township", reason = "考核靠后"')
    text += act("2028-12-20", "delist_site", 'reason = "不再符合"') + act("2028-12-21", "name_site")
    told = Told(text)
    assert [str(one.outcome.verdict) for one in told.played] == [*["ok"] * 3, "refer", "ok", "ok", "block"]
    for day, level in (
        (date(2026, 12, 1), "township"),
        (date(2026, 12, 20), "county"),
        (date(2028, 1, 1), "township"),
    ):
        assert told.answering.ask("state", {"subject": "甲支部示范点", "as_of": day})["level"] == level
    state = told.answering.ask("state", {"subject": "甲支部示范点", "as_of": date(2029, 1, 1)})
    assert (state["stage"], state["assessments"][0]["unmet"]) == ("delisted", ["s001-1"])


PLAN_OF_SITES = 'packs = ["overhaul.toml"]', 'packs = ["seed-001"]'


@pytest.mark.parametrize(
    ("assessed", "level", "told"),
    [
        ("passed = true", "county", {}),
        ("passed = false, satisfaction = 50", "county", {"site-failed": "warn"}),
        ("satisfaction = 95", "county", {"site-outcome-open": "note"}),
        ("", "county", {"site-not-assessed": "refer"}),
        ("passed = true", "city", {"site-level-differs": "refer"}),
        ("passed = false", "city", {"site-failed": "warn", "site-level-differs": "refer"}),
    ],
)
def test_a_site_is_named_as_it_was_nominated_and_after_an_assessment_it_passed(
    assessed: str, level: str, told: dict[str, str]
) -> None:
    text = UNIT.replace(*PLAN_OF_SITES)
    text += step("2026-01-10", "nominate_site", 'level = "county", field = "village"')
    text += step("2026-11-10", "assess_site", assessed) if assessed else ""
    named = Told(text + step("2026-11-20", "name_site", f'level = "{level}"')).played[-1].outcome
    found = {f.rule: f for f in named.findings if f.kind == "case"}
    assert {rule: str(one.verdict) for rule, one in found.items()} == told
    if "site-failed" in found:
        assert found["site-failed"].clause.endswith("三、第3项")  # 不能起示范作用的及时调整


# --- the unit of an overhaul is no more -------------------------------------------------------------------

TWO = """
title = "an overhaul"
[[units]]
name = "镇党委"
level = "committee"
[[units]]
name = "甲支部"
kind = "village"
superior = "镇党委"
[[units]]
name = "乙支部"
kind = "village"
superior = "镇党委"
full_members = 5
"""
GONE = """
[[steps]]
on = 2026-03-01
do = "dissolve_unit"
unit = "甲支部"
as_history = true
with = { reason = "整村搬迁", members_to = "乙支部" }
"""


@pytest.mark.parametrize(("given", "refused"), [('reason = "支部已撤销"', False), ("", True)])
def test_an_overhaul_ends_with_its_unit_and_a_reason_without_acceptance_or_follow_up(
    given: str, refused: bool
) -> None:
    listed = step("2026-01-10", "list_unit", 'criteria = ["书记长期空缺"]').replace(
        'do = "list_unit"', 'do = "list_unit"\nunit = "甲支部"'
    )
    told = Told(TWO + listed + GONE + step("2026-03-05", "delist_unit", given))
    outcome = told.played[-1].outcome
    assert outcome.refused is refused
    assert ("case-gone-reason" in [f.rule for f in outcome.findings]) is refused
    if not refused:
        assert (
            told.answering.ask("state", {"subject": "2026年整顿", "as_of": date(2026, 4, 1)})["stage"]
            == "over"
        )
        assert [
            row for row in told.rows("deadlines", on=date(2026, 4, 1)) if row["rule"] == "follow-up"
        ] == []
