"""``policy``: the packs that come with the program, their rules, the check of a pack and its stories."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from workflows.entrypoints.cli import layout, workdays
from workflows.entrypoints.cli.files import must_be_there
from workflows.entrypoints.cli.frame import REFUSED, Command, Frame, Group, command, option, pass_frame
from workflows.entrypoints.cli.strangers import doubtful, gaps, strangers
from workflows.entrypoints.grade_words import entries_line
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from datetime import date

    from rich.console import RenderableType

    from workflows.policies.flaws import Flaw
    from workflows.policies.pack import Pack
    from workflows.policies.rule import DatedValue, Rule


BLANKS = ("（请填", "第×条")
"""What a draft says where its author has still to say something."""


@click.group("policy", cls=Group)
def policy() -> None:
    """Rule packs: list, show, check."""


def below(name: str) -> Callable[[Callable[..., Any]], Command]:
    """Return what makes a function a command of ``policy``."""

    def made(function: Callable[..., Any]) -> Command:
        made_of = command(name, told=f"policy-{name}")(function)
        policy.add_command(made_of)
        return made_of

    return made


@below("list")
@option("--unit", metavar="UNIT")
@option("--on", metavar="DATE")
@option("--rules", "word", metavar="WORD", is_flag=False, flag_value="")
@pass_frame
def list_packs(frame: Frame, unit: str | None, on: str | None, word: str | None) -> None:
    """List the packs that come with the program, those a unit has adopted, or rules by a word."""
    from workflows.adapters.packs import shipped
    from workflows.entrypoints.cli import holdings, standing
    from workflows.entrypoints.cli.reading import finder

    day = standing.day_asked(on)
    held = [] if unit is None else holdings.held_by(frame, finder(frame).unit(unit), day)
    if word is not None:
        packs = {id(pack): pack for pack in (*shipped(), *(one.pack for _, one in held))}
        rows = holdings.rules_with(word, list(packs.values()), frame)
        frame.answer({"rows": rows}, columns=layout.COLUMNS["rules_found"])
    elif unit is None:
        rows = [holdings.pack_row(pack) for pack in shipped()]
        frame.answer({"rows": rows}, columns=layout.COLUMNS["packs"])
    else:
        rows = holdings.adopted_rows(held)
        frame.answer({"as_of": day.isoformat(), "rows": rows}, columns=layout.COLUMNS["packs_adopted"])


@below("show")
@click.argument("pack", metavar="ID", type=click.Path())
@option("--unit", metavar="UNIT")
@option("--on", metavar="DATE")
@pass_frame
def show(frame: Frame, pack: str, unit: str | None, on: str | None) -> None:
    """List the rules of a pack, or what holds of one rule on a day."""
    from workflows.entrypoints.cli import holdings, standing
    from workflows.entrypoints.cli.reading import finder

    unit_id = finder(frame).unit(unit) if unit else None
    day = standing.day_asked(on)
    if (found := standing.find(frame, pack, unit_id, day)) is not None:
        standing.put_out(frame, pack, *found, unit, day, _by_date)
        return
    held = [] if unit_id is None else holdings.held_by(frame, unit_id, day)
    mine = [(who, one) for who, one in held if one.pack.id == pack]
    told = mine[-1][1].pack if mine else _known(pack, [one.pack for _, one in held])
    rows = [_rule(rule) for rule in told.own_rules]
    shown = [row for rule in told.own_rules for row in _by_date(rule, frame)]
    head = {name: getattr(told, name) for name in ("id", "title", "level", "source", "note")}
    head |= {"issued_on": told.issued_on, "published_on": told.published_on}
    if mine:
        head["adopted"] = [holdings.adoption(who, one) for who, one in mine]
    frame.answer(
        {**head, "rows": rows},
        title=told.title,
        rows=shown,
        sheet=layout.SHEETS["rules"],
        view=lambda: [
            *_adopted(head.get("adopted", []), frame),
            _rules_view(shown, frame),
            *standing.notes(shown, frame),
        ],
    )


def _adopted(rows: Sequence[Mapping[str, Any]], frame: Frame) -> list[str]:
    """Return who adopted the pack and between which days it holds, a line each time."""
    say = frame.wording.say
    return [
        say(
            "adopted_until" if row["until"] else "adopted_from",
            unit=row["adopted_by"],
            start=row["from"],
            until=row["until"] or "",
        )
        for row in rows
    ]


def _rules_view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return each rule under its id and label, a line a day from which something holds."""
    from rich.console import Group

    from workflows.entrypoints.rendering import tables

    by_rule = groupby(rows, key=lambda row: f"{row['id']}  {row['label']}")
    groups = [(title, list(part)) for title, part in by_rule]
    return Group(*tables(groups, frame.wording, columns=layout.COLUMNS["rules"], width=frame.width))


