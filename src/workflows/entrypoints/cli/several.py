"""``record`` of several people: one step, each checked, recorded or refused by itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.files import must_be_there
from workflows.entrypoints.cli.frame import REFUSED, Frame
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.application.many import Each
    from workflows.application.recording import Request

MOST_PEOPLE, LARGEST_FILE = 1000, 1_000_000
PERSON = frozenset({"person", "name", "姓名", "人员"})
"""What the column is called that says who is meant."""

COLUMNS = ("person", "on", "verdict", "refused", "position", "message")

Row = tuple[str, dict[str, Any]]
"""Who is meant, and fields that are this one's own."""


def rows_of(people: Sequence[str], file: Path | None, command: str) -> list[Row]:
    """Return who is meant on the command line and in a file: JSON, or CSV with one person a line.

    Raises:
        WrongUsage: ``people-file``: nobody can read it; ``people-twice``: somebody is named twice.
    """
    rows: list[Row] = [(person, {}) for person in people]
    if file is not None:
        rows += _read(file, command)
    names = [person for person, _ in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise WrongUsage("people-twice", people=twice)
    if not rows or len(rows) > MOST_PEOPLE:
        raise WrongUsage("people-count", count=len(rows), most=MOST_PEOPLE)
    return rows


def _read(file: Path, command: str) -> list[Row]:
    must_be_there(file)
    raw = file.read_bytes()[: LARGEST_FILE + 1]
    try:
        if len(raw) > LARGEST_FILE:
            raise ValueError(LARGEST_FILE)
        text = _decoded(raw)
        told = json.loads(text) if text.lstrip()[:1] == "[" else _of_csv(text, command)
        return [_row(one) for one in told]
    except (ValueError, TypeError, csv.Error) as error:
        raise WrongUsage("people-file", file=file.name) from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _row(told: Any) -> Row:
    if isinstance(told, str):
        told = {"person": told}
    named = [name for name in told if name in PERSON]
    if len(named) != 1 or not str(told[named[0]]).strip():
        raise ValueError(told)
    return str(told[named[0]]).strip(), {key: value for key, value in told.items() if key != named[0]}


def _of_csv(text: str, command: str) -> list[dict[str, Any]]:
    """Return the lines of a CSV; a first line that names no column of a person is a person too."""
    lines = [line for line in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in line)]
    if not lines:
        return []
    head = [cell.strip() for cell in lines[0]]
    if not PERSON & set(head):
        return [{"person": line[0]} for line in lines if _is_alone(line)]
    return [
        {
            name: _cell(cell.strip(), name, command)
            for name, cell in zip(head, line, strict=True)
            if cell.strip()
        }
        for line in lines[1:]
    ]


def _is_alone(line: Sequence[str]) -> bool:
    if len(line) > 1:
        raise ValueError(line)
    return True


def _cell(text: str, name: str, command: str) -> Any:
    """Return a cell as the field takes it: a number where it takes one, several things by 、."""
    import msgspec

    from workflows.application.commands import commands
    from workflows.entrypoints.spoken import fields_named

    known = next(iter(fields_named(command, {name: ""})), name)
    told: Any = msgspec.inspect.type_info(commands()[command])
    node = next((field.type for field in told.fields if field.encode_name == known), None)
    kinds = {type(kind).__name__ for kind in _kinds(node)}
    if "IntType" in kinds and text.isascii() and text.isdigit():
        return int(text)
    return [part.strip() for part in text.split("、")] if "ListType" in kinds else text


def _kinds(node: Any) -> list[Any]:
    import msgspec

    if isinstance(node, msgspec.inspect.Metadata):
        return _kinds(node.type)
    return [kind for part in node.types for kind in _kinds(part)] if hasattr(node, "types") else [node]


def put_out(
    frame: Frame, name: str, rows: Sequence[Row], requests: Sequence[Request], *, preview: bool
) -> None:
    """Record, or preview, each request, and put out what became of each; one refused: its exit code."""
    from workflows.application.many import record_each

    done = record_each(frame.app.recording, requests, preview=preview)
    told = [
        _answer(frame, name, person, each, preview=preview)
        for (person, _), each in zip(rows, done, strict=True)
    ]
    frame.answer({"rows": told}, sheet=COLUMNS, rows=told, view=lambda: _view(told, frame))
    refused = [row for row in told if row["refused"]]
    if refused:
        for row in refused:
            frame.talk(f"{row['person']}：{row['message']}")
        frame.talk(frame.wording.say("several_refused", count=len(refused), all=len(told)))
        raise click.exceptions.Exit(REFUSED)


def _answer(frame: Frame, name: str, person: str, each: Each, *, preview: bool) -> dict[str, Any]:
    """Return the answer about one person: that of a single command, with who is meant and the sentences."""
    from workflows.application.recording import Outcome
    from workflows.entrypoints.cli.acting import answer_of
    from workflows.policies.findings import Verdict

    outcome = each.outcome
    if outcome is None:
        outcome = Outcome(verdict=Verdict.BLOCK, findings=(), stream_id=each.request.person_id, refused=True)
    answer = answer_of(frame, name, each.request.command, outcome, [])
    told = [f["message"] for f in answer["findings"] if f["verdict"] not in ("ok", "convention")]
    if each.problem is not None:
        told = [frame.wording.problem_text(each.problem)]
    return {"person": person, **answer, "message": "".join(told), "preview": preview}


def _view(told: Sequence[Mapping[str, Any]], frame: Frame) -> list[RenderableType]:
    """Return a heading with the counts, then a line for each of those recorded."""
    say = frame.wording.say
    good = [row for row in told if not row["refused"]]
    key = "several_previewed" if told and told[0]["preview"] else "several_recorded"
    pieces: list[RenderableType] = [layout.heading(say(key, count=len(good), all=len(told)))]
    for row in good:
        number = f"（{say('several_position', position=row['position'])}）" if row["position"] else ""
        pieces.append(f"{row['person']}{number}" + (f"：{row['message']}" if row["message"] else ""))
    return pieces
