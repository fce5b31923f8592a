"""附上材料: a paper of a unit or a person, kept as its hash; the paper itself stays where it is filed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from workflows.domain.act import Command, Decided, Decision, OnBooks, decision
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict

Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
SHA256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

FREE_KIND = "input-paper-free"
ATTACHED_BEFORE = "input-paper-again"


class Attach(Command, kw_only=True):
    """附上材料; ``kind``: the id or title of a material of a pack, or any words; ``hash``: its SHA-256.

    ``dated_on``: the day on the paper. ``step`` and ``act_on``: the step, and the day of the act, it belongs
    to, where that is not plain. ``kept``: the file lies in the folder of attachments.
    """

    aggregate: ClassVar[str] = "any"
    kind: Word
    hash: SHA256
    name: Text | None = None
    dated_on: date | None = None
    signed_by: list[Word] = msgspec.field(default_factory=list)
    step: Word | None = None
    act_on: date | None = None
    kept: bool = False


class PaperAttached(Decided, tag="paper.attached"):
    """材料附上: its kind, its hash, the day on it and who signed; the names are sealed.

    ``dated_on`` is the day on the paper, ``act_on`` that of the act of ``at_step`` to which it belongs.
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
    kept: bool = False


def attach(
    command: Attach, titles: Mapping[str, str], acts: Iterable[OnBooks], findings: tuple[Finding, ...]
) -> Decision:
    """Return the paper attached; ``titles`` of the materials that packs ask for by id, ``acts`` so far.

    A kind that no pack asks for is kept as it is told, and said to be free.
    """
    by_title = {title: name for name, title in titles.items()}
    kind = by_title.get(command.kind, command.kind)
    event = PaperAttached(
        attached_on=command.on,
        kind=kind,
        hash=command.hash,
        name=command.name,
        dated_on=command.dated_on,
        signed_by=tuple(command.signed_by),
        at_step=command.step,
        act_on=command.act_on,
        kept=command.kept,
    )
    noticed = []
    if kind not in titles:
        near = get_close_matches(kind, [*titles, *by_title], n=3)
        noticed.append(_note(FREE_KIND, paper=kind, **({"near": near} if near else {})))
    same = [a for _, a in attached(acts) if isinstance(a.event, PaperAttached) and _is_same(a.event, event)]
    if same:
        noticed.append(_note(ATTACHED_BEFORE, paper=titles.get(kind, kind), before=same[-1].on.isoformat()))
    return decision(event, findings=(*findings, *noticed))


def _is_same(one: PaperAttached, other: PaperAttached) -> bool:
    return (one.kind, one.hash, one.at_step, one.act_on) == (
        other.kind, other.hash, other.at_step, other.act_on,
    )  # fmt: skip


def _note(rule: str, **facts: object) -> Finding:
    return Finding(rule=rule, verdict=Verdict.NOTE, kind="input", facts=facts)


def attached(acts: Iterable[OnBooks]) -> list[tuple[PaperAttached, OnBooks]]:
    """Return the papers among some acts, in their order."""
    return [(act.event, act) for act in acts if isinstance(act.event, PaperAttached)]


def paper_facts(acts: Iterable[OnBooks], names: frozenset[str]) -> dict[str, Fact]:
    """Return, by kind, that a paper is there: of the ``names`` that rules and packs ask for, no others."""
    return {event.kind: Fact(True, act.source) for event, act in attached(acts) if event.kind in names}
