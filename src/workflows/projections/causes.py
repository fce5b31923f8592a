"""缘由: what in the books speaks against a grade, or says that a rule is broken again, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain import case_files
from workflows.domain.act import OnBooks, step_of
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.rated import satisfied_of
from workflows.domain.campaign.rubric import as_frozen, of_the_plan
from workflows.domain.campaign.state import Campaign
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Source, Verdict
from workflows.policies.kinds import Cadence
from workflows.policies.rules import Rules
from workflows.projections import duties, proofs, said_later
from workflows.projections.deadlines import Limit
from workflows.projections.grades import Words
from workflows.projections.judged_acts import acts_told, forbidden_of_people, unrecurring, vetoes

RECHECK, SURVEY, VOIDED = "recheck", "survey_masses", "void_round"
DEMAND_ANEW = ("quota", "requires")
"""Kinds of rules about a re-check by which all is to be rated anew."""

NOT_IN_ORDER = frozenset({Verdict.BLOCK, Verdict.WARN, Verdict.INCOMPLETE, Verdict.NOT_PASSED})


class Cause(msgspec.Struct, frozen=True):
    """One thing that speaks for looking again: a rule with its clause, since when, what of it, the events.

    ``what``: the period, the last day that passed, or the command of the act. ``since`` is the first day on
    which it speaks: the day of the act, or the one after the last day on which it could have been kept.
    """

    rule: str
    label: str
    clause: str
    since: date
    what: str
    sources: tuple[Source, ...] = ()
    confidence: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON form; ``events`` are positions."""
        return {
            "rule": self.rule,
            "label": self.label,
            "clause": self.clause,
            "since": self.since.isoformat(),
            "what": self.what,
            "events": [source.position for source in self.sources],
        }


def against(
    unit_id: UUID, decided: OnBooks, words: Words, books: Books, broken: Sequence[Limit], on: date
) -> list[Cause]:
    """Return what speaks against a grade of a unit since it was decided; ``broken``: its limits overdue.

    Criteria of the frozen rubric whose rules are broken since; a later survey below what the plan asks; a
    later re-check that found the unit rated wrongly, or more errors than the plan allows, or concealment.
    """
    named = [name for one in words.criteria for name in one.proved_by]
    found = list(of_rules(named, unit_id, decided, books, broken, on)) if named else []
    for act in (*words.surveys.get(unit_id, ()), *words.rechecks):
        if _is_later(act, decided):
            found += _of_the_campaign(act, unit_id, words.file, books)
    return found


def _is_later(act: OnBooks, than: OnBooks) -> bool:
    return (act.on, act.source.position) > (than.on, than.source.position)


# --- rules broken since -----------------------------------------------------------------------------------


def of_rules(
    named: Iterable[str],
    unit_id: UUID,
    since: OnBooks,
    books: Books,
    broken: Iterable[Limit],
    on: date,
    *,
    period: str | None = None,
) -> Iterator[Cause]:
    """Yield what is broken of the matters of rules since an act: cells, limits, acts of the unit, its people.

    What nobody can tell (a roster that is unknown, a day known only roughly) speaks for nothing. Acts of what
    is asked for period by period are judged by the cell: one void meeting of two is no matter. ``period``:
    one that was in order at the act, so that it counts too where what it rested on has gone since.
    """
    names = list(named)
    rules = books.rules_for(unit_id, on)
    ids = {rule.id for name in names for rule in rules.about(name)}
    for limit in broken:
        told = limit.deadline
        is_since = told.due_on > since.on or (period is not None and told.subject == period)
        if told.rule in ids and is_since and not told.approx and not told.facts.get(duties.UNSURE):
            after = max(told.due_on + timedelta(days=1), since.on)
            yield _of_limit(told, after)

    def is_asked(act: OnBooks) -> bool:
        return _is_since(act, said_later.of_a_censure(act, books), since)

    single = [name for name in names if not any(isinstance(r, Cadence) for r in rules.about(name))]
    for proof in acts_told(books, unit_id, unrecurring(rules, single), on, is_asked):
        if proof.outcome in proofs.BROKEN and proof.on is not None:
            day = _known_from(proof.on, proof.sources, since)
            yield Cause(proof.rule, proof.label, proof.clause, day, proof.what, proof.sources)
    yield from _of_people(names, unit_id, since, books, rules, on)


