"""Recording: one command, decided inside the transaction, recorded or refused, answered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from workflows.application import again, casework, merging, relieving, resolving
from workflows.application.adopting import check_retired, with_text
from workflows.application.attaching import attached
from workflows.application.books import Books, States
from workflows.application.later import with_later
from workflows.application.natural_keys import Known
from workflows.application.ports import Identity, Inline, Log, PackLibrary, Transaction
from workflows.application.residents import Caused, Consequence
from workflows.application.rough_days import as_key, check_rough
from workflows.application.structuring import Planned, Structuring
from workflows.domain.act import Command, Decision, decision
from workflows.domain.case_acts import FileCommand
from workflows.domain.papers import Attach
from workflows.domain.person import commands as person_commands
from workflows.domain.person import decide as person_decide
from workflows.domain.person.member_commands import MergePersons
from workflows.domain.unit import commands as unit_commands
from workflows.domain.unit import decide as unit_decide
from workflows.domain.unit.change import is_barred
from workflows.domain.unit.state import Unit
from workflows.domain.waivers import Relieving
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.clock import FIRST_DAY, LAST_DAY, Clock, today
from workflows.kernel.errors import Conflict, Problem, WrongUsage
from workflows.kernel.events import NewEvent, Recorded
from workflows.kernel.ids import NewId, derived
from workflows.policies.findings import RECORDED_LIVE, Finding, Verdict
from workflows.policies.rules import Rules

T = TypeVar("T")

Origin = Literal["web", "cli", "api", "import", "scheduler", "sandbox", "demo"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A command with all that is recorded beside it.

    ``person_id`` and ``unit_id`` name the streams (the unit that acts, for a person's command);
    ``named_unit_id`` is another unit that the command speaks of; ``file_id`` a case, ``subject`` what one
    to be opened is called. ``complete``:
    what is not said is missing; False for old workbooks, where it is unknown. ``as_history`` (补录) needs a
    ``reason``. ``approx`` are the days of the command known only roughly, by field; the command then holds
    the latest possible.
    """

    command: Command
    actor: str
    origin: Origin
    person_id: UUID | None = None
    unit_id: UUID | None = None
    named_unit_id: UUID | None = None
    file_id: UUID | None = None
    subject: str | None = None
    as_history: bool = False
    complete: bool = True
    reason: str | None = None
    approx: Mapping[str, ApproximateDay] = {}
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a request, the cases ``opened`` along with it; no ``event_ids`` if nothing changed."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    events: tuple[str, ...] = ()
    stream_id: UUID | None = None
    event_ids: tuple[UUID, ...] = ()
    position: int = 0
    refused: bool = False
    repeated: bool = False
    consequences: tuple[Consequence, ...] = ()
    opened: tuple[str, ...] = ()


class Refused(Problem):
    """A rule refuses the act: shown to the user, not an error of ours."""

    exit_code = 3

    def __init__(self, command: str, outcome: Outcome) -> None:
        super().__init__("refused", command=command, findings=outcome.findings)
        self.outcome = outcome


