"""立案、通报、追责: what the command leads to, judged by the rules of its day; rules record or warn."""

from __future__ import annotations

from workflows.domain.act import Decision, decision
from workflows.domain.facts import Facts
from workflows.domain.over_work import unsaid
from workflows.domain.unit import censure_commands as cmd
from workflows.domain.unit import censure_events as ce
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.state import Unit
from workflows.policies.findings import Finding
from workflows.policies.rules import Rules


@decided.register
def _(command: cmd.RecordCensure, case: Case) -> Decision:
    event = ce.UnitCensured(
        censured_on=command.on,
        form=command.form,
        authority=command.authority,
        document=command.document,
        over_work=command.over_work,
        reason=command.reason,
    )
    return decision(event, findings=_findings(command, case))


def judged_now(
    event: ce.UnitCensured, unit: Unit, rules: Rules, facts: Facts, *, complete: bool
) -> tuple[Finding, ...]:
    """Return what the rules of its day say of a censure, by what is known of it now."""
    said = {name: getattr(event, name) for name in ("form", "authority", "document", "over_work", "reason")}
    command = cmd.RecordCensure(on=event.censured_on, **said)
    return _findings(command, Case(command, unit, rules, facts, complete=complete))


def _findings(command: cmd.RecordCensure, case: Case) -> tuple[Finding, ...]:
    found = case.check(censure=command.form, over_work=command.over_work)
    return (*found, *unsaid(command.verb(), command.form, "censure", command.over_work, case.rules))
