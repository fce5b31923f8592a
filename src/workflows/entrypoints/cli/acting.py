"""``record``: one command, a correction or a retraction; with ``--preview`` only what would follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.frame import REFUSED, Frame, command, option, pass_frame
from workflows.entrypoints.cli.reading import finder, names_of, unit_meant
from workflows.entrypoints.cli.record_help import RecordCommand
from workflows.entrypoints.cli.values import read_day, read_day_told, read_table
from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.application.recording import Outcome, Request
    from workflows.domain.act import Command
    from workflows.kernel.events import Recorded


MOST_CONSEQUENCES = 60
"""How many consequences are listed on a screen."""


def actor_of(frame: Frame) -> str:
    """Return who acts: as told, else the user of the system."""
    return frame.actor or frame.app.settings.actor


@command("record", cls=RecordCommand)
@click.argument("name", metavar="COMMAND")
@option("--unit", metavar="UNIT")
@option("--person", metavar="PERSON", multiple=True, told="person-record")
@option("--subject", metavar="CASE")
@option("--people", metavar="FILE", type=click.Path(path_type=Path))
@option("--with", "fields", metavar="JSON", default="{}")
@option("--on", metavar="DATE", told="act-on")
@option("--preview", is_flag=True)
@option("--as-history", "as_history", is_flag=True)
@option("--reason", metavar="TEXT")
@pass_frame
def record(
    frame: Frame,
    name: str,
    unit: str | None,
    person: tuple[str, ...],
    subject: str | None,
    people: Path | None,
    fields: str,
    on: str | None,
    preview: bool,
    as_history: bool,
    reason: str | None,
) -> None:
    """Record one command, of one person or each of several, or a correction or retraction."""
    from workflows.application.commands import AMENDMENTS
    from workflows.entrypoints.spoken import command_named

    name = command_named(name)
    given = read_table(fields)
    if name in AMENDMENTS:
        _amend(frame, name, given, read_day(on), reason, preview=preview)
        return
    day = read_day_told(on)
    if as_history and not (reason or "").strip():
        raise WrongUsage("reason-wanted")
    from msgspec.structs import replace

    if len(person) > 1 or people is not None:
        from workflows.entrypoints.cli import several

        rows = several.rows_of(person, people, name)
        requests = [requested(frame, name, {**given, **own}, day, unit, who) for who, own in rows]
        requests = [replace(one, as_history=as_history, reason=reason) for one in requests]
        several.put_out(frame, name, rows, requests, preview=preview)
        return
    request = requested(frame, name, given, day, unit, person[0] if person else None, subject)
    request = replace(request, as_history=as_history, reason=reason)
    changes: list[dict[str, Any]] = []
    if preview:
        from workflows.entrypoints.preview import previewed

        outcome, changes = previewed(frame.app, request)
    else:
        outcome = frame.app.recording.record(request)
    put_out(frame, name, request, outcome, changes, preview=preview)


def requested(
    frame: Frame,
    name: str,
    fields: Mapping[str, Any],
    on: date | str | None,
    unit: str | None,
    person: str | None,
    subject: str | None = None,
) -> Request:
    """Return the request for a command as typed, names found.

    Raises:
        WrongUsage: an unknown command, field, unit or person, or a value that does not fit.
    """
    from workflows.application.recording import Request
    from workflows.application.rough_days import told
    from workflows.entrypoints.spoken import fields_named
    from workflows.kernel.clock import today

    fields = dict(fields_named(name, fields))
    if name == "merge_persons" and person is None:
        person = fields.pop("keep", None)
    acted_on = on if isinstance(on, date) else None
    unit_id = unit_meant(frame, unit, acted_on) if unit else None
    person_id, more = _person(frame, name, fields, unit_id, person)
    day = on or _today(frame, name, fields)
    is_of_case = subject is not None
    parsed, approx = told(name, {**fields, **more}, day, latest=today(frame.app.clock), of_case=is_of_case)
    named = parsed.unit_named
    file_id = _case(frame, parsed, unit_id, subject)
    return Request(
        command=parsed,
        approx=approx,
        actor=actor_of(frame),
        origin="cli",
        person_id=person_id,
        unit_id=unit_id,
        named_unit_id=unit_meant(frame, named, acted_on) if named else None,
        file_id=file_id,
        subject=subject,
        command_id=frame.app.recording.new_id(frame.app.clock.now()),
    )


def _case(frame: Frame, parsed: Command, unit_id: UUID | None, subject: str | None) -> UUID | None:
    """Return the case meant; None where none was named, or a new one is opened under that name."""
    if subject is None or getattr(parsed, "opens", False):
        return None
    kind = parsed.aggregate if parsed.aggregate != "any" else None
    return finder(frame).file(subject, unit_id, kind)


def _today(frame: Frame, name: str, fields: Mapping[str, Any]) -> date | None:
    """Return today where no day of the act is given in any way."""
    from workflows.application.commands import events_of
    from workflows.kernel.clock import today
    from workflows.kernel.events import day_field

    told = {"on", "admitted_on", "full_since", *(day_field(event) for event in events_of(name))}
    return None if told & fields.keys() else today(frame.app.clock)


def _person(
    frame: Frame, name: str, fields: Mapping[str, Any], unit_id: UUID | None, person: str | None
) -> tuple[UUID | None, dict[str, Any]]:
    """Return who is meant, and the name as a field where somebody new is described."""
    from workflows.application.commands import commands
    from workflows.domain.person.commands import Personal

    if person is None:
        return None, {}
    kind = commands().get(name)
    if kind is None or not issubclass(kind, Personal):
        return finder(frame).person(person, unit_id), {}
    if fields.get("born_on") or fields.get("id_number"):
        return None, {"name": person}  # the natural key tells whether this is somebody known
    try:
        known = finder(frame).person(person, unit_id, exact=True)
    except WrongUsage as problem:
        if problem.code != "person-unknown":
            raise
        return None, {"name": person}
    if person != str(known):
        raise WrongUsage("person-namesake", person=person, id=str(known))
    return known, {}


def _amend(
    frame: Frame, name: str, given: Mapping[str, Any], on: date | None, reason: str | None, *, preview: bool
) -> None:
    """Record a correction or a retraction."""
    from workflows.application.amending import Amendment
    from workflows.application.commands import AMENDMENT_FIELDS, AMENDMENTS
    from workflows.entrypoints.spoken import amendment_named, correction_named

    given, fields = amendment_named(name, given), AMENDMENT_FIELDS[name]
    lacking = [key for key in AMENDMENTS[name] if key not in given]
    unknown = sorted(given.keys() - set(fields))
    if lacking or unknown:
        detail = (lacking or unknown)[0]
        text = (
            f"Object missing required field `{detail}`"
            if lacking
            else f"Object contains unknown field `{detail}`"
        )
        raise WrongUsage("command-field", command=name, detail=text, fields=fields)
    event, field, value = _event(given["event"]), given.get("field"), given.get("value")
    if field is not None:
        target = _recorded(frame, event)
        if target is not None:
            field, value = correction_named(type(target.event), str(field), value)
    amendment = Amendment(
        event=event,
        actor=actor_of(frame),
        origin="cli",
        reason=str(given.get("reason") or reason or ""),
        field=str(field) if name == "correct" else None,
        value=value,
        evidence=given.get("evidence"),
        command_id=frame.app.recording.new_id(frame.app.clock.now()),
        on=on,
    )
    changes: list[dict[str, Any]] = []
    if preview:
        from workflows.entrypoints.preview import previewed_amendment

        outcome, changes = previewed_amendment(frame.app, frame.app.amending, amendment)
    else:
        outcome = frame.app.amending.amend(amendment)
    answer = {**answer_of(frame, name, None, outcome, changes), "preview": preview}
    frame.answer(answer, rows=[answer], view=lambda: _told(answer, outcome, frame))


def _event(told: Any) -> UUID | int:
    """Return the event meant: a position, or an id."""
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    try:
        return int(told) if str(told).isdigit() else UUID(str(told))
    except ValueError as error:
        raise WrongUsage("event-unknown", event=str(told)) from error


def _recorded(frame: Frame, event: UUID | int) -> Recorded | None:
    """Return a record by position or id, None where there is none."""
    with frame.app.log.read() as reading:
        return reading.event_at(event) if isinstance(event, int) else reading.find_event(event)


def _positions(frame: Frame, outcome: Outcome) -> list[int]:
    """Return the numbers of the new records, one an event; () of a preview or a refusal."""
    if not outcome.position:
        return []
    found = (_recorded(frame, event_id) for event_id in outcome.event_ids)
    return [record.position for record in found if record is not None]


def answer_of(
    frame: Frame, name: str, command: Command | None, outcome: Outcome, changes: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what became of one command in the form of the contract."""
    from workflows.entrypoints.consequences import rows_of
    from workflows.entrypoints.naming import with_the_one_typed
    from workflows.entrypoints.wording import findings_json

    names = with_the_one_typed(names_of(frame), command)
    who = names(str(outcome.stream_id)) if outcome.stream_id else None
    who = who or getattr(command, "name", None) or ""
    on = command.on if command is not None else None
    return {
        "do": name,
        "on": on.isoformat() if on else None,
        "verdict": str(outcome.verdict),
        "refused": outcome.refused,
        "events": list(outcome.events),
        "opened": list(outcome.opened),
        "findings": findings_json(outcome.findings, frame.wording, names, command=name, on=on, who=who),
        "stream_id": str(outcome.stream_id) if outcome.stream_id else None,
        "event_ids": [str(event_id) for event_id in outcome.event_ids],
        "position": outcome.position or None,
        "positions": _positions(frame, outcome),
        "deadlines": changes,
        "consequences": rows_of(outcome.consequences, changes, names, frame.wording),
    }