def _known(name: str, adopted: Sequence[Pack] = ()) -> Pack:
    """Return a pack that comes with the program, or that of a file.

    Raises:
        WrongUsage: ``pack-unknown``; ``pack-or-rule-unknown`` where rules have much the same id.
    """
    from workflows.adapters.packs import read_pack, shipped
    from workflows.entrypoints.cli.holdings import near_rules

    packs = {pack.id: pack for pack in shipped()}
    if name in packs:
        return packs[name]
    if Path(name).is_file():
        return read_pack(Path(name))
    if near := near_rules(name, [*shipped(), *adopted]):
        raise WrongUsage("pack-or-rule-unknown", pack=name, near=near)
    raise WrongUsage("pack-unknown", pack=name, packs=sorted(packs))


def _rule(rule: Rule) -> dict[str, Any]:
    """Return a rule as its pack writes it, with every value and clause by date."""
    told = rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    for key in ("pack_id", "pack_title", "pack_level"):
        told.pop(key, None)
    first = ("id", "label", "kind", "on", "severity", "values", "clauses")
    return {key: told[key] for key in first if key in told} | {
        k: v for k, v in told.items() if k not in first
    }


def _by_date(rule: Rule, frame: Frame) -> list[dict[str, Any]]:
    """Return what a rule asks for from each day on which its value or its clause changes, the earliest first.

    What holds for some kinds of unit alone stands on a row of its own, before what holds for all others.
    """
    starts = {value.start for value in rule.values} | {clause.start for clause in rule.clauses}
    held = {day for day in (rule.held_from, rule.held_until) if day}
    days = sorted(starts | held)
    told: list[dict[str, Any]] = []
    for day in days:
        for kinds, value in _in_force(rule, day):
            clause = rule.clause_on(day)
            row = {
                "id": rule.id,
                "label": rule.label,
                "kind": rule.kind_name,
                "on": [frame.wording.subject(command) for command in rule.on],
                "severity": rule.severity,
                "from": day.isoformat(),
                "value": _value(rule, value, frame),
                "kinds": _kinds(kinds, frame),
                "article": rule.cite(day) if clause.document else clause.article,
                "confidence": (value.confidence if value is not None else None) or clause.confidence,
                "note": rule.note,
            }
            before = next((old for old in reversed(told) if old["kinds"] == row["kinds"]), None)
            if before is None and value is None:
                continue
            if before is None or {**before, "from": row["from"]} != row:
                told.append(row)
    return told


def _in_force(rule: Rule, day: date) -> list[tuple[tuple[str, ...] | None, DatedValue | None]]:
    """Return the values in force on a day, each with the kinds of unit it is for: None is all, () all others.

    A value of None: the rule is out of force.
    """
    from workflows.policies.rule import UnitKind

    usual = rule.value_on(day)
    some: dict[int, tuple[list[str], DatedValue | None]] = {}
    for kind in get_args(UnitKind):
        value = rule.value_on(day, kind)
        if value is not usual:
            some.setdefault(id(value), ([], value))[0].append(kind)
    told: list[tuple[tuple[str, ...] | None, DatedValue | None]] = [
        (tuple(kinds), value) for kinds, value in some.values()
    ]
    return [*told, (() if told else None, usual)]


def _kinds(kinds: tuple[str, ...] | None, frame: Frame) -> str:
    words = frame.wording.words
    if kinds is None:
        return ""
    return words.listed(words.word("kind", kind) for kind in kinds) or frame.wording.say("other_kinds")


def _value(rule: Rule, value: DatedValue | None, frame: Frame) -> str:
    """Return a value as one reads it: with its unit where it has one."""
    if value is None:
        return frame.wording.say("out_of_force")
    if rule.kind_name == "grades":
        return entries_line(value.value, frame.wording)
    return _amount(value.value, rule.counted_in, frame)


def _amount(value: Any, unit: str, frame: Frame) -> str:
    counted = isinstance(value, int) and not isinstance(value, bool) and unit
    return frame.wording.amount(value, unit) if counted else frame.wording.value("value", value)


@below("schema")
@pass_frame
def schema(frame: Frame) -> None:
    """Print the form of a pack as JSON Schema."""
    from workflows.policies.pack import Pack

    click.echo(json.dumps(Pack.model_json_schema(by_alias=True), ensure_ascii=False, indent=2).encode())


@below("check")
@click.argument("file", metavar="FILE", type=click.Path())
@pass_frame
def check(frame: Frame, file: str) -> None:
    """Check a pack and play its stories."""
    from workflows.entrypoints.cli.stories import told as play
    from workflows.policies.doubts import unchecked

    try:
        pack, where = _checked(file)
    except WrongUsage as problem:
        if problem.code == "pack-flawed":
            _list_flaws(file, problem.facts["flaws"], frame)
        raise
    stories = sorted(where.glob("*.toml")) if where is not None and where.is_dir() else []
    flaws: list[dict[str, Any]] = [*gaps(pack), *strangers(pack, stories, frame)]
    for story in stories:
        try:
            _, unmet = play(story, frame.wording)
        except WrongUsage as problem:
            unmet = [frame.wording.problem_text(problem)]
        flaws += [{"file": story.name, "message": line} for line in unmet]
    conflicts = _conflicts(pack)
    years = [workdays.told(told) for told in pack.calendars]
    answer = {
        "pack": pack.id,
        "rules": len(pack.rules),
        "stories": len(stories),
        "statements": [rule.id for rule in unchecked(pack)],
        "flaws": flaws,
        "doubts": doubtful(pack, stories, frame),
        "conflicts": conflicts,
        "calendars": years,
        "unfilled": _unfilled(Path(file)) if file.endswith(".toml") else [],
    }
    shown = [_conflict(row, frame) for row in conflicts]
    frame.answer(answer, rows=[*flaws, *shown], view=lambda: _told({**answer, "conflicts": shown}, frame))
    if flaws:
        raise click.exceptions.Exit(REFUSED)


