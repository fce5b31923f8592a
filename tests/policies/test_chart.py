"""The chart: steps of all layers in one order; a pack may tell the whole chart, or a few steps of its own."""

from datetime import date
from pathlib import Path

import pytest

import workflows
from tests.support.books import Told
from workflows.adapters import packs
from workflows.policies.chart import unknown_words
from workflows.policies.pack import Adopted, Pack, parse_pack
from workflows.policies.rules import Rules, national

DAY = date(2025, 3, 1)
HEAD = """
id = "uni"
title = "某大学的流程"
issuer = "某大学党委"
level = "unit"
source = "说明用"
issued_on = 2020-01-01
"""


def step(name: str, *more: str) -> str:
    return "\n".join(
        [
            "[[steps]]",
            f'id = "{name}"',
            'no = "9"',
            'title = "某一步"',
            'stage = "activist"',
            'rule = "r"',
            *more,
            "",
        ]
    )


def pack(*steps: str) -> Pack:
    return parse_pack(HEAD + "\n".join(steps))


def chart(*steps: str, day: date = DAY) -> list[str]:
    return [s.id for s in Rules([*national(packs.shipped()), pack(*steps)]).steps(day)]


def test_a_step_stands_behind_the_one_it_names_and_behind_those_put_there_before() -> None:
    found = chart(step("first", 'after = "assign_mentors"'), step("second", 'after = "assign_mentors"'))
    place = found.index("assign_mentors")
    assert found[place : place + 3] == ["assign_mentors", "first", "second"]


def test_a_step_that_names_none_stands_behind_the_one_before_it_in_its_own_pack() -> None:
    found = chart(step("confirm_activist"), step("thought_report"))
    assert found[found.index("confirm_activist") + 1] == "thought_report"
    assert found.count("confirm_activist") == 1


def test_a_step_told_again_keeps_its_place_and_has_the_number_of_the_lower_pack() -> None:
    rules = Rules([*national(packs.shipped()), pack(step("confirm_activist", "required = false"))])
    own = next(s for s in rules.steps(DAY) if s.id == "confirm_activist")
    assert (own.no, own.title, own.required) == ("9", "某一步", True)


def test_a_step_that_the_revision_ended_is_not_brought_back_by_a_pack_that_tells_it() -> None:
    told = step("file_development_target")
    assert "file_development_target" in chart(told, day=date(2026, 5, 17))
    assert "file_development_target" not in chart(told, day=date(2026, 5, 18))


def test_a_step_that_a_higher_layer_asks_for_later_may_be_a_local_one_until_then() -> None:
    told = step("post_notice", 'after = "complete_admission_form"', "until = 2026-05-18")
    earlier = chart(told, day=date(2026, 5, 17))
    assert earlier[earlier.index("complete_admission_form") + 1] == "post_notice"
    later = chart(told, day=date(2026, 5, 18))
    assert later[later.index("consent_development_target") + 1] == "post_notice"
    assert later.count("post_notice") == 1


def test_the_example_of_a_university_has_29_steps_in_five_stages() -> None:
    folder = Path(workflows.__file__).parent / "policies" / "packs" / "central"
    example = packs.read_pack(folder / "development-of-members.scenarios/local/university-29-steps.toml")
    told = Rules([*national(packs.shipped()), example]).steps(DAY)
    assert [s.no for s in told if s.required] == [str(number) for number in range(1, 30)]
    assert len({s.stage for s in told}) == 5


def test_an_adopted_chart_holds_only_while_it_is_adopted() -> None:
    text = HEAD + step("thought_report", 'after = "assign_mentors"')
    adopted = Adopted(text, date(2025, 1, 1), date(2025, 7, 1))
    rules = Rules(national(packs.shipped())).with_adopted((adopted,))
    held = {day: "thought_report" in [s.id for s in rules.steps(day)] for day in (date(2024, 12, 31), DAY)}
    assert held == {date(2024, 12, 31): False, DAY: True}
    assert "thought_report" not in [s.id for s in rules.steps(date(2025, 7, 1))]


