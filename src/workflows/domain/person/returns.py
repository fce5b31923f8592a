"""退回补充材料: what it leads to; a step whose papers went back is open again, and done in a further pass."""

from __future__ import annotations

from workflows.domain.act import Decision, decision, of_stage
from workflows.domain.person import member_commands as cmd
from workflows.domain.person import member_events as mv
from workflows.domain.person.book import book_of
from workflows.domain.person.case import Case, decided
from workflows.domain.stages import Stage, stages_of_step
from workflows.policies.acts import ACTS
from workflows.policies.findings import Finding, Verdict

UNKNOWN_STEP = "input-step-unknown"
OPEN_LIMIT = "input-return-limit"
"""No text was found that says what a return does to a limit that is running: a person decides."""


@decided.register
def _(command: cmd.ReturnPapers, case: Case) -> Decision:
    event = mv.PapersReturned(
        returned_on=command.on,
        returned=command.step,
        reason=command.reason,
        by=case.who(command.by),
        document=command.document,
    )
    misplaced = _misplaced(case, command.step)
    limits = () if misplaced else _limits(case, command.step)
    return decision(event, findings=(*case.check(step=command.step), *misplaced, *limits))


def _misplaced(case: Case, step: str) -> tuple[Finding, ...]:
    """Return that a step is not one of the course, or of another stage: what was decided is not undone."""
    stages = stages_of_step(step)
    if not stages and (step in ACTS or step not in {told.id for told in case.rules.steps(case.command.on)}):
        facts = {"step": step}
        return (
            Finding(rule=UNKNOWN_STEP, verdict=Verdict.BLOCK, kind="input", severity="block", facts=facts),
        )
    belongs = stages or stages_of_step("record_step")
    if not case.complete or case.person.stage in belongs:
        return ()
    told = [stage.value for stage in Stage if stage in belongs]
    return (of_stage("dev-stage", "", stage=case.person.stage.value, belongs_to=told),)


def _limits(case: Case, step: str) -> tuple[Finding, ...]:
    """Return a question where a limit runs for the step: no text says whether it begins anew."""
    on = case.command.on
    book = book_of(case.person, case.rules, case.facts, on, complete=case.complete)
    latest = case.rules.lawful_days(step, on=on, book=book).latest
    if latest is None:
        return ()
    facts = {"step": step, "latest": latest.isoformat()}
    return (Finding(rule=OPEN_LIMIT, verdict=Verdict.REFER, kind="input", facts=facts),)