def put_out(
    frame: Frame,
    name: str,
    request: Request,
    outcome: Outcome,
    changes: list[dict[str, Any]],
    *,
    preview: bool,
    more: Mapping[str, Any] | None = None,
    drawn: Sequence[RenderableType] = (),
) -> None:
    """Put out what became of a command; a refused one ends with its exit code.

    ``more`` stands in the answer besides, ``drawn`` below it on a screen.
    """
    answer = answer_of(frame, name, request.command, outcome, changes) | dict(more or {})
    answer["preview"] = preview
    frame.answer(answer, rows=answer["findings"], view=lambda: [*_told(answer, outcome, frame), *drawn])
    if outcome.refused:
        messages = [f["message"] for f in answer["findings"] if f["verdict"] in ("block", "incomplete")]
        for message in messages:
            frame.talk(message)
        frame.talk(frame.wording.say("refused_none"))
        raise click.exceptions.Exit(REFUSED)


def _told(answer: Mapping[str, Any], outcome: Outcome, frame: Frame) -> list[RenderableType]:
    """Return what became of it: recorded or not, what the rules noticed, which limits change."""
    from workflows.entrypoints.consequences import lines_of

    say = frame.wording.say
    pieces: list[RenderableType] = []
    if not outcome.refused:
        key = "previewed" if answer["preview"] else "recorded"
        pieces.append(say(key, events=_events(answer, frame)))
        opened = "opening" if answer["preview"] else "opened"
        pieces += [say(opened, subject=subject) for subject in answer["opened"]]
    hidden = ("ok", "block", "incomplete") if outcome.refused else ("ok",)
    pieces += [f["message"] for f in answer["findings"] if f["verdict"] not in hidden]
    if answer["consequences"]:
        lines = lines_of(answer["consequences"], MOST_CONSEQUENCES, frame.wording)
        pieces += ["", layout.heading(say("consequences")), *lines]
    elif answer["deadlines"]:
        pieces += ["", layout.heading(say("changes")), layout.changes_view(answer["deadlines"], frame)]
    return pieces


def _events(answer: Mapping[str, Any], frame: Frame) -> str:
    """Return the events in words; once recorded, each with its number, by which it can be corrected."""
    wording = frame.wording
    told = [wording.event(event) for event in answer["events"]]
    numbers = answer["positions"]
    if len(numbers) == len(told):
        told = [wording.say("numbered", event=e, position=p) for e, p in zip(told, numbers, strict=True)]
    return wording.words.listed(told)