def _list_flaws(file: str, flaws: Sequence[Flaw], frame: Frame) -> None:
    """Put out the flaws of a file that is no pack, one a line, and end.

    Raises:
        WrongUsage: always, ``pack-check-flawed``.
    """
    rows = [
        {"line": f.line, "place": f.place, "message": frame.wording.flaw(f), "near": list(f.near)}
        for f in flaws
    ]
    answer = {"pack": None, "file": Path(file).name, "flaws": rows}
    frame.answer(answer, rows=rows, view=lambda: "\n".join(str(row["message"]) for row in rows))
    problem = WrongUsage("pack-check-flawed", file=Path(file).name, count=len(rows))
    problem.exit_code = REFUSED
    raise problem


def _checked(file: str) -> tuple[Pack, Path | None]:
    """Return a pack and the folder of its stories.

    Raises:
        WrongUsage: no such pack or file.
        Flawed: the file is no pack.
    """
    from importlib.resources import files

    from workflows.adapters.packs import read_pack, shipped

    if not file.endswith(".toml"):
        known = {pack.id: pack for pack in shipped()}
        if file not in known:
            raise WrongUsage("pack-unknown", pack=file, packs=sorted(known))
        folder = Path(str(files("workflows.policies") / "packs"))
        for path in sorted(folder.glob("*/*.toml")):
            if f'id = "{file}"' in path.read_text("utf-8"):
                return known[file], path.with_suffix(".scenarios")
        return known[file], None
    path = Path(file)
    must_be_there(path)
    try:
        return read_pack(path), path.with_suffix(".scenarios")
    except WrongUsage as problem:
        if problem.code == "pack-flawed":
            problem.exit_code = REFUSED
        raise


def _told(answer: dict[str, Any], frame: Frame) -> list[RenderableType]:
    """Return the outcome of a check for a screen: flaws or that it is sound, then conflicts."""
    say = frame.wording.say
    pieces: list[RenderableType] = []
    if answer["flaws"]:
        pieces.append(layout.grid([_without_near(flaw) for flaw in answer["flaws"]], "flaws", frame))
    else:
        pieces.append(say("pack_ok", pack=answer["pack"], rules=answer["rules"]))
        pieces.append(say("story_ok", count=answer["stories"]))
    if answer["statements"]:
        listed = frame.wording.words.listed(answer["statements"])
        pieces.append(say("statements", count=len(answer["statements"]), rules=listed, pack=answer["pack"]))
    if lines := answer["unfilled"]:
        pieces.append(say("unfilled", lines=frame.wording.words.listed(map(str, lines))))
    pieces += [say("doubt_of", message=doubt["message"]) for doubt in answer["doubts"]]
    pieces += [piece for year in answer["calendars"] for piece in workdays.drawn(year, frame)]
    if answer["conflicts"]:
        pieces += ["", layout.heading(say("conflicts")), layout.grid(answer["conflicts"], "conflicts", frame)]
    return pieces


def _without_near(flaw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a flaw for the screen, where its sentence says already what was probably meant."""
    return {key: value for key, value in flaw.items() if key != "near"}


def _conflicts(pack: Pack) -> list[dict[str, Any]]:
    """Return where a rule loosens one of the same kind and matter in a national pack, from which day on."""
    from workflows.adapters.packs import shipped
    from workflows.policies.pack import NATIONAL
    from workflows.policies.rules import Rules, national

    if pack.level in NATIONAL:
        return []
    return [
        {
            "rule": lower.rule.id,
            "against": higher.rule.id,
            "from": day,
            "values": {lower.rule.id: lower.value.value, higher.rule.id: higher.value.value},
            "units": {rule.id: rule.counted_in for rule in (lower.rule, higher.rule)},
        }
        for day, higher, lower in Rules(national(shipped())).loosenings(pack)
    ]


def _unfilled(file: Path) -> list[int]:
    """Return the lines of a draft in which something is still to be filled in."""
    lines = file.read_text("utf-8").splitlines()
    return [n for n, line in enumerate(lines, 1) if line[:1] != "#" and any(mark in line for mark in BLANKS)]


def _conflict(row: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    """Return a conflict as one reads it: each value with its unit."""
    told = (f"{rule} {_amount(value, row['units'][rule], frame)}" for rule, value in row["values"].items())
    return {
        **{key: row[key] for key in ("rule", "against", "from")},
        "values": frame.wording.words.listed(told),
    }
