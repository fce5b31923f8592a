"""The examples in the help of ``record``: each is typed as it stands, when the story has come to it."""

from __future__ import annotations

import json
import shlex
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from tests.entrypoints.cli_support import Books, answered, runner
from workflows.application.commands import TWINS, commands, parse
from workflows.domain.case_acts import FileCommand
from workflows.entrypoints.cli import record_shapes, zhibu
from workflows.entrypoints.cli.record_help import examples_of
from workflows.entrypoints.spoken import fields_named
from workflows.entrypoints.wording import Wording
from workflows.kernel.clock import moment_of
from workflows.kernel.errors import WrongUsage

BRANCH, WANG = "甲支部", "王五"
MEMBERS = ("李四", "赵一", *(f"党员{number}" for number in range(8)))
REVISED_ON = date(2026, 5, 18)
"""From this day the committee above consents and a notice is posted; before, the target was filed."""
VOTE = {"eligible": 10, "attending": 10, "in_favour": 10, "secret": True}

Steps = list[tuple[str, dict[str, Any], int]]
"""The course: each step, its fields, how many days later the next one follows."""

TRAINED: Steps = [
    ("receive_application", {"name": WANG, "born_on": date(1999, 5, 1)}, 14),
    ("hold_first_talk", {"by": "李四"}, 150),
    ("confirm_activist", {"recommended_by": ["members"]}, 10),
    ("file_activist", {}, 0),
    ("assign_mentors", {"persons": ["李四", "赵一"]}, 170),
    ("record_semiannual_review", {}, 180),
    ("record_semiannual_review", {}, 10),
    ("agree_development_target", {"opinions": ["members"]}, 10),
]
FILED: Steps = [("file_development_target", {}, 7)]
CONSENTED: Steps = [
    ("consent_development_target", {}, 3),
    ("post_notice", {"working_days": 5}, 8),
    ("close_notice", {}, 1),
    ("list_development_target", {}, 7),
]
ADMITTED: Steps = [
    ("assign_sponsors", {"persons": ["李四", "赵一"]}, 14),
    ("conclude_background_review", {"passed": True}, 14),
    ("complete_intensive_course", {"days": 3, "hours": 24}, 7),
    ("examine_target", {"agreed": True}, 7),
    ("conclude_preliminary_review", {"passed": True}, 5),
    ("complete_admission_form", {}, 15),
    ("vote_on_admission", VOTE, 20),
    ("hold_approval_talk", {"by": "赵一"}, 10),
    ("approve_admission", {}, 10),
    ("file_admission", {}, 5),
    ("assign_cell", {"cell": "第一党小组"}, 10),
    ("take_oath", {}, 150),
    ("record_probation_review", {}, 153),
    ("apply_for_full_membership", {}, 7),
    ("vote_on_full_membership", VOTE, 14),
    ("approve_full_membership", {}, 10),
    ("archive_dossier", {}, 10),
]
OTHER_BRANCH, TOWN = "乙支部", "青山镇党委"
MOVED: dict[str, Any] = {"to_unit": OTHER_BRANCH, "opinion": "表现良好"}
STOPPED: dict[str, Any] = {"ground": "lost", "since": date(2025, 6, 1)}
Beside = tuple[str, Steps]
BESIDE: dict[str, Beside] = {
    "raise_objection": ("close_notice", []),
    "settle_objection": ("close_notice", [("raise_objection", {}, 1)]),
    "withdraw_application": ("confirm_activist", []),
    "drop_activist": ("record_semiannual_review", []),
    "refuse_admission": ("approve_admission", []),
    "return_papers": ("complete_admission_form", []),
    "examine_transfer_file": ("agree_development_target", [("transfer_person", MOVED, 10)]),
    "defer_conversion": ("apply_for_full_membership", [("transfer_person", MOVED, 10)]),
    "conclude_correction": ("", [("order_correction", {"months": 6}, 180)]),
    "restore_membership": ("", [("stop_membership", STOPPED, 100)]),
    "end_absence": ("", [("register_absence", {}, 100)]),
    "record_contact": ("", [("report_lost_contact", {}, 100)]),
    "record_receipt": ("", [("transfer_person", {**MOVED, "in_transit": True}, 10)]),
    **dict.fromkeys(
        (
            "bar_rights", "transfer_person", "stop_membership", "strike_off", "order_correction",
            "exempt_from_meetings", "record_dues", "record_training", "record_death", "register_absence",
            "issue_certificate", "report_lost_contact", "record_graduation", "reduce_dues", "record_charge",
        ),
        ("", []),
    ),
}  # fmt: skip
"""What is beside the course: before which of its steps it happens ("": after all), and after what else."""


