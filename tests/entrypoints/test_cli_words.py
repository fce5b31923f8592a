"""Every word and sentence a user can meet is there, in both languages, in three parts, without codes."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from workflows.adapters.workbooks import wording as workbook_sentences
from workflows.application.commands import commands, parse
from workflows.domain.stages import Stage
from workflows.entrypoints.catalogue import Catalogue, problem_codes, problem_parts
from workflows.entrypoints.cli.layout import matter
from workflows.entrypoints.cli.stories import told
from workflows.entrypoints.web.words import level_and_kind
from workflows.entrypoints.wording import Wording
from workflows.kernel.errors import Problem, WrongUsage
from workflows.kernel.events import event_types
from workflows.policies.findings import Calc, Finding, Verdict

SOURCE = Path(str(files("workflows")))
STORIES = sorted((SOURCE / "policies" / "packs").glob("*/*.scenarios/*.toml"))
IDENTIFIER = re.compile(r"[A-Za-z]{2,}[_-]?[A-Za-z]*|[{}\[\]]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GAP = re.compile(r"(?:^|[，；、：（“])(?=[，；、：。）”]|$)|，的|：的|None|\(\)")
"""A place in a sentence where something should stand: nothing between two marks, or none behind a colon."""


def _problems() -> set[str]:
    """Return the names of the classes of problems."""
    found, todo = {"Problem"}, [Problem]
    while todo:
        for kind in todo.pop().__subclasses__():
            found.add(kind.__name__)
            todo.append(kind)
    return found


def _raised() -> Iterator[tuple[str, str]]:
    """Yield every code with which a problem is made anywhere in the source, and where."""
    for code, where, _ in _raised_with():
        yield code, where


def _raised_with() -> Iterator[tuple[str, str, set[str]]]:
    """Yield code, file and names of the facts, wherever a problem is made."""
    names = _problems() | {"WrongUsage", "NotWhole", "Conflict", "OutcomeUnknown", "KeyProblem"}
    names |= {"StoreFailed", "StoreBusy", "StoreClosed", "UnsafeDatabase", "UnreadableEvent"}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Name):
                continue
            code = node.args[0]
            if node.func.id in names and isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value, path.name, {word.arg for word in node.keywords if word.arg}


def test_every_code_raised_has_its_sentences() -> None:
    missing = {(code, where) for code, where in _raised() if code not in problem_codes()}
    assert {(c, w) for c, w in missing if c not in workbook_sentences.codes()} == set()


def test_every_sentence_is_filled_by_the_facts_that_come_with_its_code() -> None:
    always = {"code", "units", "people", "near", "count"}
    wrong = []
    for code, where, given in _raised_with():
        code = "event-foreign" if code == "event-unknown" and "topic" in given else code
        for parts in (problem_parts(code) if code in problem_codes() else {}).values():
            asked = set(re.findall(r"(?<!{){(\w+)}", "".join(parts)))
            if asked - given - always:
                wrong.append((code, where, asked - given))
    assert wrong == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", sorted(problem_codes()))
def test_a_problem_is_told_in_three_parts(code: str, lang: str) -> None:
    parts = Wording(lang).problem(Problem(code))  # type: ignore[arg-type]
    assert all(parts)
    if lang == "en":
        assert not CHINESE.search(
            "".join(parts).replace("发展党员台账", "").replace("党组织工作台账", "").replace("花名册", "")
        )
    else:
        assert all(CHINESE.search(part) for part in parts)


def test_an_unknown_code_still_says_what_why_and_what_to_do() -> None:
    what, why, remedy = Wording().problem(WrongUsage("never-heard-of", thing=1))
    assert what
    assert "never-heard-of" in why
    assert remedy


def test_every_command_event_and_stage_has_a_word() -> None:
    words, wording = Catalogue(), Wording()
    assert [name for name in commands() if not words.known("command", name)] == []
    assert [s.value for s in Stage if not words.known("stage", s.value)] == []
    events = [
        kind.__name__ for kind in event_types().values() if kind.__module__.startswith("workflows.domain")
    ]
    assert [name for name in events if not CHINESE.search(wording.event(name))] == []


def test_every_field_of_a_command_and_every_fact_of_a_rule_has_a_word() -> None:
    from msgspec.structs import fields

    from workflows.adapters.packs import shipped

    words = Catalogue()
    asked = {field.encode_name for kind in commands().values() for field in fields(kind)}
    asked |= {name for pack in shipped() for rule in pack.own_rules for name in rule.fact_names()}
    assert sorted(name for name in asked if not words.any_word(name, "fact", "column")) == []


def test_a_word_that_cannot_stand_in_a_field_is_answered_with_those_that_can() -> None:
    with pytest.raises(WrongUsage) as caught:
        parse("hold_meeting", {"type": "主题党日"}, date(2026, 11, 20))
    why = Wording().problem(caught.value)[1]
    assert "会议类型（type）：不能填“主题党日”" in why
    assert "theme_party_day（主题党日）" in why
    assert "theme_party_day" in Wording("en").problem(caught.value)[1]


def test_every_word_that_a_field_may_hold_is_told_in_chinese() -> None:
    wording, asked = Wording(), 0
    for name, kind in commands().items():
        for field in msgspec.structs.fields(kind):
            with contextlib.suppress(msgspec.ValidationError):
                msgspec.convert("no such word", field.type)
                continue
            with pytest.raises(WrongUsage) as caught:
                parse(name, {field.encode_name: "no such word"}, date(2026, 11, 20))
            if "Invalid enum value" in (detail := str(caught.value.facts["detail"])):
                asked += 1
                choices = detail.partition(" of ")[2].partition(" - at ")[0].split(" | ")
                told_ = wording.choices(choices)
                assert [word for word in choices if f"{word}（" not in told_] == [], told_
    assert asked > 3


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_stories_of_the_packs_are_told_in_chinese(path: Path) -> None:
    answer, _ = told(path, Wording())
    for step in answer["steps"]:
        for finding in step["findings"]:
            assert not IDENTIFIER.search(finding["message"]), finding["message"]
            assert finding["message"].endswith("。")
            assert not GAP.search(finding["message"]), finding["message"]


@pytest.mark.parametrize("path", STORIES[:8], ids=lambda path: path.stem)
def test_the_stories_of_the_packs_are_told_in_english(path: Path) -> None:
    answer, _ = told(path, Wording("en"))
    messages = [
        f["message"] for step in answer["steps"] for f in step["findings"] if f["verdict"] != "conflict"
    ]
    for message in messages:
        outside = re.sub(r"《.*?》[^)]*", "", message)
        head = outside.split(":")[0]
        assert not CHINESE.search(head), message


def test_the_message_of_the_style_guide() -> None:
    finding = Finding(
        rule="dev-object-min",
        verdict=Verdict.BLOCK,
        kind="not_before",
        clause="《中国共产党发展党员工作细则》第十三条",
        facts={"activist_since": "2024-06-01"},
        calc=(Calc("2024-06-01", "+", "12", "2025-06-01", "month"),),
        earliest_on=date(2025, 6, 1),
    )
    wording = Wording()
    told_ = wording.finding(finding, command="agree_development_target", on=date(2025, 5, 31), who="王")
    assert told_ == (
        "不能列为发展对象：王培养考察自2024-06-01起，至2025-05-31不满12个月"
        "（《中国共产党发展党员工作细则》第十三条）。最早可于2025-06-01办理。"
    )
    assert wording.calc(finding.calc[0]) == "2024-06-01 + 12 个月 = 2025-06-01"


def test_arithmetic_is_told_as_one_checks_it() -> None:
    wording = Wording()
    assert (
        wording.calc(Calc("2026-10-15", "-", "2026-09-30", "15", "day")) == "2026-10-15 - 2026-09-30 = 15 天"
    )
    assert wording.calc(Calc("8", "<=", "16 × 1/2", "8")) == "8 <= 16 × 1/2 = 8"
    assert wording.calc(Calc("2", "<", "3", unit="course_days")) == "2 天 < 3 天"
    assert (
        Wording("en").calc(Calc("2026-01-31", "+", "1", "2026-02-28", "month"))
        == "2026-01-31 + 1 month = 2026-02-28"
    )


def test_a_limit_is_told_in_a_sentence() -> None:
    row = {
        "person": "王",
        "subject": "hold_first_talk",
        "status": "overdue",
        "days_left": -3,
        "due_on": "2026-04-01",
    }
    assert (
        Wording().deadline({**row, "clause": "第七条"})
        == "王的派人谈话已逾期3天，应在2026-04-01以前（第七条）。"
    )


def test_someone_without_a_name_is_never_told_by_an_id() -> None:
    finding = Finding(
        rule="dev-contact",
        verdict=Verdict.BLOCK,
        kind="qualified",
        calc=(Calc("stage", "=", "applicant", unit="00000000-0000-0000-0000-000000000001"),),
        facts={"unfit": ["00000000-0000-0000-0000-000000000001"]},
    )
    assert "0000" not in Wording().finding(finding)
    names = {"00000000-0000-0000-0000-000000000001": "李四"}
    assert "李四现为入党申请人" in Wording().finding(finding, names)


def test_a_limit_has_one_name_and_only_a_persons_step_is_counted() -> None:
    row = {"rule": "branch-term", "subject": "elect_committee", "number": 1, "person": None}
    request = {"rule": "elect-request", "subject": "request_election", "number": None}
    review = {"rule": "dev-train-review", "subject": "record_semiannual_review", "number": 2, "person": "王"}
    chinese, english = Wording(), Wording("en")
    assert [matter(told, chinese) for told in (row, request, review)] == [
        "换届选举",
        "请示换届选举",
        "半年考察（第2次）",
    ]
    assert matter(review, english) == "record semiannual review (no. 2)"
    assert chinese.event("MemberRegistered") == chinese.command("register_member") == "登记已有党员"


def test_a_defeated_candidate_is_not_elected_with_the_votes_and_no_vote_is_said_to_have_failed() -> None:
    lost = Finding(
        rule="elect-majority",
        verdict=Verdict.NOT_PASSED,
        kind="majority",
        facts={"votes": 4, "attending": 10, "item": "赵"},
        calc=(Calc("4", "<=", "10 × 1/2", "5"),),
    )
    said = Wording().finding(lost, command="elect_committee")
    assert said.startswith("未当选：赵：得票数4，到会人数10")
    assert "没有通过" not in said
    assert "未通过" not in said
    assert Wording("en").finding(lost, command="elect_committee").startswith("Not elected")
    vote = Finding(
        rule="meet-assembly-majority",
        verdict=Verdict.NOT_PASSED,
        kind="majority",
        facts={"votes_in_favour": 4, "eligible": 10, "item": "预算"},
        calc=(Calc("4", "<=", "10 × 1/2", "5"),),
    )
    assert Wording().finding(vote, command="hold_meeting").startswith("表决没有通过")


def test_a_unit_of_which_no_kind_was_told_has_none() -> None:
    assert level_and_kind("committee", None) == "党委（类别没有写）"
    assert level_and_kind("branch", "village") == "村党支部"
    assert Wording("en").words.kind(None) == "kind not told"


@pytest.mark.parametrize("empty", ["", None, "  ", []])
def test_no_problem_and_no_refusal_of_a_row_has_a_gap_where_a_fact_is_empty(empty: object) -> None:
    """A sealed sum, a name that was erased, a cell left blank: the sentence says that nothing is written."""
    wording = Wording()
    for code in problem_codes():
        asked = {name for parts in problem_parts(code)["zh"] for name in re.findall(r"(?<!{){(\w+)}", parts)}
        for name in asked:
            facts = {other: "某" if other != name else empty for other in asked} | {
                "fields": ["on"],
                "flaws": [],
            }
            parts = wording.problem(Problem(code, **facts))
            assert all(parts), (code, name)
            assert not any(GAP.search(part) for part in parts), (code, name, parts)
    for code in workbook_sentences.codes():
        for name in _asked_of_a_row(code):
            facts = {other: "某" if other != name else empty for other in _asked_of_a_row(code)}
            if empty != []:
                said = workbook_sentences.reason(code, facts) + "。" + workbook_sentences.remedy(code, facts)
                assert not GAP.search(said.removesuffix("。") + "。"), (code, name, said)


def _asked_of_a_row(code: str) -> set[str]:
    """Return the facts that the sentences about a row of a workbook ask for."""
    told_ = workbook_sentences.templates(code)
    return {name for text in told_ for name in re.findall(r"(?<!{){(\w+)}", text)}


def test_a_fact_of_a_finding_that_is_not_known_is_told_as_not_written() -> None:
    empties: tuple[object, ...] = (None, "", [], ())
    for value in empties:
        assert Wording().value("grade", value) == "（没有写）"
    relieved = Finding(
        rule="dev-first-talk",
        verdict=Verdict.NOTE,
        kind="within",
        facts={"waived_on": "2026-01-01", "authority": "", "document": None},
        latest_on=date(2026, 1, 1),
    )
    told_ = Wording().finding(relieved, command="hold_first_talk", on=date(2026, 1, 2))
    assert not GAP.search(told_), told_


@pytest.mark.parametrize("code", ["retract-the-cause", "structure-built-upon", "case-built-upon"])
def test_a_record_that_stands_in_the_way_is_told_by_what_happened(code: str) -> None:
    facts: dict[str, object] = {"event": "FindingRaised", "position": 7, "subject": "督查"}
    told_ = Wording().problem_text(Problem(code, **facts))
    assert "FindingRaised" not in told_
    assert "提出督查发现的问题" in told_


def test_a_field_that_cannot_be_corrected_is_answered_in_the_words_of_its_command() -> None:
    facts: dict[str, object] = {
        "event": "IssueOpened",
        "field": "x",
        "fields": ["severity", "due_on", "leader"],
    }
    told_ = Wording().problem_text(Problem("field-unknown", **facts))
    assert "严重程度（severity）、整改期限（due_on）、责任领导（leader）" in told_
