"""材料: what each step done asks for by the packs of its day, what is there, wanting or dated oddly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from workflows.domain.act import OnBooks, step_of
from workflows.domain.case_files import CaseFile
from workflows.domain.papers import PaperAttached, attached
from workflows.domain.person.state import Person
from workflows.domain.unit.state import Unit
from workflows.policies.findings import Calc, Finding, Source, Verdict
from workflows.policies.pack import Material
from workflows.policies.rules import Rules
from workflows.projections.naming import plain
from workflows.projections.passes import is_refused

Status = Literal["there", "missing", "odd", "unsigned", "usual", "untold", "to_come", "free"]
WANTING: tuple[Status, ...] = ("missing", "odd", "unsigned")
"""What is to be seen to: not there, dated oddly, or not signed by all who have to."""

Paper = tuple[PaperAttached, OnBooks]
_SAID = {"block": Verdict.BLOCK, "warn": Verdict.WARN, "record": Verdict.NOTE}


def of_person(person: Person, rules: Rules, *, coming: Iterable[str], on: date) -> list[dict[str, Any]]:
    """Return the papers of this round as of a day, step by step; ``coming``: the steps to be done next.

    Of a step done again only the pass that counts asks for papers; of one that is done over and over each.
    """
    cut = person.at(on)
    repeated = {step.id for step in rules.steps(on) if step.repeats}
    acts = [
        act
        for act in cut.this_round
        if getattr(act.event, "passed", None) is not False and cut.stands(act) and not is_refused(cut, act)
    ]
    last = {step_of(act.event): act.source.event_id for act in acts}
    told = [a for a in acts if step_of(a.event) in repeated or last[step_of(a.event)] == a.source.event_id]
    done = {step_of(act.event) for act in told}
    return _rows(told, attached(cut.this_round), rules, [step for step in coming if step not in done], on)


def of_unit(unit: Unit | CaseFile, rules: Rules, *, on: date) -> list[dict[str, Any]]:
    """Return the papers of a unit or a case as of a day: of each act for which a pack asks for some."""
    cut = unit.at(on)
    return _rows(cut.acts, attached(cut.rare if isinstance(cut, Unit) else cut.acts), rules, (), on)


def wanting(rows: Iterable[Mapping[str, Any]]) -> int:
    """Return how many papers are to be seen to."""
    return sum(row["status"] in WANTING for row in rows)


def _rows(
    acts: Iterable[OnBooks], papers: Sequence[Paper], rules: Rules, coming: Iterable[str], on: date
) -> list[dict[str, Any]]:
    asked = [
        (act, material)
        for act in acts
        if not isinstance(act.event, PaperAttached)
        for material in rules.chart.materials(step_of(act.event), act.on)
    ]
    given = _assigned(asked, papers)
    left = [paper for paper in papers if not any(paper in found for found in given)]
    rows = [
        _row(rules, material, act, found, on) for (act, material), found in zip(asked, given, strict=True)
    ]
    for step in coming:
        for material in rules.chart.materials(step, on):
            found = [paper for paper in left if _is_for(paper[0], material)]
            left = [paper for paper in left if paper not in found]
            rows.append(_row(rules, material, None, found, on))
    return rows + [_free(rules, paper) for paper in left]


def _is_for(paper: PaperAttached, material: Material) -> bool:
    return paper.kind == material.id and paper.at_step in (None, material.step)


def _is_of(paper: PaperAttached, act: OnBooks) -> bool:
    """Say whether a paper was told to be of that act: of that very one, or of one of that day."""
    if paper.of_event is not None:
        return paper.of_event == act.source.event_id
    return paper.act_on == act.on


def _assigned(asked: Sequence[tuple[OnBooks, Material]], papers: Sequence[Paper]) -> list[list[Paper]]:
    """Return the papers of each thing asked for: those told to be of that act, else the nearest by day."""
    found: list[list[Paper]] = [[] for _ in asked]
    open_ones: list[Paper] = []
    for paper in papers:
        told = [
            place
            for place, (act, material) in enumerate(asked)
            if _is_for(paper[0], material) and _is_of(paper[0], act)
        ]
        if told:
            found[told[0]].append(paper)
        else:
            open_ones.append(paper)
    for paper in open_ones:
        day = paper[0].dated_on or paper[1].on
        places = [p for p, (_, material) in enumerate(asked) if _is_for(paper[0], material)]
        if places and paper[0].act_on is None:
            lacking = [place for place in places if not found[place]] or places
            nearest = min(lacking, key=lambda place: abs((asked[place][0].on - day).days))
            found[nearest].append(paper)
    return found


def _row(
    rules: Rules, material: Material, act: OnBooks | None, papers: Sequence[Paper], on: date
) -> dict[str, Any]:
    day = act.on if act is not None else on
    findings = [] if act is None else _findings(rules, material, act, papers)
    clause, confidence = _clause(rules, material, day)
    return {
        "step": material.step,
        "step_title": rules.chart.titles.get(material.step),
        "on": act.on.isoformat() if act is not None else None,
        "position": act.source.position if act is not None else None,
        "paper": material.id,
        "title": material.title,
        "required": material.required,
        "status": _status(material, act, papers, findings),
        "signed_by": list(material.signed_by),
        "attached": [_attached(paper) for paper in papers],
        "rule": material.rule,
        "clause": clause,
        "confidence": confidence,
        "pack": material.pack_id,
        "findings": plain(findings),
    }


def _free(rules: Rules, paper: Paper) -> dict[str, Any]:
    """Return the row of a paper that nothing asks for."""
    event = paper[0]
    return {
        "step": event.at_step,
        "step_title": rules.chart.titles.get(event.at_step or ""),
        "on": event.act_on.isoformat() if event.act_on else None,
        "position": None,
        "paper": event.kind,
        "title": rules.chart.paper_titles.get(event.kind, event.kind),
        "required": False,
        "status": "free",
        "signed_by": [],
        "attached": [_attached(paper)],
        "rule": None,
        "clause": "",
        "confidence": "",
        "pack": "",
        "findings": [],
    }


def _attached(paper: Paper) -> dict[str, Any]:
    event, act = paper
    return {
        "hash": event.hash,
        "name": event.name,
        "dated_on": event.dated_on.isoformat() if event.dated_on else None,
        "signed_by": list(event.signed_by or ()),
        "on": act.on.isoformat(),
        "position": act.source.position,
        "event_id": str(act.source.event_id),
        "kept": event.kept,
    }


def _status(
    material: Material, act: OnBooks | None, papers: Sequence[Paper], findings: Sequence[Finding]
) -> Status:
    if act is None:
        return "there" if papers else "to_come"
    if not papers:
        # what an old workbook has no column for is unknown, not missing
        return "untold" if act.is_copied else "missing" if material.required else "usual"
    broken = [finding for finding in findings if finding.verdict is not Verdict.NOTE]
    if any(finding.calc for finding in broken):
        return "odd"
    return "unsigned" if broken else "there"


def _findings(rules: Rules, material: Material, act: OnBooks, papers: Sequence[Paper]) -> list[Finding]:
    if not papers:
        if not material.required or act.is_copied:
            return []
        return [_finding(rules, material, act, Verdict.INCOMPLETE, missing=(material.id,))]
    found = []
    paper, place = papers[-1]
    if material.dated is not None and paper.dated_on is not None:
        is_late = material.dated == "not_after" and paper.dated_on > act.on
        if is_late or (material.dated == "not_before" and paper.dated_on < act.on):
            line = Calc(str(paper.dated_on), ">" if is_late else "<", str(act.on))
            said = _SAID[material.dated_severity]
            found.append(_finding(rules, material, act, said, place.source, calc=(line,)))
    lacking = [who for who in material.signed_by if who not in (paper.signed_by or ())]
    if paper.signed_by and lacking:
        found.append(_finding(rules, material, act, Verdict.WARN, place.source, facts={"unsigned": lacking}))
    return found


def _finding(
    rules: Rules, material: Material, act: OnBooks, verdict: Verdict, *because: Source, **more: Any
) -> Finding:
    clause, confidence = _clause(rules, material, act.on)
    return Finding(
        rule=material.rule,
        verdict=verdict,
        kind="paper",
        label=material.title,
        severity="block" if material.required else "record",
        clause=clause,
        pack=material.pack_id,
        confidence=confidence,
        because=(act.source, *because),
        **more,
    )


def _clause(rules: Rules, material: Material, day: date) -> tuple[str, str]:
    """Return the clause by which a paper is asked for on a day, and how surely it was read."""
    told = next((c for c in reversed(material.clauses) if c.start <= day), None) or next(
        iter(material.clauses), None
    )
    if told is not None:
        return f"《{told.document or material.pack_title}》{told.article}", told.confidence
    rule = rules.rule(material.rule)
    return ("", "") if rule is None else (rule.cite(day), rule.clause_on(day).confidence)
