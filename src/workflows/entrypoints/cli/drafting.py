"""``policy new``: a commented pack to fill in, with a story beside it; what is there is never overwritten."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli.drafts import policy
from workflows.entrypoints.cli.files import must_be_writable
from workflows.entrypoints.cli.frame import Frame, option, pass_frame
from workflows.entrypoints.cli.rules import below
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording
    from workflows.policies.rule import DatedValue, Rule
    from workflows.policies.rules import Rules

LOCAL = ("province", "city", "county", "unit")
"""The levels of packs that are adopted."""

USUAL = "dev-first-talk"
"""The rule an empty pack is begun with: everybody knows it, and its story is short."""

FIRST = ("id", "label", "kind", "refines", "on")
LAST = ("severity", "values", "clauses")
NOT_COPIED = ("aliases", "note", "waivable_by")
ADULT = 25
"""Years of age of the applicant of the story: nobody doubts that they may apply."""


@below("new")
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), required=False)
@option("--title", metavar="TEXT", told="pack-title")
@option("--level", type=click.Choice(LOCAL), default="county", show_default=True, told="pack-level")
@option("--issuer", metavar="TEXT", told="pack-issuer")
@option("--like", metavar="RULE", told="pack-like")
@option("--calendar", metavar="YEAR", type=click.IntRange(2004, 2199), told="pack-calendar")
@pass_frame
def new(
    frame: Frame,
    file: Path | None,
    title: str | None,
    level: str,
    issuer: str | None,
    like: str | None,
    calendar: int | None,
) -> None:
    """Write an empty pack with its story."""
    if calendar is not None and level == "unit":
        raise WrongUsage("calendar-of-unit", year=calendar)
    named = title or (file.stem if file else f"{calendar}年工作日历" if calendar else "新规则包")
    path = _toml(file or Path(named))
    today = _today()
    head = _text(
        "header",
        schema=_template()["schema"],
        file=path.name,
        id=_quoted(path.stem),
        title=_quoted(named),
        issuer=_quoted(issuer or "（请填：发文的党组织）"),
        level=_quoted(level),
        day=today.isoformat(),
    )
    written = {path: head}
    if calendar is not None and like is None:
        written[path] += _calendar(calendar)
    else:
        body, story = _with_rules(path, like or USUAL, today, frame.wording)
        written[path] += body + (_calendar(calendar) if calendar is not None else "")
        written[path.with_suffix(".scenarios") / "示例.toml"] = story
    schema = path.with_name(_template()["schema"])
    if not schema.exists():
        written[schema] = _schema()
    _write(written)
    answer = {"pack": path.stem, "files": [str(name) for name in written]}
    rows = [{"file": name} for name in answer["files"]]
    say = frame.wording.say
    frame.answer(
        answer,
        rows=rows,
        view=lambda: [*(say("file_new", file=row["file"]) for row in rows), say("pack_new", file=str(path))],
    )


def _toml(path: Path) -> Path:
    return path if path.suffix == ".toml" else path.with_name(f"{path.name}.toml")


def _today() -> date:
    from workflows.kernel.clock import SystemClock, today

    return today(SystemClock())


def _write(texts: Mapping[Path, str]) -> None:
    """Write new files, the first one's folder being there; if one is there already none is written.

    Raises:
        WrongUsage: ``file-there``, ``file-unwritable``.
    """
    for path in texts:
        if path.exists():
            raise WrongUsage("file-there", file=str(path))
    must_be_writable(next(iter(texts)))
    for path, text in texts.items():
        try:
            path.parent.mkdir(exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise WrongUsage("file-there", file=str(path)) from error
        except OSError as error:
            raise WrongUsage("file-unwritable", file=str(path)) from error


def _schema() -> str:
    from workflows.policies.pack import Pack

    return json.dumps(Pack.model_json_schema(by_alias=True), ensure_ascii=False, indent=2) + "\n"


# --- parts --------------------------------------------------------------------------------------------------


def _with_rules(path: Path, like: str, today: date, wording: Wording) -> tuple[str, str]:
    """Return the rules of the pack, begun from national ones, and the story.

    Raises:
        WrongUsage: ``rule-unknown``.
    """
    from workflows.adapters.packs import calendar, shipped
    from workflows.policies.rules import Rules, national

    rules = Rules(national(shipped()), calendar())
    models = rules.rules_named(like)
    if not models:
        raise WrongUsage("rule-unknown", rule=like, near=_near(like, rules))
    name = f"{path.stem}-1"
    parts = [_text("rules")]
    parts += [_rule(rule, name, today, wording) for rule in models]
    parts += [_text("kinds", kinds="\n".join(_kinds(wording))), _text("more", rule=_quoted(name))]
    return "".join(parts), _story(path, name, models[0], today)


def _near(name: str, rules: Rules) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, sorted({rule.id for pack in rules.packs for rule in pack.rules}), n=5)


def _rule(rule: Rule, name: str, today: date, wording: Wording) -> str:
    """Return a rule that says what a national one says, as a lower layer's own, with comments."""
    told = rule.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    values = _values(rule, today)
    own: dict[str, Any] = {"id": name, "label": rule.label, "kind": rule.kind_name, "refines": rule.id}
    own |= {"on": list(rule.on)}
    kept = [key for key in told if key not in (*FIRST, *LAST, *NOT_COPIED) and not key.startswith("pack_")]
    own |= {key: told[key] for key in kept}
    own |= {
        "severity": rule.severity,
        "values": [_value(value, today) for value in values],
        "clauses": [{"from": today, "article": "第×条", "confidence": "GK"}],
    }
    shown = wording.words.listed(_amount(value, rule, wording) for value in values)
    lines = ["", _text("of_rule", clause=rule.cite(today), label=rule.label, value=shown), "[[rules]]"]
    comments = _template()["field"]
    for key, value in own.items():
        lines += [f"# {comments[key]}："] if key in comments else []
        lines.append(f"{key} = {_as_toml(value)}")
    return "\n".join(lines) + "\n"


