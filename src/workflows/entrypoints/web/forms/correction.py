"""更正 and 撤回 as forms: one field of one record, its value filled in beforehand, what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect
from msgspec.structs import replace

from workflows.application.amending import DERIVED_FIELDS, Amending, Amendment, in_place
from workflows.application.commands import commands_of
from workflows.application.corrected_values import read_value
from workflows.application.ports import UnitEntry
from workflows.application.undoing import ALONG
from workflows.domain.act import Who, step_of
from workflows.domain.inspection.events import FindingRaised
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.events import MeetingHeld
from workflows.entrypoints.masking import masked
from workflows.entrypoints.preview import previewed_amendment
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.checking import AGAINST, Flaw, change_line
from workflows.entrypoints.web.forms.fields import NO, OTHER, YES, Field, fields_of, has_form, kinds_in
from workflows.entrypoints.web.forms.guard import actor_of
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.unit_act import UnitAct
from workflows.entrypoints.web.forms.unit_fields import command_fields, has_unit_form
from workflows.entrypoints.web.timeline import field_word
from workflows.entrypoints.web.words import WORDING, value_word
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import AMENDING, Event, FactCorrected, Recorded, amendments, corrected, day_field
from workflows.policies.findings import Verdict

REASON, EVIDENCE, FIELD = "why", "evidence", "field"
ON, RETRACT = "on", "retract"
LEFT_OUT = frozenset({"roll", "running", "personal", "voters", "event_id"})
"""What no form corrects: what is worked out, and the text of a pack."""

NOT_FILLED_IN = frozenset({"id_number", "phone"})
"""What is not shown in full is not filled in beforehand."""

NO_FORM = frozenset({"unit", "step", "attendance", "counted"})
SEVERAL = frozenset({"people", "lines", "several", "words", "rows"})
LONGEST_REASON = 500
NOT_ALONG = "由这一条列出的问题另有记录，不跟着改；也要改的，在那件问题上更正"


def standing(record: Recorded, records: Sequence[Recorded]) -> tuple[Event, bool]:
    """Return an event with what corrected it put in, and whether it was withdrawn."""
    withdrawn, changes = amendments(records)
    event: Event = record.event
    for change in changes.get(record.event_id, []):
        if isinstance(change.event, FactCorrected):
            event = corrected(event, change.event)
    return event, record.event_id in withdrawn


class Correction(UnitAct):
    """A record being corrected: of a unit or of a person; ``named`` is the field, "" while none is chosen."""

    def __init__(
        self, ask: Ask, record: Recorded, entry: UnitEntry, named: str, posted: Posted | None = None
    ) -> None:
        self.record = record
        with ask.app.log.read() as reading:
            self.event, self.is_withdrawn = standing(record, reading.load(record.stream_id))
        super().__init__(ask, step_of(record.event) or "", entry, posted)
        self.named = named
        if posted is None and named:
            self.posted = Posted(list(_texts(self.field, self.value)))

    @property
    def is_amendment(self) -> bool:
        """Say whether the record is itself a correction or a retraction."""
        return type(self.event).__name__ in AMENDING

    @cached_property
    def day(self) -> date:
        """Return the day of the act: who could be chosen then."""
        return self.event.effective_on

    @cached_property
    def unit_id(self) -> UUID:
        """Return the unit that acted."""
        return self.record.unit_id or self.entry.id

    @cached_property
    def correctable(self) -> Mapping[str, tuple[Field, Any]]:
        """Return the fields that can be corrected by name, each with the value that stands."""
        found: dict[str, tuple[Field, Any]] = {}
        for name, kind, value in _named_values(self.event):
            field = self._field(name, kind)
            if field is not None and not (name == "attending" and getattr(self.event, "attendees", None)):
                found[name] = field, value
        return found

    def _field(self, name: str, kind: Any) -> Field | None:
        known: tuple[Field, ...] = ()
        case = self.ask.desk.files.get(str(self.record.stream_id))
        if case is not None and self.command in commands_of(case.kind):
            known = command_fields(commands_of(case.kind)[self.command])
        elif has_form(self.command):
            known = fields_of(self.command)
        elif has_unit_form(self.command):
            known = self.all_fields()
        found = next((one for one in known if one.name == name), None) or _by_type(name, kind)
        return None if found is None or found.kind in NO_FORM else replace(found, hint="")

    @property
    def field(self) -> Field:
        """Return the field being corrected."""
        return self.correctable[self.named][0]

    @property
    def value(self) -> Any:
        """Return the value that stands."""
        return self.correctable[self.named][1]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the one field."""
        return (self.field,)

    def told(self, name: str) -> tuple[str, str]:
        """Return a field and its value in words; numbers of people masked, people by name."""
        field, value = self.correctable[name]
        plain = self._plain(msgspec.to_builtins(value))
        return field.label or field_word(name), value_word(name, masked(name, plain))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("person") and set(value) <= {"person", "name"}:
                return {"name": self.ask.desk.name_of(str(value["person"])) or "（姓名已删除）"}
            return {key: self._plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        return value

    # --- what was filled in ---------------------------------------------------------------------------------

    def _shown_value(self) -> Any:
        found = self.filled.values.get(self.named)
        return ([] if self.field.kind in SEVERAL else None) if found is None else found

    def amendment(self) -> Amendment | None:
        """Return the correction filled in, None where something is wrong (told by :meth:`flaws`)."""
        if self.posted is None or self.flaws():
            return None
        return Amendment(
            event=self.record.position,
            actor=actor_of(self.ask.request),
            origin="web",
            reason=self.reason,
            field=self.named or None,
            value=self._shown_value() if self.named else None,
            evidence=self.posted.one(EVIDENCE) or None,
            command_id=self.posted.command_id,
        )

    def flaws(self) -> list[Flaw]:
        """Return what is wrong with the form."""
        found = super().flaws() if self.named else []
        if not self.reason:
            found.append(Flaw(REASON, "请写明理由"))
        for name in (REASON, EVIDENCE):
            if self.posted and len(self.posted.one(name)) > LONGEST_REASON:
                found.append(Flaw(name, f"不能多于 {LONGEST_REASON} 个字"))
        return found

    def preview(self, request: Amendment) -> tuple[list[str], list[Flaw]]:
        """Return what would change, in words, and what the use case has against it.

        Raises:
            Conflict: the form was recorded before with other contents.
        """
        try:
            outcome, rows = previewed_amendment(self.backing, Amending(self.backing.recording), request)
        except WrongUsage as problem:
            return [], [Flaw(self.named or REASON, self.problem_text(problem))]
        along = [WORDING.finding(one, command=RETRACT) for one in outcome.findings if one.rule == ALONG]
        if isinstance(self.event, FindingRaised) and request.field is not None:
            along.append(NOT_ALONG)
        return [*along, *self._judged(request), *map(change_line, rows)], []

    @staticmethod
    def problem_text(problem: WrongUsage) -> str:
        """Return what a use case says against it."""
        return WORDING.problem_text(problem)

    def _judged(self, request: Amendment) -> list[str]:
        """Return what the rules say of a meeting as corrected, where they said otherwise before."""
        if not isinstance(self.event, MeetingHeld) or request.field is None:
            return []
        with self.backing.answering.opened() as opened:
            books = opened.books
            name, value = in_place(self.event, request.field, request.value)
            if name is None:
                return []
            new = read_value(
                type(self.event), name, value, lambda told: books.find(told, self.unit_id, self.day)
            )
            after = msgspec.structs.replace(self.event, **{name: new})
            unit, rules = (
                books.unit_state(self.record.stream_id),
                books.rules_for(self.unit_id, after.held_on),
            )
            before, now = (
                meeting_findings(event, unit, rules, books, complete=False) for event in (self.event, after)
            )
        told = {(one.rule, one.verdict, one.calc) for one in before}
        return [
            WORDING.finding(one, self.ask.desk.name_of, command=self.command, on=after.held_on, who="")
            for one in now
            if (one.rule, one.verdict, one.calc) not in told
            and (one.verdict in AGAINST or one.verdict in (Verdict.OK, Verdict.WARN, Verdict.NOT_PASSED))
        ]


def _named_values(event: Event) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, type and value of what can be corrected: of a part (profile, votes) each of its fields."""
    told: Any = inspect.type_info(type(event))
    types = {field.name: field for field in told.fields}
    for field in msgspec.structs.fields(type(event)):
        value = getattr(event, field.name)
        if value is msgspec.UNSET or field.name in DERIVED_FIELDS | LEFT_OUT:
            continue
        if field.name == day_field(type(event)):
            yield ON, types[field.name].type, value
        elif isinstance(value, msgspec.Struct) and not isinstance(value, Who):
            part: Any = inspect.type_info(type(value))
            for inner in part.fields:
                if inner.name not in LEFT_OUT:
                    yield inner.encode_name, inner.type, getattr(value, inner.name)
        else:
            yield field.encode_name, types[field.name].type, value


def _by_type(name: str, kind: Any) -> Field | None:
    """Return the field of an event that its command has not, by its type; None where no form can hold it."""
    label = "到会的人" if name == "attendees" else field_word(name)
    for node in kinds_in(kind):
        match node:
            case inspect.DateType():
                return Field(name, label, "day")
            case inspect.BoolType():
                return Field(name, label, "yes", choices=((YES, "是"), (NO, "否")))
            case inspect.IntType():
                return Field(name, label, "number", least=0)
            case inspect.StrType() if name == "gender":
                return Field(name, label, "choice", choices=(("男", "男"), ("女", "女")))
            case inspect.StrType():
                return Field(name, label, "text", most=2000)
            case inspect.StructType() if node.cls is Who:
                return Field(name, label, "person")
            case inspect.VarTupleType(item_type=item):
                inner = list(kinds_in(item))
                if any(getattr(one, "cls", None) is Who for one in inner):
                    return Field(name, label, "people")
                if any(isinstance(one, inspect.StrType) for one in inner):
                    return Field(name, label, "lines")
    return None


def _texts(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    """Yield a value as a form would have posted it."""
    if value is None or field.name.rpartition(".")[2] in NOT_FILLED_IN:
        return
    if field.kind == "rows":
        for number, item in enumerate(value):
            yield from _row(field, f"{field.name}.{number}.", item)
    elif field.kind == "part":
        yield from _row(field, f"{field.name}.", value)
    elif isinstance(value, Who):
        yield (field.name, str(value.person)) if value.person else (field.name + OTHER, value.name or "")
    elif isinstance(value, tuple) and field.kind == "lines":
        yield field.name, "\n".join(map(str, value))
    elif isinstance(value, tuple):
        known = [item for item in value if not isinstance(item, Who) or item.person]
        for item in known:
            yield field.name, str(item.person) if isinstance(item, Who) else str(item)
        bare = [item.name or "" for item in value if isinstance(item, Who) and not item.person]
        if bare:
            yield field.name + OTHER, "、".join(bare)
    elif isinstance(value, bool):
        yield field.name, YES if value else NO
    else:
        yield field.name, str(value)


def _row(field: Field, place: str, item: Any) -> Iterator[tuple[str, str]]:
    names = [one.name for one in msgspec.structs.fields(type(item))]
    for part, name in zip(field.parts, names, strict=False):
        held = getattr(item, part.name, None) if not field.keyed else getattr(item, name)
        yield from _texts(replace(part, name=place + part.name), held)