class Recording:
    """The use case behind every way in: web, command line, interface, import, scheduler, story."""

    def __init__(
        self,
        log: Log,
        rules: Rules,
        clock: Clock,
        identity: Identity,
        new_id: NewId,
        inline: Sequence[Inline] = (),
        *,
        allow_future: bool = False,
        states: States | None = None,
        library: PackLibrary | None = None,
    ) -> None:
        """``library`` gives the text of a pack by its name, for adoptions that give none."""
        self.library = library
        self.log, self.rules, self.clock, self.identity, self.new_id = log, rules, clock, identity, new_id
        self._inline, self._allow_future = tuple(inline), allow_future
        self._states = States() if states is None else states

    def record(self, request: Request, *, preview: bool = False) -> Outcome:
        """Record one command; a live one that a rule blocks is not recorded (``refused``).

        Raises:
            WrongUsage: the request itself makes no sense (a day in the future, a target that is none).
            Conflict: the command id was used for another command.
        """
        return self._submit(lambda batch: batch.record(request, preview=preview), request.command_id)

    def record_all(self, requests: Sequence[Request]) -> list[Outcome]:
        """Record several commands in one transaction; a refused one leaves the others."""
        return self._submit(lambda batch: [batch.record(request) for request in requests])

    def work(self, job: Callable[[Batch], T], command_id: UUID | None = None) -> T:
        """Do a job of several commands that looks at the books in between, in one transaction."""
        return self._submit(job, command_id)

    def _submit(self, job: Callable[[Batch], T], command_id: UUID | None = None) -> T:
        def work(transaction: Transaction) -> T:
            self._states.catch_up(transaction)
            begun_at = self._states.position
            batch = Batch(self, transaction, self._states)
            try:
                answer = job(batch)
                batch.finish(self._inline)
            except BaseException:
                self._states.go_back(begun_at, batch.touched)
                if batch.books.has_regrouped:
                    self._states.forget_all()
                raise
            return answer

        return self.log.submit(work, command_id)

    def check_day(self, day: date) -> None:
        """Refuse an act of a day that has not come yet.

        Raises:
            WrongUsage: ``day`` lies in the future, or before anything that could be on the books.
        """
        if day > today(self.clock) and not self._allow_future:
            raise WrongUsage("day-in-future", day=day.isoformat(), today=today(self.clock).isoformat())
        if day > LAST_DAY:
            raise WrongUsage("day-too-late", day=day.isoformat(), last=LAST_DAY.isoformat())
        if day < FIRST_DAY:
            raise WrongUsage("day-too-early", day=day.isoformat(), first=FIRST_DAY.isoformat())