DUE, NOT_YET = date(2026, 7, 1), date(2026, 7, 20)
_FOUND: Steps = [("open_issue", {}, 20)]
_MEASURE = {"measure": "补开", "owner": "李四"}
_SENT_IN: Steps = [*_FOUND, ("plan_correction", _MEASURE, 10), ("submit_correction", {"by": "李四"}, 5)]
_CAMPAIGN: Steps = [("open_campaign", {}, 30)]
_RATED: Steps = [*_CAMPAIGN, ("confirm_rating", {"grade": "优秀"}, 5)]
_STARRED: Steps = [
    ("open_campaign", {"scheme": "seed-004-a"}, 30),
    ("confirm_rating", {"grade": "五星级"}, 5),
]
_OVERHAULED: Steps = [
    ("list_unit", {}, 60),
    ("plan_overhaul", {}, 30),
    ("accept_overhaul", {"score": 80, "passed": True}, 5),
]
CASES: dict[str, Steps] = {
    **dict.fromkeys(
        (
            "freeze_rubric",
            "declare",
            "assess_self",
            "survey_masses",
            "review",
            "draw_sample",
            "recheck",
            "confirm_rating",
        ),
        _CAMPAIGN,
    ),
    **{name: [("list_unit", {}, 30)] for name in ("plan_overhaul", "report_monthly")},
    "accept_overhaul": [("list_unit", {}, 60), ("plan_overhaul", {}, 30)],
    "delist_unit": _OVERHAULED,
    "relist_unit": [*_OVERHAULED, ("delist_unit", {}, 2)],
    "end_follow_up": [*_OVERHAULED, ("delist_unit", {}, 2)],
    **{n: [("nominate_site", {}, 30)] for n in ("plan_site", "assess_site", "delist_site")},
    "name_site": [("nominate_site", {"level": "city"}, 30), ("assess_site", {"passed": True}, 10)],
    "adjust_site": [("nominate_site", {}, 60), ("name_site", {}, 30)],
    "void_round": [*_CAMPAIGN, ("review", {"passed": 9}, 5)],
    "appeal": _RATED,
    "settle_appeal": [*_RATED, ("appeal", {}, 2)],
    "keep_rating": _RATED,
    "revoke_rating": _RATED,
    "hang_plate": _STARRED,
    "take_plate_down": [*_STARRED, ("hang_plate", {}, 2), ("revoke_rating", {}, 1)],
    **{n: [("plan_inspection", {"manner": "spot"}, 3)] for n in ("record_visit", "cancel_inspection")},
    "end_inspection": [
        ("plan_inspection", {"manner": "spot", "checklist": ["活动场所"]}, 3),
        ("record_visit", {}, 1),
    ],
    "post_notice": [*_CAMPAIGN, ("review", {"passed": 9}, 5)],
    "plan_correction": [("open_issue", {}, 3)],
    "escalate_issue": [("open_issue", {}, 3)],
    "report_progress": [*_FOUND, ("plan_correction", _MEASURE, 3)],
    "submit_correction": [*_FOUND, ("plan_correction", _MEASURE, 3)],
    "extend_correction": [("open_issue", {"due_on": NOT_YET}, 3)],
    "hold_correction": [("open_issue", {"due_on": NOT_YET}, 3)],
    "accept_correction": _SENT_IN,
    "reject_correction": _SENT_IN,
    "close_out": [*_SENT_IN, ("accept_correction", {"by": "赵一"}, 1)],
    "reopen_issue": [*_SENT_IN, ("accept_correction", {"by": "赵一"}, 2), ("close_out", {"by": "赵一"}, 1)],
    "raise_finding": [("plan_inspection", {"manner": "spot"}, 3), ("record_visit", {}, 1)],
}
"""What comes before a command of a case, on that case."""


