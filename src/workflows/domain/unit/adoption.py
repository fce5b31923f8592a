"""成立党组织, and the rule packs it adopts and retires."""

from __future__ import annotations

import msgspec

from workflows.domain.act import Decision, decision
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import events as ev
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.change import Change
from workflows.policies.pack import parse_pack


@decided.register
def _(command: cmd.EstablishUnit, case: Case) -> Decision:
    event = ev.UnitEstablished(
        established_on=command.on,
        name=command.name,
        level=command.level,
        kind=command.kind,
        superior=case.superior,
        books_from=command.books_from,
        roster_known=command.roster_known,
        cell_count=command.cell_count,
        founding=_founding(command),
    )
    change = case.change or Change()
    findings = case.check(
        unit_kind=command.kind,
        unit_level=command.level,
        requested_on=command.requested_on,
        units_covered=command.units_covered,
        project_months=command.project_months,
        document=command.document,
        full_members=change.full,
        members=change.members,
    )
    return decision(event, findings=(*change.hurdles, *findings))


def _founding(command: cmd.EstablishUnit) -> ev.Founding | msgspec.UnsetType:
    told = {name: getattr(command, name) for name in ev.Founding.__struct_fields__ if name != "split_from"}
    return msgspec.UNSET if all(value is None for value in told.values()) else ev.Founding(**told)


@decided.register
def _(command: cmd.AdoptPack, case: Case) -> Decision:
    pack = parse_pack(command.text or "")
    event = ev.PackAdopted(
        adopted_on=command.on,
        pack=pack.id,
        title=pack.title,
        level=pack.level,
        start=command.start or command.on,
        text=command.text or "",
        running=dict(command.running),
    )
    conflicts = (*case.rules.loosened_by(pack, event.start), *case.rules.otherwise_in(pack))
    return decision(event, findings=(*case.check(), *conflicts))


@decided.register
def _(command: cmd.RetirePack, case: Case) -> Decision:
    event = ev.PackRetired(retired_on=command.on, pack=command.pack, start=command.start or command.on)
    return decision(event, findings=case.check())
