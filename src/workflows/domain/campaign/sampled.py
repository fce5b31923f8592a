"""抽查、复查: a sample is drawn from those who passed; what was found is measured by the sample drawn."""

from __future__ import annotations

from workflows.domain.act import Decision, decision
from workflows.domain.campaign import commands as cmd
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.asked import MOST_NAMED, campaign_of, check, gone, named
from workflows.domain.campaign.state import Campaign, drawn
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.policies.findings import Finding, Verdict


@decided.register
def _(command: cmd.DrawSample, case: FileCase) -> Decision:
    file = campaign_of(case)
    told = named(case, command.passed)
    passed = told or file.passed
    seed = None if command.seed is None else str(command.seed)
    sampled = named(case, command.sampled)
    findings = _who_passed(told, file.passed) if told is not None else ()
    if sampled is None:
        sampled = ev.Named(number=0)
        findings = (*findings, finding_of_case("sample-size", Verdict.INCOMPLETE, "block", missing="sampled"))
    elif sampled.number is not None and passed.units and seed is not None:
        sampled = ev.Named(units=drawn(passed.units, sampled.number, seed))
    elif sampled.number is None:
        findings = (*findings, *_as_drawn(sampled, passed, seed))
    if seed is None and case.complete:
        findings = (*findings, finding_of_case("sample-seed", Verdict.NOTE, "record", missing="seed"))
    wanted = command.sampled if isinstance(command.sampled, int) else sampled.count
    if wanted > passed.count:
        over = {"sampled": wanted, "passed": passed.count}
        findings = (*findings, finding_of_case("sample-over", Verdict.BLOCK, "block", **over))
    event = ev.SampleDrawn(drawn_on=command.on, passed=passed, sampled=sampled, seed=seed)
    asked = check(case, sampled_units=sampled.count, passed_units=passed.count)
    return decision(event, findings=(*asked, *findings, *gone(case, passed.units)))


def _who_passed(told: ev.Named, known: ev.Named) -> tuple[Finding, ...]:
    """Return what is said of others having passed than the reviews on the books tell."""
    if not known.count or told.may_be(known):
        return ()
    if told.number is None and known.number is None:
        return (_outside("sample-passed-differs", told, known),)
    numbers = {"told": told.count, "passed": known.count}
    return (finding_of_case("sample-passed-count", Verdict.REFER, "warn", **numbers),)


def _as_drawn(sampled: ev.Named, passed: ev.Named, seed: str | None) -> tuple[Finding, ...]:
    """Return a block for a list picked by hand, or with names of those who did not pass."""
    if not passed.units:
        return ()
    if seed is not None and set(drawn(passed.units, sampled.count, seed)) != set(sampled.units):
        return (finding_of_case("sample-not-drawn", Verdict.BLOCK, "block", seed=seed),)
    return () if sampled.names <= passed.names else (_outside("sample-not-passed", sampled, passed),)


def _outside(rule: str, told: ev.Named, known: ev.Named) -> Finding:
    """Return a block that names the units in one list and not in the other."""
    names = sorted(told.names ^ known.names if rule.endswith("differs") else told.names - known.names)
    return finding_of_case(rule, Verdict.BLOCK, "block", units=names[:MOST_NAMED])


@decided.register
def _(command: cmd.Recheck, case: FileCase) -> Decision:
    file = campaign_of(case)
    told, wrong = named(case, command.sampled), named(case, command.wrong) or ev.Named()
    held = file.sample.sampled if file.sample is not None else ev.Named(number=0)
    findings: tuple[Finding, ...] = ()
    if told is None or (file.sample is not None and told.may_be(held)):
        sampled = held
    else:
        sampled, findings = told, _other_sample(file, told)
    if wrong.count > sampled.count:
        over = {"wrong": wrong.count, "sampled": sampled.count}
        findings = (*findings, finding_of_case("sample-over", Verdict.BLOCK, "block", **over))
    elif wrong.number is None and sampled.number is None and not wrong.names <= sampled.names:
        findings = (*findings, _outside("recheck-not-sampled", wrong, sampled))
    event = ev.Rechecked(rechecked_on=command.on, sampled=sampled, wrong=wrong, concealed=command.concealed)
    found = file.wrong_with(event)
    asked = check(case, sampled_units=sampled.count, wrong_units=found, concealed=command.concealed)
    return decision(event, findings=(*asked, *findings))


def _other_sample(file: Campaign, told: ev.Named) -> tuple[Finding, ...]:
    """Return a block where others were looked at than were drawn.

    Once the sample was looked at, more units may be: those are named, a mere number tells of none.
    """
    if file.sample is None or (told.number is None and file.outcome is not None):
        return ()
    numbers = {"sampled": told.count, "drawn": file.sample.sampled.count}
    return (finding_of_case("recheck-other-sample", Verdict.BLOCK, "block", **numbers),)