POSTS = {"李四": "secretary", "赵一": "organization", "党员1": "publicity"}
_ELECTED: Steps = [("elect_committee", {"eligible": 10, "attending": 10, "posts": POSTS}, 20)]
_LONG_AGO: Steps = [("elect_committee", {"eligible": 10, "attending": 10, "posts": POSTS}, 1734)]
_TASK = {"topic": "修缮活动室", "in_favour": 10, "task": {"owner": "李四", "due_on": DUE}}
OF_THE_COMMITTEE = {"hear_report", "reply_document", "keep_contact", "end_contact"}
"""Commands of a unit about one below it."""

POSTED: dict[str, Steps] = {
    "dissolve_cell": [("form_cell", {"name": "第一党小组", "leader": "李四"}, 30)],
    "complete_task": [
        ("hold_meeting", {"type": "branch_assembly", "attending": 10, "resolutions": [_TASK]}, 30)
    ],
    "hang_plate": [("adopt_pack", {"pack": "seed-004-a"}, 60)],
    "approve_officers": _ELECTED,
    "file_committee": _ELECTED,
    "end_post": _ELECTED,
    "end_contact": [("keep_contact", {"leader": "李四", "branch": "乙支部"}, 30)],
    "approve_term_change": _LONG_AGO,
}
"""What comes before some commands of a unit: a committee elected, a cell formed, a task set."""


def before(command: str, day: date) -> Steps:
    """Return the course up to a command that is to come on ``day``."""
    course = [*TRAINED, *(CONSENTED if day >= REVISED_ON else FILED), *ADMITTED]
    names = [name for name, _, _ in course]
    if command in BESIDE:
        follows, others = BESIDE[command]
        last = names.index(follows) if follows else len(course)
        return [*course[:last], *others]
    return course[: names.index(command)] if command in names else []


OF_ONES_OWN = {"adopt_pack", "retire_pack", "record_step", "merge_persons"}
"""Their examples need a pack or a step of one, or somebody entered twice: other tests have."""
EXAMPLES = [
    (name, at) for name in sorted(commands().keys() - OF_ONES_OWN) for at in range(1 + (name in TWINS))
]


