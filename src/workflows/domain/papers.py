"""附上材料: a paper of a unit or a person, kept as its hash; the paper itself stays where it is filed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from workflows.domain.act import Command, Decided, Decision, OnBooks, decision, step_of
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict

Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
SHA256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

FREE_KIND = "input-paper-free"
ATTACHED_BEFORE = "input-paper-again"
SEVERAL_ACTS, ACT_UNKNOWN = "input-paper-acts", "input-paper-act-unknown"


class Attach(Command, kw_only=True):
    """附上材料; ``kind``: the id or title of a material of a pack, or any words; ``hash``: its SHA-256.

    ``dated_on``: the day on the paper. ``step`` and ``act_on``: the step, and the day of the act, it belongs
    to, where that is not plain. ``act``: the record of that very act, by its number. ``kept``: the file lies
    in the folder of attachments.
    """

    aggregate: ClassVar[str] = "any"
    kind: Word
    hash: SHA256
    name: Text | None = None
    dated_on: date | None = None
    signed_by: list[Word] = msgspec.field(default_factory=list)
    step: Word | None = None
    act_on: date | None = None
    act: Annotated[int, Meta(ge=1)] | None = None
    kept: bool = False


class PaperAttached(Decided, tag="paper.attached", omit_defaults=True):
    """材料附上: its kind, its hash, the day on it and who signed; the names are sealed.

    ``dated_on`` is the day on the paper, ``act_on`` that of the act of ``at_step`` to which it belongs,
    ``of_event`` that very act where it was named.
    """

    step: ClassVar[str] = "attach"
    sealed: ClassVar[frozenset[str]] = frozenset({"name", "signed_by"})
    attached_on: date
    kind: str
    hash: str
    name: str | None = None
    dated_on: date | None = None
    signed_by: tuple[str, ...] | None = ()
    at_step: str | None = None
    act_on: date | None = None
    of_event: UUID | None = None
    kept: bool = False


def attach(
    command: Attach, titles: Mapping[str, str], acts: Iterable[OnBooks], findings: tuple[Finding, ...]
) -> Decision:
    """Return the paper attached; ``titles`` of the materials that packs ask for by id, ``acts`` so far.

    A kind that no pack asks for is kept as it is told, and said to be free.
    """
    by_title = {title: name for name, title in titles.items()}
    kind = by_title.get(command.kind, command.kind)
    acts = tuple(acts)
    named = next((act for act in acts if act.source.position == command.act), None)
    noticed = [] if named is not None or command.act is None else [_unknown(command.act)]
    event = PaperAttached(
        attached_on=command.on,
        kind=kind,
        hash=command.hash,
        name=command.name,
        dated_on=command.dated_on,
        signed_by=tuple(command.signed_by),
        at_step=command.step if named is None else step_of(named.event),
        act_on=command.act_on if named is None else named.on,
        of_event=None if named is None else named.source.event_id,
        kept=command.kept,
    )
    if named is None and len(alike := [act for act in acts if _is_meant(event, act)]) > 1:
        numbers = [act.source.position for act in alike]
        noticed.append(_note(SEVERAL_ACTS, step=event.at_step, on=str(event.act_on), numbers=numbers))
    if kind not in titles:
        near = get_close_matches(kind, [*titles, *by_title], n=3)
        noticed.append(_note(FREE_KIND, paper=kind, **({"near": near} if near else {})))
    same = [a for _, a in attached(acts) if isinstance(a.event, PaperAttached) and _is_same(a.event, event)]
    if same:
        noticed.append(_note(ATTACHED_BEFORE, paper=titles.get(kind, kind), before=same[-1].on.isoformat()))
    return decision(event, findings=(*findings, *noticed))


def _is_same(one: PaperAttached, other: PaperAttached) -> bool:
    return (one.kind, one.hash, one.at_step, one.act_on, one.of_event) == (
        other.kind, other.hash, other.at_step, other.act_on, other.of_event,
    )  # fmt: skip


def _is_meant(event: PaperAttached, act: OnBooks) -> bool:
    return event.act_on == act.on and event.at_step == step_of(act.event)


def _unknown(position: int) -> Finding:
    facts = {"position": position}
    return Finding(rule=ACT_UNKNOWN, verdict=Verdict.BLOCK, kind="input", severity="block", facts=facts)


def _note(rule: str, **facts: object) -> Finding:
    return Finding(rule=rule, verdict=Verdict.NOTE, kind="input", facts=facts)


def attached(acts: Iterable[OnBooks]) -> list[tuple[PaperAttached, OnBooks]]:
    """Return the papers among some acts, in their order."""
    return [(act.event, act) for act in acts if isinstance(act.event, PaperAttached)]


def paper_facts(acts: Iterable[OnBooks], names: frozenset[str]) -> dict[str, Fact]:
    """Return, by kind, that a paper is there: of the ``names`` that rules and packs ask for, no others."""
    return {event.kind: Fact(True, act.source) for event, act in attached(acts) if event.kind in names}
