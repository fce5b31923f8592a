"""文件报送、听取汇报、批复退回: what a branch files, and what its superior says to it."""

from __future__ import annotations

from uuid import UUID

from workflows.domain.act import Decision, decision
from workflows.domain.unit import meeting_commands as cmd
from workflows.domain.unit import meeting_events as mv
from workflows.domain.unit.case import Case, decided
from workflows.policies.findings import Finding, Verdict

BRANCH_UNKNOWN = "input-branch-unknown"
BRANCH_UNTOLD = "input-branch-untold"
BRANCH_ELSEWHERE = "input-branch-elsewhere"
RETURN_REASON = "input-return-reason"


@decided.register
def _(command: cmd.FileDocument, case: Case) -> Decision:
    event = mv.DocumentFiled(
        filed_on=command.on,
        kind=command.kind,
        for_period=command.for_period,
        title=command.title,
        document=command.document,
        hash=command.hash,
    )
    return decision(event, findings=case.check(kind=command.kind, document=command.document))


@decided.register
def _(command: cmd.HearReport, case: Case) -> Decision:
    event = mv.BranchReportHeard(
        heard_on=command.on,
        branch=case.superior,
        for_period=command.for_period,
        reply=command.reply,
        reason=command.reason,
        document=command.document,
    )
    return decision(event, findings=(*case.check(), *_of_the_reply(command, case)))


@decided.register
def _(command: cmd.ReplyDocument, case: Case) -> Decision:
    event = mv.OfficialReplyGiven(
        replied_on=command.on,
        branch=case.superior,
        kind=command.kind,
        for_period=command.for_period,
        reply=command.reply,
        reason=command.reason,
        document=command.document,
        hash=command.hash,
    )
    found = case.check(kind=command.kind, document=command.document)
    return decision(event, findings=(*found, *_of_the_reply(command, case)))


def _of_the_reply(command: cmd.HearReport | cmd.ReplyDocument, case: Case) -> list[Finding]:
    """Return what is wrong with the reply itself: no such branch, returned without a reason."""
    found = []
    if command.branch is None:
        found.append(Finding(rule=BRANCH_UNTOLD, verdict=Verdict.REFER, kind="input"))
    else:
        found += of_the_branch(command.branch, case)
    if command.reply == "returned" and not command.reason:
        found.append(
            Finding(rule=RETURN_REASON, verdict=Verdict.INCOMPLETE, kind="input", missing=("reason",))
        )
    return found


def of_the_branch(branch: str, case: Case) -> list[Finding]:
    """Return what is wrong with the branch that an act names: there is none, it stands elsewhere."""
    if case.superior is None or case.superior == case.unit.id:
        facts = {"branch": branch}
        return [Finding(rule=BRANCH_UNKNOWN, verdict=Verdict.BLOCK, kind="input", facts=facts)]
    if _stands_elsewhere(case.superior, case):
        facts = {"branch": branch, "on": case.command.on.isoformat()}
        return [Finding(rule=BRANCH_ELSEWHERE, verdict=Verdict.BLOCK, kind="input", facts=facts)]
    return []


def _stands_elsewhere(unit_id: UUID, case: Case) -> bool:
    """Say whether a branch did not stand below the unit of the act on that day."""
    told, on = case.facts.unit(unit_id, case.command.on), case.command.on
    if told is None or told.level != "branch":
        return False
    begun = max(on, told.books_from or on)
    below = (part for part in case.facts.branches(case.unit.id) if part.key == str(unit_id))
    return not any(part.since <= begun and (part.until is None or on < part.until) for part in below)