@pytest.mark.parametrize(("name", "at"), EXAMPLES)
def test_the_example_of_a_command_is_recorded_without_a_word_against_it(
    name: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    books, words = the_books_of(name, examples_of(name)[at])
    told = answered(runner(monkeypatch, books)(*words[1:], "--format", "json"))
    assert told["do"] == name
    assert told["verdict"] == "ok", told["findings"]
    assert told["events"]


OF_CASES = sorted(name for name, kind in commands().items() if issubclass(kind, FileCommand))


@pytest.mark.parametrize("name", OF_CASES)
def test_what_is_shown_of_the_inside_of_a_field_of_a_case_is_recorded_as_it_stands(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Criteria, scores, points of a checklist: a line of the help put into the example is taken."""
    line = next(iter(examples_of(name)))
    screen = CliRunner().invoke(zhibu, ["record", name, "--help"], prog_name="zhibu").stdout
    for shape in shapes(screen):
        books, words = the_books_of(name, line)
        told_with = words[words.index("--with") :] if "--with" in words else []
        given = json.loads(told_with[1]) if told_with else {}
        given = json.dumps({**given, **json.loads(shape)}, ensure_ascii=False)
        typed = [word for word in words[1:] if word not in told_with]
        told = answered(runner(monkeypatch, books)(*typed, "--with", given, "--format", "json"))
        assert told["verdict"] in ("ok", "warn", "refer"), told["findings"]
        assert told["events"]


def the_books_of(name: str, example: str) -> tuple[Books, list[str]]:
    """Return books on which all is recorded that an example of a command needs, and its words."""
    words = shlex.split(example)
    day = date.fromisoformat(words[words.index("--on") + 1])
    books = Books()
    books.clock.put(moment_of(day + timedelta(days=1)))
    if name != "establish_unit":
        unit = books.act("establish_unit", date(2015, 1, 1), name=BRANCH, kind="community")
        above: dict[str, Any] = {"superior": BRANCH} if name in OF_THE_COMMITTEE else {}
        if name == "escalate_issue":
            town = books.act("establish_unit", date(2015, 1, 1), name=TOWN, level="committee")
            books.act("move_unit", date(2016, 1, 1), unit=unit, superior_id=town, superior=TOWN)
        there = books.act(
            "establish_unit", date(2015, 1, 1), name=OTHER_BRANCH, kind="community",
            superior_id=unit if above else None, **above,
        )  # fmt: skip
        for member in MEMBERS:
            books.act("register_member", None, unit=unit, name=member, full_since=date(2010, 7, 1))
        steps, person = before(name, day), None
        on = day - timedelta(days=sum(days for _, _, days in steps))
        for step, fields, days in steps:
            named = there if step == "transfer_person" else None
            home = None if person else unit
            person = books.act(step, on, unit=home, person=person, superior_id=named, **fields)
            on += timedelta(days=days)
    for step, fields, days in POSTED.get(name, []):
        named = there if "branch" in fields else None
        books.act(step, day - timedelta(days=days), unit=unit, superior_id=named, **fields)
    case: UUID | None = None
    for step, fields, days in CASES.get(name, []) if "--subject" in words else []:
        subject = words[words.index("--subject") + 1]
        case = books.act(step, day - timedelta(days=days), unit=unit, file=case, subject=subject, **fields)
    return books, words


def shapes(screen: str) -> list[str]:
    """Return the lines of a help that show how lists and tables are written."""
    return [line.strip() for line in screen.splitlines() if line.startswith('  {"')]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_inside_of_every_list_and_table_is_shown_as_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """Candidates, leave, resolutions, criteria, scores: what is shown can be copied, and is taken."""
    monkeypatch.setenv("ZHIBU_LANG", lang)
    shown: set[tuple[str, str]] = set()
    for name, kind in commands().items():
        screen = CliRunner().invoke(zhibu, ["record", name, "--help"], prog_name="zhibu").stdout
        for line in shapes(screen):
            assert cell_len(line) <= 78
            fields = fields_named(name, json.loads(line))
            (field,) = fields
            whole = msgspec.inspect.type_info(kind)
            asked = {f.encode_name: f.type for f in whole.fields}  # type: ignore[attr-defined]
            required = {
                f.encode_name: record_shapes.sample_of(f.type, required=True)
                for f in whole.fields  # type: ignore[attr-defined]
                if f.required and f.encode_name not in ("on", field)
            }
            parse(name, {**required, **fields}, date(2026, 7, 6))
            assert field in asked
            shown.add((name, field))
    assert {
        ("elect_committee", "candidates"),
        ("elect_committee", "posts"),
        ("hold_meeting", "leave"),
        ("hold_meeting", "resolutions"),
        ("hold_meeting", "grades"),
        ("freeze_rubric", "criteria"),
        ("record_visit", "checked"),
        ("review", "scores"),
    } <= shown


@pytest.mark.parametrize(
    ("name", "fields", "told", "inner"),
    [
        (
            "elect_committee",
            {"candidates": [{"person": "李", "votes": 9}, {"person": "王", "votes": "九"}]},
            "候选人（candidates）的第2项的得票数（votes）：应是整数，填的是文字",
            "可填的栏目：人员（person）、得票数（votes）。",
        ),
        (
            "elect_committee",
            {"posts": {"李": "secretary", "王": "书计"}},
            "职务（posts）的王：不能填“书计”，应填其中之一：",
            "",
        ),
        (
            "hold_meeting",
            {"type": "branch_assembly", "leave": [{"person": "王", "reson": "病"}]},
            "请假人员（leave）的第1项：没有“reson”这一栏",
            "可填的栏目：人员（person）、理由（reason）。",
        ),
        (
            "hold_meeting",
            {"type": "branch_assembly", "resolutions": [{"topic": "预算"}, {"in_favour": 3}]},
            "决议（resolutions）的第2项：没有填议题（topic）",
            "可填的栏目：议题（topic）、到会赞成票数（in_favour）、",
        ),
    ],
)
def test_a_slip_inside_a_list_names_the_row_and_the_field(
    name: str, fields: dict[str, Any], told: str, inner: str
) -> None:
    with pytest.raises(WrongUsage) as slip:
        parse(name, fields, date(2026, 7, 6))
    said = Wording().problem_text(slip.value)
    assert told in said
    assert inner in said