class Batch:
    """One transaction in which commands are decided one after another."""

    def __init__(self, owner: Recording, transaction: Transaction, states: States) -> None:
        self.owner, self.transaction = owner, transaction
        self.books = Books(transaction, owner.rules, states=states)
        self.touched: set[UUID] = set()
        self._states = states
        self.tree = Structuring(self.books, self._fresh)
        self.known = Known(self.books, transaction, owner.identity)

    def record(self, request: Request, *, preview: bool = False) -> Outcome:
        """Decide one command and, unless it is refused or a preview, append its events."""
        for day in request.command.past_days:
            self.owner.check_day(day)
        check_rough(request.command, request.approx, as_history=request.as_history)
        said = [request.command.verb(), request.command, *([request.approx] if request.approx else [])]
        fingerprint = self.fingerprint(said)
        if request.command_id is not None and (told := self._told_before(request.command_id, fingerprint)):
            return told
        stream_id, request = self._target(request)
        request = self._with_pack(stream_id, request)
        planned = self._planned(stream_id, request)
        decided = self._decide(stream_id, request, planned)
        if late := again.of_late_entry(self, stream_id, request, decided.events):
            decided = decision(*decided.events, findings=(*decided.findings, *late))
        barred = is_barred(decided.findings)
        refused = barred or (decided.verdict not in RECORDED_LIVE and not request.as_history)
        is_let_through = request.as_history and not barred and decided.verdict not in RECORDED_LIVE
        found = with_later(self.books, stream_id, request, decided.findings) if refused else decided.findings
        caused = resolving.requests(request, decided, stream_id, self.books)
        caused += casework.problems(request, decided, stream_id, self.books)
        outcome = Outcome(
            verdict=Verdict.WARN if is_let_through else decided.verdict,
            findings=found,
            stream_id=stream_id,
            refused=refused,
            events=() if refused else tuple(type(event).__name__ for event in decided.events),
            consequences=planned.consequences if planned is not None else (),
            opened=casework.opened_by(caused),
        )
        tried = resolving.together(outcome, [self.record(one, preview=True) for one in caused])
        if tried.refused or preview:
            return tried
        records = self._append(stream_id, request, decided)
        if planned is not None:
            self.cause(records[0], planned.caused)
        elif request.command.aggregate == "person" and records:
            self.follow(records[0])
        self._claim(stream_id, request)
        ids, last = tuple(record.event_id for record in records), records[-1].position if records else 0
        outcome = msgspec.structs.replace(outcome, event_ids=ids, position=last)
        caused = resolving.caused_by(caused, ids)
        outcome = resolving.together(outcome, [self.record(one) for one in caused])
        if request.command_id is not None:
            # findings stand in the event; here they would lie in clear for ever
            answer = msgspec.structs.replace(outcome, findings=())
            self.transaction.log_command(request.command_id, fingerprint, msgspec.json.encode(answer))
        return outcome

    def _planned(self, stream_id: UUID, request: Request) -> Planned | None:
        """Return a change of the tree or a merger of people thought through; None of any other command."""
        if isinstance(request.command, MergePersons):
            return merging.planned(request.command, stream_id, self.books)
        return self.tree.planned(request.command, stream_id, request.named_unit_id)

    def append(self, events: Sequence[NewEvent]) -> list[Recorded]:
        """Append events decided elsewhere (corrections, retractions)."""
        self.touched.update(event.stream_id for event in events)
        records = self.transaction.append(events)
        self.books.note(records)
        self._states.position = records[-1].position if records else self._states.position
        return records

    def finish(self, inline: Sequence[Inline]) -> None:
        """Have the views brought up to what was appended, before the transaction ends."""
        if self.touched:
            for view in inline:
                self.transaction.afterwards(view)

    def fingerprint(self, what: Any) -> bytes:
        """Return what tells one command from another: a keyed digest, since commands hold personal data."""
        return self.owner.identity.digest(msgspec.json.encode(what, order="sorted").decode()).encode()

    def _told_before(self, command_id: UUID, fingerprint: bytes) -> Outcome | None:
        known = self.transaction.command(command_id)
        if known is None:
            return None
        if known[0] != fingerprint:
            raise Conflict("command-id-used", command_id=str(command_id))
        told = msgspec.json.decode(known[1], type=Outcome)
        events = [self.transaction.find_event(event_id) for event_id in told.event_ids[:1]]
        findings = tuple(f for record in events if record for f in getattr(record.event, "findings", ()))
        return msgspec.structs.replace(told, findings=findings, repeated=True)

    # --- whose stream -----------------------------------------------------------------------------------

    def _target(self, request: Request) -> tuple[UUID, Request]:
        command = request.command
        if command.aggregate == "unit":
            if isinstance(command, unit_commands.EstablishUnit):
                return self._new_unit(command), request
            if request.unit_id is None:
                raise WrongUsage("unit-wanted", command=command.verb())
            return request.unit_id, request
        if isinstance(command, FileCommand):
            return casework.target(self.books, command, request, self._fresh)
        if request.person_id is not None and isinstance(command, MergePersons):
            return request.person_id, request
        if request.person_id is not None:
            return self.books.one(request.person_id), request
        if command.aggregate == "any":
            if request.file_id is not None:
                return request.file_id, request
            if request.unit_id is None:
                raise WrongUsage("anyone-wanted", command=command.verb())
            return request.unit_id, request
        if isinstance(command, person_commands.Personal):
            if request.unit_id is None:
                raise WrongUsage("unit-wanted", command=command.verb())
            return self._person(request, command, request.unit_id), request
        raise WrongUsage("person-wanted", command=command.verb())

    def _with_pack(self, unit_id: UUID, request: Request) -> Request:
        """Return an adoption with the text of its pack, read and found sound; other requests as they are."""
        command = request.command
        if isinstance(command, unit_commands.RetirePack):
            check_retired(command, unit_id, self.books)
        if not isinstance(command, unit_commands.AdoptPack):
            return request
        filled = with_text(command, unit_id, self.books, self.owner.library)
        return msgspec.structs.replace(request, command=filled)

    def _new_unit(self, command: unit_commands.EstablishUnit) -> UUID:
        self.tree.check_name(command.name, command.on)
        return self._fresh()

    def _fresh(self) -> UUID:
        return self.owner.new_id(self.owner.clock.now())

    def _person(self, request: Request, command: person_commands.Personal, unit_id: UUID) -> UUID:
        """Return the stream of the person described: the one that holds the natural key, else a new one."""
        return self.known.person(as_key(command, request.approx), unit_id) or self._fresh()

    def _claim(self, stream_id: UUID, request: Request) -> None:
        command = request.command
        if not isinstance(command, person_commands.Personal) or request.unit_id is None:
            return
        if not self.known.claim(stream_id, as_key(command, request.approx), request.unit_id):
            raise WrongUsage("person-exists", command=command.verb())

    # --- decide and append ------------------------------------------------------------------------------

    def _decide(self, stream_id: UUID, request: Request, planned: Planned | None = None) -> Decision:
        command = request.command
        if isinstance(command, Relieving):
            return relieving.decided(self.books, stream_id, request)
        if isinstance(command, Attach):
            return attached(command, self.books, stream_id, request)
        if isinstance(command, MergePersons) and planned is not None:
            return decision(merging.event_of(command, planned), findings=planned.change.hurdles)
        if isinstance(command, FileCommand):
            return casework.decided(self.books, stream_id, command, request)
        if command.aggregate == "unit":
            unit = self.books.unit_state(stream_id)
            rules = self.books.rules_for(stream_id, command.on)
            return unit_decide.decide(
                command,
                unit,
                rules,
                self.books,
                superior=request.named_unit_id,
                change=planned.change if planned is not None else None,
                complete=request.complete,
            )
        person = self.books.person_state(stream_id)
        unit_id = request.unit_id or person.unit_on(command.on) or person.unit_id
        rules = self.books.rules_for(unit_id, command.on)
        decided = person_decide.decide(
            command,
            person,
            rules,
            self.books,
            unit_id=request.unit_id,
            complete=request.complete,
            named_unit=request.named_unit_id,
            approx=request.approx,
        )
        gone = self.tree.barred(person, decided.events, request.unit_id, command.on)
        return msgspec.structs.replace(decided, findings=(*gone, *decided.findings)) if gone else decided

    def _append(self, stream_id: UUID, request: Request, decided: Decision) -> list[Recorded]:
        version = self.transaction.version(stream_id)
        unit_id = request.unit_id
        if unit_id is None:
            state = self.books.state(stream_id)
            unit_id = stream_id if isinstance(state, Unit) else state.unit_id
        if isinstance(request.command, unit_commands.EstablishUnit):
            unit_id = stream_id
        new = [
            NewEvent(
                stream_id=stream_id,
                version=version + number,
                event_id=(
                    derived(request.command_id, number) if request.command_id is not None else self._fresh()
                ),
                event=event,
                actor=request.actor,
                origin=request.origin,
                unit_id=unit_id,
                command_id=request.command_id,
                correlation_id=request.correlation_id,
                causation_id=request.causation_id,
                as_history=request.as_history,
                reason=request.reason,
            )
            for number, event in enumerate(decided.events, 1)
        ]
        return self.append(new)

    def follow(self, act: Recorded) -> None:
        """Have somebody put late into a unit that is no more go where its people went."""
        number = 0
        while (followed := self.tree.follows(self.books.one(act.stream_id))) is not None:
            self.cause(act, [followed], number := number + 1)

    def cause(self, act: Recorded, caused: Sequence[Caused], *key: object) -> list[Recorded]:
        """Append what an act causes on other streams, each with an id derived from that of the act."""
        return self.append(
            [one.new(act, self.transaction.version(one.stream_id) + 1, *key) for one in caused]
        )
