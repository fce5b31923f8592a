"""撤销导入: withdraws what an import recorded and nobody built upon, and lists the rest."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from workflows.application.amending import Amending, Amendment
from workflows.application.ports import Reading
from workflows.application.recording import Batch, Recording
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import EventRetracted, FactCorrected, Recorded, amendments

PAGE = 2_000


class Undone(msgspec.Struct, frozen=True):
    """What became of a batch: how many events were withdrawn, and those that others rest on."""

    withdrawn: int
    kept: tuple[Recorded, ...]


class UndoingImports:
    """The use case of ``zhibu undo-import``."""

    def __init__(self, recording: Recording) -> None:
        self.recording, self.amending = recording, Amending(recording)

    def undo(self, batch: UUID, *, actor: str, reason: str) -> Undone:
        """Withdraw the events of an import that nothing later rests on; again changes nothing.

        An event is built upon when its stream has a later event from elsewhere, when the person it tells of
        was merged into another, or when it set up a unit that people of elsewhere belong to
        or below which another stays.

        Raises:
            WrongUsage: no such batch.
        """
        return self.recording.work(lambda work: self._undo(work, batch, actor, reason))

    def _undo(self, work: Batch, batch: UUID, actor: str, reason: str) -> Undone:
        mine = [record for record in _log(work.transaction) if record.correlation_id == batch]
        if not mine:
            raise WrongUsage("batch-unknown", batch=str(batch))
        ids = {record.event_id for record in mine}
        streams: dict[UUID, list[Recorded]] = {}
        for record in mine:
            streams.setdefault(record.stream_id, []).append(record)
        withdrawn, kept = 0, list[Recorded]()
        above = {entry.id: entry.dated.superiors for entry in work.transaction.directory.units()}
        # what was set up last goes first: a unit is taken back after those below it
        for stream_id, records in reversed(streams.items()):
            told = work.transaction.load(stream_id)
            gone, _ = amendments(told)
            last_of_others = max((r.position for r in told if not _is_of(r, ids)), default=0)
            last_of_others = max(last_of_others, _merged_at(work, stream_id))
            staying = {record.stream_id for record in kept}
            below = {unit for unit, superiors in above.items() if stream_id in superiors}
            lived_in = self._is_lived_in(work, stream_id, streams) or not below <= streams.keys() - staying
            for record in reversed(records):
                if record.event_id in gone:
                    continue
                if record.position < last_of_others or lived_in:
                    kept.append(record)
                    continue
                self.amending.in_batch(
                    work, Amendment(event=record.event_id, actor=actor, origin="import", reason=reason)
                )
                withdrawn += 1
        return Undone(withdrawn, tuple(sorted(kept, key=lambda record: record.position)))

    @staticmethod
    def _is_lived_in(work: Batch, stream_id: UUID, streams: dict[UUID, list[Recorded]]) -> bool:
        people = work.transaction.directory.people_of(stream_id)
        return any(person not in streams for person in people)


def _merged_at(work: Batch, stream_id: UUID) -> int:
    """Return the position at which somebody was merged into another, as far as that holds; else 0."""
    merges = (one for one in work.transaction.directory.merges() if one.other == stream_id)
    return max((one.from_position for one in merges if one.holds(None)), default=0)


def _is_of(record: Recorded, ids: set[UUID]) -> bool:
    """Say whether an event belongs to the batch, or only withdraws or corrects something of it."""
    if record.event_id in ids:
        return True
    return isinstance(record.event, EventRetracted | FactCorrected) and record.event.event_id in ids


def _log(reading: Reading) -> Iterator[Recorded]:
    position = 0
    while page := reading.load_since(position, PAGE):
        yield from page
        position = page[-1].position