def _of_limit(told: Deadline, since: date) -> Cause:
    sources, confidence = told.because, told.confidence
    return Cause(told.rule, told.label, told.clause, since, told.subject, sources, confidence)


def _known_from(day: date, sources: Sequence[Source], since: OnBooks) -> date:
    """Return the day from which an act speaks: its own, or that of its recording where it was hidden."""
    return day if day > since.on else max([since.on, *(source.recorded_on for source in sources)])


def _of_people(
    named: Sequence[str], unit_id: UUID, since: OnBooks, books: Books, rules: Rules, on: date
) -> Iterator[Cause]:
    """Yield the acts about people of a unit that a rule forbids (a measure of discipline): a veto."""

    def is_asked(act: OnBooks, later: Sequence[Source]) -> bool:
        return _is_since(act, later, since)

    for act, later, finding in forbidden_of_people(books, unit_id, vetoes(rules, named), on, is_asked):
        if finding.verdict is not Verdict.REFER:
            day = _known_from(act.on, (act.source, *later), since)
            yield _of_finding(finding, day, step_of(act.event), act, later)


def _is_since(act: OnBooks, later: Sequence[Source], since: OnBooks) -> bool:
    """Say whether an act came after another, or was learned of or said what rules ask only after it."""
    known = max(source.position for source in (act.source, *later))
    return act.on > since.on or known > since.source.position


def _of_finding(
    finding: Finding, since: date, what: str, act: OnBooks, later: Sequence[Source] = ()
) -> Cause:
    sources, confidence = (act.source, *later), finding.confidence
    return Cause(finding.rule, finding.label, finding.clause, since, what, sources, confidence)


# --- what the campaign itself found afterwards ------------------------------------------------------------


def _of_the_campaign(act: OnBooks, unit_id: UUID, file: Campaign, books: Books) -> Iterator[Cause]:
    event = act.event
    if isinstance(event, ev.MassesSurveyed) and event.about == unit_id:
        said: dict[str, Any] = dict(satisfied_of(event.satisfaction, event.asked, event.satisfied))
        for finding in _broken_at(SURVEY, act.on, unit_id, file, books, said):
            if finding.kind == "share":
                yield _of_finding(finding, act.on, SURVEY, act)
    elif isinstance(event, ev.Rechecked):
        said = {"sampled_units": event.sampled.count, "wrong_units": event.wrong.count}
        said["concealed"] = event.concealed
        found = _broken_at(RECHECK, act.on, unit_id, file, books, said)
        redone = [one for one in found if one.kind in DEMAND_ANEW]
        for finding in redone:
            yield _of_finding(finding, act.on, RECHECK, act)
        if not redone and unit_id in event.wrong.units:
            yield Cause("", "", "", act.on, RECHECK, (act.source,))


def of_the_voiding(void: OnBooks, file: Campaign) -> Cause:
    """Return that the round of a grade was voided, by the rule that its re-check had broken, if one had."""
    acts = [act for act in file.acts[: file.acts.index(void)] if isinstance(act.event, ev.Rechecked)]
    told = (one for act in reversed(acts) for one in proofs.findings_of(act) if one.kind in DEMAND_ANEW)
    broken = next((one for one in told if one.verdict in NOT_IN_ORDER), None)
    if broken is None:
        return Cause("", "", "", void.on, VOIDED, (void.source,))
    return _of_finding(broken, void.on, VOIDED, void)


def _broken_at(
    command: str, on: date, unit_id: UUID, file: Campaign, books: Books, said: dict[str, Any]
) -> list[Finding]:
    """Return which rules of the plan of a campaign are broken by an act of it, as it is known now."""
    rules, scheme = books.rules_for(unit_id, on), file.start.scheme if file.start else None
    book = case_files.book_of(file, books, on, about=unit_id, complete=False)
    facts = {name: Fact.of(value) for name, value in said.items()}
    asked = book.extended(facts)
    found = of_the_plan(rules.check(command, on=on, book=asked), scheme, rules)
    found = as_frozen(found, file, rules, command, lambda day: rules.check(command, on=day, book=asked))
    return [one for one in found if one.verdict in NOT_IN_ORDER]
