"""Taking a change of the tree, or the finding of an inspection, back: what it caused goes with it.

Unless something was built upon it: then that is to be taken back first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from workflows.application.merging import check_amended
from workflows.application.recording import Batch
from workflows.application.standing import still_broken
from workflows.application.tree import change_days
from workflows.domain.case_acts import FileOpened
from workflows.domain.case_files import finding_of_case
from workflows.domain.inspection.events import FindingRaised
from workflows.domain.rectification.events import IssueOpened
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.events import UnitEstablished
from workflows.domain.unit.state import Unit
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, EventRetracted, FactCorrected, NewEvent, Recorded, amendments
from workflows.kernel.ids import derived
from workflows.policies.findings import Finding, Verdict

CAUSING = (tree.UnitMerged, tree.UnitSplit, tree.UnitDissolved, UnitEstablished, FindingRaised)
"""The events that may have caused others on other streams."""

ON_ITS_OWN = (UnitEstablished, IssueOpened)
"""What was caused and may still be corrected for itself."""

ALONG, STILL_BROKEN = "retract-along", "retract-still-broken"
"""What the note is called that tells what a retraction takes along."""

FREE_FIELDS = frozenset({"document", "reason", "name"})
"""What may be corrected of a merger, a split or a dissolution: nothing recorded elsewhere rests on it."""


class Undoing:
    """Looks after changes of the tree when one of their events is corrected or retracted."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.transaction, self.books = batch, batch.transaction, batch.books

    def check(self, target: Recorded, field: str | None) -> None:
        """Refuse an amendment that would tear a change of the tree apart.

        Raises:
            WrongUsage: ``retract-the-cause``: the event is a part of a change recorded elsewhere;
                ``correct-structure``: others rest on the field; ``structure-built-upon``,
                ``case-built-upon``: something was recorded since that rests on the change.
        """
        check_amended(target, field, self.books)
        cause = self._cause_of(target)
        if cause is not None and (field is None or not isinstance(target.event, ON_ITS_OWN)):
            raise WrongUsage("retract-the-cause", event=type(cause.event).__name__, position=cause.position)
        if field is not None:
            whole = isinstance(target.event, tree.UnitMerged | tree.UnitSplit | tree.UnitDissolved)
            if whole and field not in FREE_FIELDS:
                raise WrongUsage("correct-structure", field=field, position=target.position)
            return
        main = self._main(target)
        if isinstance(target.event, FileOpened):
            self._check_case(target.stream_id, {target.event_id})
        if main is not None and isinstance(main.event, FindingRaised):
            own = {record.event_id for record in self._group(main.event_id, main)}
            for stream_id in self._streams(main):
                self._check_case(stream_id, own)
        elif main is not None:
            self._check_alone(main, self._group(main.event_id, main))

    def along(self, target: Recorded, day: date) -> tuple[Finding, ...]:
        """Return what a retraction takes along elsewhere, each in a note, and what is broken all the same."""
        main = self._main(target)
        if main is None or not isinstance(main.event, FindingRaised):
            return ()
        group = self._group(main.event_id, main)
        found = []
        for one in group:
            if isinstance(one.event, IssueOpened):
                told = {"subject": one.event.subject, "position": one.position}
                found.append(finding_of_case(ALONG, Verdict.NOTE, "record", **told))
                found += self._still_broken(one.stream_id, one.event, day)
        return tuple(found)

    def _still_broken(self, stream_id: UUID, issue: IssueOpened, day: date) -> list[Finding]:
        broken = still_broken(self.books, stream_id, issue, day)
        if broken is None:
            return []
        told = {"subject": issue.subject, "rule": issue.rule, "broken": list(broken.what)}
        found = finding_of_case(STILL_BROKEN, Verdict.WARN, "warn", **told)
        more = {"label": broken.label, "clause": broken.clause, "because": broken.because}
        return [msgspec.structs.replace(found, **more)]

    def follow(self, record: Recorded, target: Recorded) -> None:
        """Do what an amendment just recorded asks for elsewhere: see :meth:`check`.

        Raises:
            WrongUsage: ``unit-loop``, ``unit-exists``, or what :meth:`Batch.follow` raises.
        """
        main = self._main(target)
        if isinstance(record.event, EventRetracted) and main is not None:
            self._retract(record, self._group(target.event_id, main))
        state = self.books.state(record.stream_id)
        if isinstance(state, Unit):
            self._check_tree(state)
            if main is not None:
                for unit_id in self._units(main):
                    self._check_tree(self.books.unit_state(unit_id))
        else:
            self.batch.follow(record)

    # --- what belongs together --------------------------------------------------------------------------

    def _cause_of(self, target: Recorded) -> Recorded | None:
        """Return the change by which an event was caused, None where it was recorded for itself."""
        if target.causation_id is None or isinstance(target.event, FactCorrected):
            return None
        cause = self.transaction.find_event(target.causation_id)
        if cause is None:
            return None
        if isinstance(target.event, EventRetracted):
            # of a retraction the cause is what it withdraws; one withdrawn with another names that other
            return (
                cause
                if isinstance(cause.event, EventRetracted) and cause.event_id != target.event.event_id
                else None
            )
        return cause if isinstance(cause.event, CAUSING) else None

    def _main(self, target: Recorded) -> Recorded | None:
        """Return the change of the tree that an event is, or that a retraction withdraws or brings back."""
        seen: Recorded | None = target
        while seen is not None and isinstance(seen.event, EventRetracted):
            seen = self.transaction.find_event(seen.event.event_id)
        return seen if seen is not None and isinstance(seen.event, CAUSING) else None

    def _group(self, cause: UUID, main: Recorded) -> list[Recorded]:
        """Return what an event (a change of the tree, or a retraction about one) caused on other streams."""
        return [
            record
            for records in self.transaction.load_many(self._streams(main)).values()
            for record in records
            if record.causation_id == cause
            and record.event_id != cause
            and getattr(record.event, "event_id", None) != cause
        ]

    def _units(self, main: Recorded) -> list[UUID]:
        event = main.event
        more = getattr(event, "units", ()) or getattr(event, "into", ())
        return list(dict.fromkeys((main.stream_id, *more)))

    def _streams(self, main: Recorded) -> list[UUID]:
        """Return every stream on which a change may have caused something."""
        if isinstance(main.event, FindingRaised):  # its problem was recorded with it, right behind
            behind = self.transaction.event_at(main.position + 1)
            is_caused = behind is not None and behind.causation_id == main.event_id
            return [behind.stream_id] if behind is not None and is_caused else []
        units, directory = self._units(main), self.transaction.directory
        below = [entry.id for entry in directory.units() if entry.dated.superiors & set(units)]
        people = [person for unit in units for person in directory.people_of(unit)]
        return list(dict.fromkeys((*units, *below, *people)))

    # --- what stands in the way -------------------------------------------------------------------------

    def _check_alone(self, main: Recorded, group: Sequence[Recorded]) -> None:
        own = {main.event_id, *(record.event_id for record in group)}
        founded = {r.stream_id for r in group if isinstance(r.event, UnitEstablished)}
        if isinstance(main.event, UnitEstablished) and group:
            founded.add(main.stream_id)
        for unit_id in self._units(main):
            records = self.transaction.load(unit_id)
            withdrawn, _ = amendments(records)
            for record in records:
                mine = record.event_id in own or record.event_id in withdrawn
                if mine or record.position < main.position or _is_amendment(record.event):
                    continue
                if unit_id in founded or (
                    isinstance(record.event, tree.Structural) and record.effective_on >= main.effective_on
                ):
                    raise WrongUsage(
                        "structure-built-upon", event=type(record.event).__name__, position=record.position
                    )
            if unit_id in founded:
                self._check_people(unit_id, own)
        if isinstance(main.event, UnitEstablished):
            founded.add(main.stream_id)
        self._check_below(founded, own)

    def _check_below(self, founded: set[UUID], own: set[UUID]) -> None:
        """Refuse to take a unit back while another was set up or put below it."""
        below = [entry.id for entry in self.transaction.directory.units() if entry.dated.superiors & founded]
        for records in self.transaction.load_many(below).values():
            withdrawn, _ = amendments(records)
            for record in records:
                if (
                    record.event_id not in own | withdrawn
                    and getattr(record.event, "superior", None) in founded
                ):
                    raise WrongUsage(
                        "structure-built-upon", event=type(record.event).__name__, position=record.position
                    )

    def _check_case(self, stream_id: UUID, own: set[UUID]) -> None:
        """Refuse to take back how a case began while anything else done in it stands."""
        records = self.transaction.load(stream_id)
        withdrawn, _ = amendments(records)
        for record in records:
            if record.event_id not in own | withdrawn and not _is_amendment(record.event):
                subject = self.books.file_state(stream_id).subject
                raise WrongUsage(
                    "case-built-upon",
                    subject=subject,
                    event=type(record.event).__name__,
                    position=record.position,
                )

    def _check_people(self, unit_id: UUID, own: set[UUID]) -> None:
        for person_id in self.transaction.directory.people_of(unit_id):
            for entry in self.books.person_state(person_id).units:
                if entry.unit_id == unit_id and entry.act.source.event_id not in own:
                    source = entry.act.source
                    raise WrongUsage("structure-built-upon", event=source.event, position=source.position)

    def _check_tree(self, unit: Unit) -> None:
        """Refuse what would set a unit below itself, or give a name to two units at once."""
        entries = self.transaction.directory.units()
        for one in unit.dated.identities:
            for day in (one.on, *change_days(entries, one.on)):
                line = self.books.line_of(unit.id, day)
                above = self.books.unit_state(line[-1]).identity_on(day)
                if above is not None and above.superior is not None:
                    raise WrongUsage("unit-loop", unit=unit.name, superior=above.name)
            self.batch.tree.check_name(one.name, one.on, but=(unit.id,))

    # --- taking it back ---------------------------------------------------------------------------------

    def _retract(self, record: Recorded, group: Sequence[Recorded]) -> None:
        if not isinstance(record.event, EventRetracted):
            return
        self.batch.append(
            [
                NewEvent(
                    stream_id=one.stream_id,
                    version=self.transaction.version(one.stream_id) + 1,
                    event_id=derived(record.event_id, one.event_id),
                    event=EventRetracted(
                        retracted_on=record.event.retracted_on,
                        event_id=one.event_id,
                        reason=record.event.reason,
                    ),
                    actor=record.actor,
                    origin=record.origin,
                    unit_id=one.unit_id,
                    command_id=record.command_id,
                    correlation_id=record.correlation_id,
                    causation_id=record.event_id,
                    reason=record.reason,
                )
                for one in group
            ]
        )
        for person in {one.stream_id for one in group}:
            if not isinstance(self.books.state(person), Unit) and self.batch.tree.follows(person) is not None:
                raise WrongUsage("structure-built-upon", event="PersonCarried", position=record.position)


def _is_amendment(event: Event) -> bool:
    return isinstance(event, FactCorrected | EventRetracted)
