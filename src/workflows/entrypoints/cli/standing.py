"""``policy show RULE``: what each layer asks about a matter on a day, which of them holds, its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.values import read_asked

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame
    from workflows.policies.rule import Rule
    from workflows.policies.rules import Rules

ByDate = Callable[["Rule", "Frame"], list[dict[str, Any]]]


def day_asked(on: str | None) -> date:
    """Return the day asked for, today where none is; rules alone need no database, and so not its clock."""
    from workflows.kernel.clock import SystemClock, today

    return read_asked(on) or today(SystemClock())


def find(frame: Frame, name: str, unit_id: UUID | None, day: date) -> tuple[Rules, str | None] | None:
    """Return the rules in which ``name`` is one, those of a unit with its kind if one is given; else None."""
    from workflows.adapters import packs
    from workflows.application.books import Books
    from workflows.policies.rules import Rules, national

    rules, kind = Rules(national(packs.shipped()), packs.calendar()), None
    if unit_id is not None:
        with frame.app.log.read() as reading:
            books = Books(reading, rules)
            rules = books.rules_for(unit_id, day)
            told = books.unit_state(unit_id).at(day).identity
        kind = told.kind if told is not None else None
    if rules.rule(name) is None:
        rules = _with_one_more(name) or rules
    return (rules, kind) if rules.rule(name) is not None else None


def _with_one_more(name: str) -> Rules | None:
    """Return the national rules with the one pack that comes with the program and has the rule; else None."""
    from workflows.adapters import packs
    from workflows.policies.rules import Rules, national

    shipped = packs.shipped()
    mine = [pack for pack in shipped if any(rule.id == name for rule in pack.rules)]
    return Rules([*national(shipped), mine[0]], packs.calendar()) if len(mine) == 1 else None


def put_out(
    frame: Frame, name: str, rules: Rules, kind: str | None, unit: str | None, day: date, by_date: ByDate
) -> None:
    """Put out what holds of a rule on a day, layer by layer, and its values and clauses by date."""
    rows = []
    for entry in rules.standing(name, day, kind):
        rule, clause = entry.rule, entry.rule.clause_on(day)
        rows.append(
            {
                "rule": rule.id,
                "label": rule.label,
                "kind": rule.kind_name,
                "level": rule.pack_level,
                "pack": rule.pack_id,
                "title": rule.pack_title,
                "value": entry.value.value,
                "unit_of_value": rule.counted_in or None,
                "from": rule.binds_from(entry.value).isoformat(),
                "clause": rule.cite(day),
                "clause_from": clause.start.isoformat(),
                "confidence": entry.value.confidence or clause.confidence,
                "severity": rule.severity,
                "holds": entry.holds,
                "overrides": list(entry.overrides),
            }
        )
    named = rules.rule(name)
    history = [row for rule in rules.about(name) for row in by_date(rule, frame)]
    answer = {"rule": name, "unit": unit, "as_of": day.isoformat(), "rows": rows, "history": history}
    shown = [_shown(row, frame) for row in rows]
    title = "" if named is None else named.label
    frame.answer(answer, title=title, rows=shown, view=lambda: _view(answer, shown, frame))


def _shown(row: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    wording = frame.wording
    value, unit = row["value"], row["unit_of_value"]
    counted = isinstance(value, int) and not isinstance(value, bool) and unit
    return {
        "rule": row["rule"],
        "label": row["label"],
        "level": wording.words.word("level", row["level"]),
        "value": wording.amount(value, str(unit)) if counted else wording.value("value", value),
        "from": row["from"],
        "clause": row["clause"],
        "clause_from": row["clause_from"],
        "confidence": wording.words.word("confidence", row["confidence"]),
        "holds": wording.say("holds" if row["holds"] else "holds_not"),
        "overrides": wording.words.listed(row["overrides"]),
    }


def _view(answer: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], frame: Frame) -> list[RenderableType]:
    from workflows.entrypoints import rendering

    say = frame.wording.say
    heading = say("standing_of", rule=answer["rule"], day=answer["as_of"])
    pieces: list[RenderableType] = [layout.heading(heading)]
    for row in rows:
        facts = {key: row[key] for key in ("level", "label", "value", "holds", "clause", "confidence")}
        newer = row["clause_from"] > row["from"]
        key, since = "standing_why_since" if newer else "standing_why", row["clause_from"]
        pieces += [say("standing_line", **facts), say(key, start=row["from"], since=since, **facts)]
        if row["overrides"]:
            pieces.append(say("standing_over", rules=row["overrides"]))
    if not rows:
        pieces.append(say("standing_none"))
    if history := answer["history"]:
        pieces += ["", layout.heading(say("standing_history"))]
        groups = {f"{row['id']}  {row['label']}": row["id"] for row in history}
        parts = [(title, [row for row in history if row["id"] == one]) for title, one in groups.items()]
        if len(parts) == 1:
            parts = [("", history)]
        pieces += rendering.tables(parts, frame.wording, columns=layout.COLUMNS["rules"], width=frame.width)
        pieces += notes(history, frame)
    return pieces


def notes(rows: Sequence[Mapping[str, Any]], frame: Frame) -> list[RenderableType]:
    """Return the notes of rules, each once: of a statement it says why nothing is checked by it."""
    say = frame.wording.say
    told = {
        (str(row["id"]), str(row["note"])): say(
            "note_of_statement" if row["kind"] == "statement" else "note_of_rule",
            rule=row["id"],
            note=row["note"],
        )
        for row in rows
        if row["note"]
    }
    return ["", layout.heading(say("notes")), *told.values()] if told else []
