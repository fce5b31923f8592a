"""立案、通报、追责: what the command leads to, judged by the rules of its day; rules record or warn."""

from __future__ import annotations

from workflows.domain.act import Decision, decision
from workflows.domain.over_work import unsaid
from workflows.domain.person import charge_commands as cmd
from workflows.domain.person import charge_events as ce
from workflows.domain.person.case import Case, decided


@decided.register
def _(command: cmd.RecordCharge, case: Case) -> Decision:
    event = ce.PersonCharged(
        charged_on=command.on,
        form=command.form,
        authority=command.authority,
        document=command.document,
        over_work=command.over_work,
        reason=command.reason,
    )
    found = case.check(charge=command.form, over_work=command.over_work)
    open_ = unsaid(command.verb(), command.form, "charge", command.over_work, case.rules)
    return decision(event, findings=(*found, *open_))