def test_an_act_that_nobody_knows_is_told_with_what_is_near() -> None:
    rule = """
[[rules]]
id = "r"
label = "每季度交一份思想汇报"
kind = "interval"
on = ["thought_reprt"]
anchor = "activist_since"
unit = "month"
severity = "warn"
values = [{ from = 2020-01-01, value = 3 }]
clauses = [{ from = 2020-01-01, article = "第八条", confidence = "SS" }]
"""
    (flaw,) = unknown_words(pack(rule, step("thought_report")), national(packs.shipped()))
    assert (flaw.place, flaw.word, flaw.near) == ("r.on", "thought_reprt", ("thought_report",))


@pytest.mark.parametrize("shipped", packs.shipped(), ids=lambda p: p.id)
def test_a_pack_that_is_shipped_names_nothing_unknown(shipped: Pack) -> None:
    assert unknown_words(shipped, packs.shipped()) == []


UNI = (
    HEAD
    + step("thought_report", "repeats = true", 'after = "assign_mentors"').replace('"r"', '"r-report"')
    + """
[[rules]]
id = "r-report"
label = "每三个月交一份思想汇报"
kind = "interval"
on = ["thought_report"]
anchor = "activist_since"
until = "target_agreed_on"
unit = "month"
severity = "warn"
values = [{ from = 2020-01-01, value = 3 }]
clauses = [{ from = 2020-01-01, article = "第八条", confidence = "SS" }]
[[rules]]
id = "r-talk"
label = "汇报之后方可确定为发展对象"
kind = "not_before"
on = ["agree_development_target"]
anchor = "thought_report_on"
unit = "month"
severity = "block"
values = [{ from = 2020-01-01, value = 1 }]
clauses = [{ from = 2020-01-01, article = "第九条", confidence = "SS" }]
"""
)
STORY = """
title = "a university"
packs = ["central", "{pack}"]
[unit]
name = "甲支部"
full_members = 16
[people]
"王" = {{ stage = "activist", since = 2024-06-01 }}
{steps}
"""


def report(on: str, name: str = "thought_report") -> str:
    return f'''[[steps]]
on = {on}
do = "record_step"
person = "王"
with = {{ step = "{name}" }}
'''


def told(folder: Path, *steps: str) -> Told:
    path = folder / "uni.toml"
    path.write_text(UNI, "utf-8")
    return Told(STORY.format(pack=path, steps="\n".join(steps)))


def test_a_rule_hangs_on_a_step_that_only_the_pack_knows(tmp_path: Path) -> None:
    books = told(tmp_path, report("2024-09-01"), report("2024-12-02"))
    limits = [
        row for row in books.rows("deadlines", person="王", on=date(2025, 1, 1)) if row["rule"] == "r-report"
    ]
    assert [(row["due_on"], row["status"], row["title"]) for row in limits] == [
        ("2024-09-01", "met", "某一步"), ("2024-12-01", "met", "某一步"), ("2025-03-01", "due", "某一步"),
    ]  # fmt: skip
    late = {f.rule: f.verdict for f in books.played[1].outcome.findings}
    assert late["r-report"] == "late"


def test_the_day_of_such_a_step_is_an_anchor_and_the_step_stands_in_its_place(tmp_path: Path) -> None:
    (row,) = told(tmp_path, report("2025-05-20")).rows("pipeline", person="王", on=date(2025, 5, 21))
    steps = {entry["step"]: entry for entry in row["next"]}
    assert list(steps) == [
        "file_activist", "assign_mentors", "thought_report", "record_semiannual_review",
        "agree_development_target",
    ]  # fmt: skip
    assert steps["agree_development_target"]["earliest_on"] == "2025-06-20"
    assert row["done"][-1]["title"] == "某一步"


def test_a_step_with_a_command_of_its_own_is_not_recorded_as_one_of_a_pack(tmp_path: Path) -> None:
    books = told(tmp_path, report("2024-09-01", "assign_mentors"))
    assert "input-step-own-command" in {f.rule for f in books.played[0].outcome.findings}
    assert books.played[0].outcome.refused
