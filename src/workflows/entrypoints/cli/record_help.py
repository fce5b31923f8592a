"""The help of ``record``: its commands by name, and what each of them, or a correction, is to be told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from workflows.entrypoints.cli.frame import Command
from workflows.entrypoints.cli.language import language
from workflows.entrypoints.cli.record_shapes import DAY, field_told, inside, sample_of, written

ASKED = "zhibu.record.asked"
SCREEN = 80
DAYS: Mapping[str, str] = {"file_development_target": "2026-03-05"}
"""The day of an example where it is another: this step was in force only before the revision of 2026."""
SUBJECTS: Mapping[str, str] = {
    "campaign": "2026年规范化考评",
    "inspection": "一季度督查",
    "listing": "2026年整顿",
    "rectification": "二季度没有开党员大会",
    "site": "2026年示范点",
}
"""What a case is called in an example, by its kind."""
LEAST_FIELDS = 2
"""An example shows at least so many fields where there are as many that are easily shown."""
SHOWN: Mapping[str, tuple[str, ...]] = {
    "hold_meeting": ("type", "eligible", "attending"),
    "vote_on_admission": ("eligible", "attending", "in_favour", "secret"),
    "vote_on_full_membership": ("eligible", "attending", "in_favour", "secret"),
    "hold_talk": ("participants",),
    "hear_report": ("branch", "reply"),
    "keep_contact": ("leader", "branch"),
    "end_contact": ("leader", "branch"),
    "raise_finding": ("text", "rule"),
    "transfer_person": ("to_unit", "opinion"),
    "strike_off": ("kind", "clause"),
    "stop_membership": ("ground", "since"),
    "order_correction": ("months",),
    "record_dues": ("month", "role", "base", "amount"),
    "reduce_dues": ("first_month", "reason", "discussed_on", "document"),
    "record_training": ("hours", "title"),
    "defer_conversion": ("until", "reason"),
    "entrust_acting": ("person", "document"),
    "approve_term_change": ("term_until", "reason"),
    "end_post": ("person", "post"),
    "return_papers": ("step", "reason"),
    "accept_correction": ("by", "result"),
    "accept_overhaul": ("passed",),
    "close_out": ("by",),
    "dissolve_unit": ("members_to", "document"),
    "complete_task": ("task",),
    "split_unit": ("into", "document"),
    "freeze_rubric": ("criteria",),
    "draw_sample": ("passed", "sampled", "seed"),
    "recheck": ("sampled", "wrong"),
    "survey_masses": ("asked", "satisfied"),
    "review": ("score", "reason"),
    "confirm_rating": ("score", "grade"),
}
"""The fields of an example where others would not do: the act would not be recorded without them."""
SAMPLES: Mapping[str, Any] = {
    "pack": "qingshan",
    "born_on": "1999-05-01",
    "admitted_on": "1995-06-30",
    "full_since": "1996-06-30",
    "from": "2026-07-02",
    "to": DAY,
    "leaving_on": "2026-12-31",
    "until": "2027-07-05",
    "issue_term_reminder.term_until": "2027-01-06",
    "mark_term_overdue.term_until": "2026-06-30",
    "approve_term_change.term_until": "2027-01-06",
    "end_post.post": "secretary",
    "appoint_secretary.post": "secretary",
    "in_favour": 9,
    "working_days": 5,
    "return_papers.step": "conclude_preliminary_review",
    "attach.kind": "membership-application",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "rule": "meet-theme-day",
    "waive.until": "2026-12-31",
    "extend_deadline.due_on": "2026-08-10",
    "strike_off.kind": "struck_off",
    "stop_membership.ground": "lost",
    "stop_membership.since": "2025-12-01",
    "record_dues.month": "2026-06",
    "reduce_dues.first_month": "2026-07",
    "reduce_dues.discussed_on": "2026-07-02",
    "record_dues.role": "employed",
    "record_dues.base": 4800,
    "record_dues.amount": 48,
    "record_training.hours": 8,
    "defer_conversion.until": "2026-12-01",
    "order_correction.months": 6,
    "record_step.step": "thought_report",
    "raise_finding.rule": "meet-assembly",
    "draw_sample.passed": 40,
    "draw_sample.sampled": 12,
    "recheck.sampled": 12,
    "recheck.wrong": 1,
    "year": 2026,
    "until_year": 2030,
    "asked": 100,
    "satisfied": 96,
    "score": 92,
    "extend_correction.due_on": "2026-08-31",
    "hold_correction.until": "2026-08-31",
}
"""What stands in a field (of a command) where a value of its type alone would make no sense."""

WRITTEN: Mapping[str, tuple[Any, Any]] = {
    "authority": ("青山镇党委", "the township committee"),
    "document": ("青党发〔2026〕3号", "2026-3"),
    "reason": ("防汛", "flood"),
    "escalate_issue.to": ("青山镇党委", "the township committee"),
    "raise_finding.text": ("二季度没有开党员大会", "no assembly in the second quarter"),
    **dict.fromkeys(
        ("accept_correction.by", "reject_correction.by", "close_out.by"), ("青山镇党建办", "OFFICE")
    ),
    **dict.fromkeys(
        (
            "end_post.person",
            "appoint_secretary.person",
            "entrust_acting.person",
            "keep_contact.leader",
            "end_contact.leader",
        ),
        ("李四", "A"),
    ),
    "merge_units.units": (["乙支部"], ["OTHER UNIT"]),
    "split_unit.into": (
        [{"name": "丙支部", "members": ["李四", "赵一", "党员0"]}],
        [{"name": "NEW UNIT", "members": ["A", "B", "C"]}],
    ),
    "dissolve_unit.members_to": ("乙支部", "OTHER UNIT"),
    **dict.fromkeys(
        ("hear_report.branch", "reply_document.branch", "keep_contact.branch", "end_contact.branch"),
        ("乙支部", "OTHER UNIT"),
    ),
    "reply_document.kind": ("换届请示", "request for the election"),
    "dissolve_cell.name": ("第一党小组", "first cell"),
    "complete_task.task": ("修缮活动室", "mend the room"),
    "merge_persons.other": ("王伍", "C"),
    "merge_persons.reason": ("登记了两次", "entered twice"),
    "transfer_person.to_unit": ("乙支部", "OTHER UNIT"),
    "transfer_person.opinion": ("表现良好", "fit"),
    "strike_off.clause": ("第三十一条第四项", "article 31 (4)"),
    "by": ("赵一", "B"),
    "freeze_rubric.criteria": (
        [{"id": "三会一课", "points": 20}],
        [{"id": "meetings", "points": 20}],
    ),
    "draw_sample.seed": ("2026-07-06", "2026-07-06"),
    "confirm_rating.grade": ("四星级", "four stars"),
    "owner": ("李四", "A"),
    "measure": ("补开党员大会", "hold the assembly"),
    "record_training.title": ("党章学习", "statutes"),
    "defer_conversion.reason": ("转来不久", "newly arrived"),
    "return_papers.reason": ("缺少培训证明", "no certificate"),
}
"""What is written in words where it must be, in Chinese and in English."""


OF_WHAT = ("unit", "person", "campaign", "inspection", "rectification", "listing", "site", "any")
"""What commands are about, in the order of the list."""


class RecordCommand(Command):
    """``record``, whose help lists the commands, and with the name of one tells about it alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note which command is named before ``--help`` is answered."""
        try:
            named = self.make_parser(ctx).parse_args(list(args))[0].get("name")
        except click.UsageError:
            named = None
        ctx.meta[ASKED] = named
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the command named, else that of all."""
        named = ctx.meta.get(ASKED)
        if not isinstance(named, str):
            super().format_help(ctx, formatter)
            return
        from workflows.application.commands import AMENDMENTS
        from workflows.entrypoints.spoken import command_named

        name = command_named(named)
        (_help_of_amendment if name in AMENDMENTS else _help_of_command)(name, formatter)
        self.format_options(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, then say where the global options are told."""
        from workflows.application.commands import AMENDMENTS, commands
        from workflows.entrypoints.wording import Wording

        wording = Wording(language())
        for aggregate in OF_WHAT:
            with formatter.section(wording.say(f"record_of_{aggregate}")):
                names = [name for name, kind in commands().items() if kind.aggregate == aggregate]
                _table([_listed(name, wording) for name in names], formatter)
        with formatter.section(wording.say("record_amends")):
            _table([_listed(name, wording) for name in AMENDMENTS], formatter)
        formatter.write_paragraph()
        formatter.write_text(wording.say("record_more"))
        super().format_epilog(ctx, formatter)


def _table(rows: Sequence[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    """Write two columns; click counts characters, of which a Chinese one is two cells wide."""
    from rich.cells import cell_len, set_cell_size

    from workflows.entrypoints.widths import GAP, wrapped

    first = max(cell_len(name) + GAP for name, _ in rows) if rows[0][0] else 0
    indent = " " * formatter.current_indent
    for name, text in rows:
        lines = wrapped(text, SCREEN - len(indent) - first)
        for at, line in enumerate(lines):
            formatter.write(f"{indent}{set_cell_size(name if at == 0 else '', first)}{line}".rstrip() + "\n")


def _listed(name: str, wording: Any) -> tuple[str, str]:
    """Return a command for a list: its name in Chinese first, since that is what one looks for."""
    return (wording.command(name), name) if wording.lang == "zh" else (name, wording.command(name))


def _help_of_command(name: str, formatter: click.HelpFormatter) -> None:
    from workflows.entrypoints.wording import Wording

    wording = Wording(language())
    formatter.write_text(wording.say("record_usage", name=name, word=wording.command(name)))
    rows = list(_fields(name, wording))
    if rows:
        with formatter.section(wording.say("record_fields")):
            _table(rows, formatter)
    else:
        formatter.write_paragraph()
        formatter.write_text(wording.say("record_no_fields"))
    if lines := written(_nodes(name), name):
        with formatter.section(wording.say("record_inside")):
            for line in lines:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")
    _example(examples_of(name), wording, formatter)


def _nodes(name: str) -> list[Any]:
    """Return the fields of a command; the day of the act has an option of its own."""
    import msgspec

    from workflows.application.commands import commands

    fields = msgspec.inspect.type_info(commands()[name]).fields  # type: ignore[attr-defined]
    return [field for field in fields if field.encode_name != "on"]


def _fields(name: str, wording: Any) -> Iterator[tuple[str, str]]:
    """Yield each field with what may stand there."""
    for field in _nodes(name):
        yield wording.field(field.encode_name, name), field_told(field, wording)
        yield from (("", line) for line in inside(field, wording, name))


def _help_of_amendment(name: str, formatter: click.HelpFormatter) -> None:
    from workflows.application.commands import AMENDMENT_FIELDS
    from workflows.entrypoints.wording import Wording

    wording = Wording(language())
    formatter.write_text(wording.say("record_usage", name=name, word=wording.command(name)))
    with formatter.section(wording.say("record_fields")):
        fields = AMENDMENT_FIELDS[name]
        told = [(wording.field(field), wording.say(f"amend_{field}")) for field in fields]
        _table(told, formatter)
    formatter.write_paragraph()
    _table([("", wording.say("amend_kept"))], formatter)
    _example([example_of(name)], wording, formatter)


def _example(lines: Sequence[str], wording: Any, formatter: click.HelpFormatter) -> None:
    with formatter.section(wording.say("record_example")):
        for line in lines:
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def examples_of(name: str) -> list[str]:
    """Return an example, and one of the command of a case that bears the same name where there is one."""
    from workflows.application.commands import TWINS

    return [example_of(name), *([_line(name, TWINS[name])] if name in TWINS else [])]


def example_of(name: str) -> str:
    """Return a line that records a command, as one would type it; its fields are such as it takes."""
    from workflows.application.commands import AMENDMENTS, commands

    if name in AMENDMENTS:
        changed = {"event": 4, "field": "on", "value": DAY}
        told = _words(changed if name == "correct" else {"event": 4})
        reason = "按会议记录" if language() == "zh" else "as the minutes say"
        return f"zhibu record {_name(name)} --with '{told}' --reason {json.dumps(reason, ensure_ascii=False)}"
    return _line(name, commands()[name])


def _line(name: str, kind: type[Any]) -> str:
    from workflows.domain.case_acts import FileCommand
    from workflows.domain.person.commands import Personal

    parts = ["zhibu record", _name(name)]
    unit, person = ("甲支部", "王五") if language() == "zh" else ("UNIT", "PERSON")
    if kind.aggregate == "person":
        parts.append(f"--person {person}")
    if name != "establish_unit" and (kind.aggregate != "person" or issubclass(kind, Personal)):
        parts.append(f"--unit {unit}")
    if issubclass(kind, FileCommand):
        parts.append(f"--subject {SUBJECTS[kind.aggregate]}" if language() == "zh" else "--subject CASE")
    parts.append(f"--on {DAYS.get(name, DAY)}")
    if given := _sample(name, kind):
        parts.append(f"--with '{_words(given, name)}'")
    return " ".join(parts)


def _name(name: str) -> str:
    from workflows.entrypoints.spoken import name_typed

    return name_typed(name) if language() == "zh" else name


def _sample(name: str, kind: type[Any]) -> dict[str, Any]:
    """Return the fields of an example: those that must be given, and some that are easily shown."""
    import msgspec

    found: dict[str, Any] = {}
    told = msgspec.inspect.type_info(kind)
    fields = {f.encode_name: f for f in told.fields if f.encode_name != "on"}  # type: ignore[attr-defined]
    for key in SHOWN.get(name) or sorted(fields, key=lambda key: not fields[key].required):
        field, asked = fields[key], fields[key].required or name in SHOWN
        if not asked and (len(found) >= LEAST_FIELDS or key == "name"):
            continue
        own = WRITTEN.get(f"{name}.{key}")
        words = own or (WRITTEN.get(key) if field.required else None)
        written = words[language() != "zh"] if words else None
        value = (own and written) or SAMPLES.get(f"{name}.{key}", SAMPLES.get(key)) or written
        value = value or sample_of(field.type, required=asked)
        if value is not None:
            found[key] = value
    return found


def _words(given: dict[str, Any], command: str = "") -> str:
    """Return fields as JSON, by their Chinese names where that is the language of the call."""
    from workflows.entrypoints.spoken import in_words

    told = in_words(given, command) if language() == "zh" else given
    return json.dumps(told, ensure_ascii=False)