def _values(rule: Rule, today: date) -> list[DatedValue]:
    """Return the values of a rule in force today, those of single kinds of unit last; else its latest one."""
    kinds = dict.fromkeys(value.kinds for value in rule.values)
    asked = [rule.value_on(today, next(iter(some), None)) for some in sorted(kinds, key=len)]
    found = [value for value in asked if value is not None]
    return list({id(value): value for value in found or rule.values[-1:]}.values())


def _value(value: DatedValue, today: date) -> dict[str, Any]:
    told = value.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    return {"from": today, **{key: told[key] for key in told if key not in ("from", "confidence")}}


def _amount(value: DatedValue, rule: Rule, wording: Wording) -> str:
    number, unit = value.value, rule.counted_in
    counted = isinstance(number, int) and not isinstance(number, bool) and unit
    kinds = wording.words.listed(wording.words.word("kind", kind) for kind in value.kinds)
    told = wording.amount(number, unit) if counted else wording.value("value", number)
    return f"{told}（{kinds}）" if kinds else told


def _kinds(wording: Wording) -> Iterator[str]:
    """Yield a line a kind of rule: its word and the fields of its own, those that must be given marked."""
    from workflows.policies.kinds import KINDS
    from workflows.policies.rule import Rule

    for kind in KINDS:
        fields = (field for field in kind.model_fields.items() if field[0] not in Rule.model_fields)
        named = [f"{name}{'*' if info.is_required() else ''}" for name, info in fields if name != "kind"]
        word = wording.words.word("rule_kind", kind.kind_name)
        yield f"#   {kind.kind_name:<11}{word}" + (f"：{' '.join(named)}" if named else "")


def _story(path: Path, name: str, rule: Rule, today: date) -> str:
    first = date(today.year + 1, 3, 1)
    value = rule.value_on(first)
    is_usual = rule.id == USUAL and value is not None
    due = first + timedelta(days=30)
    if is_usual and value is not None:
        from workflows.policies.spans import span_after

        due = span_after(first, value.value, rule.counted_in)[0]
    head = _text(
        "story",
        title=_quoted(f"{path.stem}：示例"),
        file=_quoted(f"../{path.name}"),
        born=date(first.year - ADULT, 5, 1),
        first=first,
    )
    told = {"due": due, "late": due + timedelta(days=1), "rule": _quoted(name), "command": rule.on[0]}
    return head + _text("story_talk" if is_usual else "story_other", **told)


def _calendar(year: int) -> str:
    """Return the table of a year, commented out: nobody adopts what nobody filled in."""
    from workflows.kernel.calendar import statutory_holidays

    days = [_text("of_holiday", day=day, name=name) for day, name in statutory_holidays(year).items()]
    return _text("calendar", year=year, holidays="\n".join(days))


# --- text ---------------------------------------------------------------------------------------------------


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads(files("workflows.entrypoints.cli").joinpath("template.toml").read_text("utf-8"))


def _text(part: str, **facts: Any) -> str:
    return str(_template()[part]).format_map(facts)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _as_toml(value: Any) -> str:
    """Return a value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_as_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_as_toml(item) for item in value) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _quoted(key)


__all__ = ["new", "policy"]
