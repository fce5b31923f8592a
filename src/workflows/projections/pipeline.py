"""发展进度: who stands where on the way to membership, what was done, and what may or must come next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from workflows.domain import stages
from workflows.domain.act import OnBooks, step_of
from workflows.domain.facts import Facts
from workflows.domain.papers import PaperAttached
from workflows.domain.person.book import book_of, counts, is_taken_back
from workflows.domain.person.relation import is_after
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage, after, moves_of_step, stages_of
from workflows.domain.waivers import reliefs_of
from workflows.kernel import calendar
from workflows.policies.acts import ACTS
from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.kinds import Interval, Requires
from workflows.policies.layers import RoughDays
from workflows.policies.pack import Step
from workflows.policies.rules import Rules, RulesOn
from workflows.projections import papers as papers_view
from workflows.projections import revotes, waived
from workflows.projections.naming import Naming, plain
from workflows.projections.passes import Pass, is_refused, opened, pass_counts, passes

IN_COURSE = frozenset(
    {Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET_AGREED, Stage.TARGET, Stage.PROBATIONARY}
)
ANOTHER_ROUND = frozenset({"vote_on_full_membership", "approve_full_membership"})
"""Done again after probation was extended: what was voted before does not count."""

stages_of_step = lru_cache(maxsize=256)(stages.stages_of_step)


def row_of(
    person: Person,
    rules: Rules,
    facts: Facts,
    naming: Naming,
    *,
    on: date,
    rules_on: RulesOn | None = None,
    again: bool = True,
) -> dict[str, Any]:
    """Return the row of one person on a day, in JSON form; ``rules_on``: as in :func:`next_steps`.

    ``again``: every act is judged again by what is known now; otherwise votes alone (in lists of many).
    """
    cut = person.at(on)
    following = next_steps(cut, rules, facts, on=on, rules_on=rules_on)
    return {
        **brief(cut, naming),
        "done": done(cut, rules, facts, on=on, again=again),
        "next": following,
        "papers": papers_view.of_person(cut, rules, coming=[step["step"] for step in following], on=on),
    }


def brief(cut: Person, naming: Naming) -> dict[str, Any]:
    """Return who someone is and at which stage, in JSON form; ``cut``: as of the day asked for."""
    unit_id = cut.unit_id
    return {
        "person": naming.person(cut.id),
        "person_id": str(cut.id),
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id) if unit_id else None,
        "stage": None if cut.stage is Stage.NOBODY else cut.stage.value,
        "since": cut.stage_since.isoformat() if cut.stage_since else None,
        **since_roughly(cut),
    }


def since_roughly(person: Person) -> dict[str, Any]:
    """Return what is known of the day the present stage holds from, where it is known only roughly."""
    rough = person.stages[-1].approx if person.stages else None
    return {} if rough is None else {"since_approx": rough.as_json()}


def done(person: Person, rules: Rules, facts: Facts, *, on: date, again: bool) -> list[dict[str, Any]]:
    """Return the acts of this round in the order of their days, with every finding that is more than ok.

    What is waived by the books of ``on`` says so. Each says which ``pass`` of its step it was (of the step it
    sent back or refused: ``of``), whether that is the ``current`` one, whether it ``stands``, and when its
    papers went back, and what is found otherwise by what is known today (``now``).
    """
    told, reliefs = passes(person), reliefs_of(person.acts)
    titles = rules.chart.titles
    now = (revotes.acts_of_person if again else revotes.of_person)(person, rules, facts)
    return [
        {
            **_done(act, told[act.source.event_id]),
            "title": titles.get(step_of(act.event)),
            "findings": waived.told(worth_telling(act), act.on, on, reliefs),
            "now": plain(now.get(act.source.event_id, [])),
        }
        for act in person.this_round
        if not isinstance(act.event, PaperAttached)
    ]


def worth_telling(act: OnBooks) -> list[Finding]:
    """Return the findings kept with an act that are more than ok."""
    return [f for f in getattr(act.event, "findings", ()) if f.verdict is not Verdict.OK]


def _done(act: OnBooks, told: Pass) -> dict[str, Any]:
    event = act.event
    return {
        "step": step_of(event),
        "on": act.on.isoformat(),
        **({"on_approx": act.approx.as_json()} if act.approx is not None else {}),
        "event": act.source.event,
        "event_id": str(act.source.event_id),
        "position": act.source.position,
        "recorded_on": act.source.recorded_on.isoformat(),
        "passed": getattr(event, "passed", None),
        "pass": told.number,
        "of": told.step,
        "current": told.current,
        "stands": told.stands,
        "returned_on": told.returned.on.isoformat() if told.returned is not None else None,
        "reason": getattr(event, "reason", None),
    }


def next_steps(
    person: Person,
    rules: Rules,
    facts: Facts,
    *,
    on: date,
    told: FactBook | None = None,
    rules_on: RulesOn | None = None,
) -> list[dict[str, Any]]:
    """Return what is still asked for in the present stage, to the step that leads out of it, in chart order.

    Each with its earliest and latest lawful day, and the commands and papers missing before it. The rules are
    those in force on the day asked for; the earliest day is lawful under those of that day too, which
    ``rules_on`` gives (else what is known of them on the day asked for). ``told``: the book of the
    person as of ``on``, where it was read.
    """
    cut = person.at(on)
    steps = segment(cut.stage, rules.steps(on))
    if not steps:
        return []
    told = told or book_of(cut, rules, facts, on)
    book = FactBook(
        told.facts,
        told.done_by_name,
        complete=True,
        course_known=cut.course_known,
        copied=told.copied,
        copied_steps=told.copied_steps,
        reliefs=told.reliefs,
    )
    known = frozenset(step.id for step in rules.steps(on)) | papers(rules)
    titles = {**rules.chart.paper_titles, **rules.chart.titles}
    number_of, sent_back = pass_counts(cut), opened(cut)
    found: list[dict[str, Any]] = []
    undone: list[str] = []
    for step in steps:
        interval = _interval(step, rules) if step.repeats else None
        due = None if interval is None else _next_due(interval, book, on)
        if step.repeats and interval is None and book.done(step.id):
            continue
        if not step.repeats and is_done(step, cut):
            continue
        lawful = rules.lawful_ahead(step.id, on=on, book=book, rules_on=rules_on)
        first, latest, rule, provisional, rough = lawful
        asked = [n for n in rules.missing(step.id, on=on, book=book) if n in known and n != step.id]
        found.append(
            {
                "step": step.id,
                "no": step.no,
                "title": step.title,
                "earliest_on": first.isoformat() if first and not step.repeats and not rough else None,
                "latest_on": last.isoformat() if (last := due or latest) and not rough else None,
                "missing": (lacks := list(dict.fromkeys(asked if step.repeats else [*asked, *undone]))),
                "missing_titles": {n: titles[n] for n in lacks if n in titles and n not in ACTS},
                "rule": rule or step.rule,
                "provisional": provisional and not step.repeats,
                "pass": number_of.get(step.id, 0) + 1,
                "returned_on": sent_back[step.id].isoformat() if step.id in sent_back else None,
                **_left_open(rough, interval, book),
            }
        )
        unknown = interval is None and bool(told.copied) and step.id not in told.copied_steps
        if not unknown and (not step.repeats or interval is None or (due is not None and due <= on)):
            undone.append(step.id)
    return found


def _left_open(rough: Sequence[RoughDays], interval: Interval | None, book: FactBook) -> dict[str, Any]:
    """Return what days known only roughly leave open about a step: nothing where all days are exact.

    ``unsure``: the words of each such day by fact; ``approx``: the ranges of the earliest and of the latest
    lawful day.
    """
    names = [name for days in rough for name in days.unsure]
    if interval is not None and interval.anchor in book.unsure:
        names.append(interval.anchor)
    if not names:
        return {}
    ranges: dict[str, Any] = {}
    for days in rough:
        ranges |= days.approx
    told = {name: book.unsure[name].as_json() for name in dict.fromkeys(names)}
    return {"unsure": told, "approx": ranges}


def segment(stage: Stage, steps: Sequence[Step]) -> list[Step]:
    """Return the required steps of the chart from entering a stage to leaving it, the last one included.

    Steps that only packs know stand where the chart puts them; of those that it puts nowhere their pack tells
    the stage.
    """
    chart = [step for step in steps if step.required and stages_of_step(step.id)]
    entered = [i for i, step in enumerate(chart) if stage in _reached_by(step.id)]
    leaves = [i for i, step in enumerate(chart) if _leaves_onward(step.id, stage)]
    start = max((i for i in entered if not leaves or i < max(leaves)), default=-1)
    end = next((i for i in leaves if i > start), len(chart) - 1)
    own = {step.id for step in chart[start + 1 : end + 1] if stage in stages_of_step(step.id)}
    place = {step.id: number for number, step in enumerate(steps)}
    behind_all = max((place[step.id] for step in chart), default=-1)
    first = place[chart[start].id] if start >= 0 else -1
    last = place[chart[end].id] if leaves and chart else behind_all
    local = [step for step in steps if step.required and not stages_of_step(step.id)]
    placed = {step.id for step in local if first < place[step.id] < last}
    found = [step for step in steps if step.id in own | placed]
    loose = [step for step in local if place[step.id] > behind_all and step.stage == stage]
    return [*found[:-1], *loose, *found[-1:]]


_ONWARD = (
    Stage.NOBODY, Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET_AGREED, Stage.TARGET, Stage.PROBATIONARY,
    Stage.FULL,
)  # fmt: skip


@lru_cache(maxsize=256)
def _reached_by(step: str) -> frozenset[Stage]:
    """Return the stages a step leads to from another one."""
    found = ((stage, after(stage, move)) for move in moves_of_step(step) for stage in stages_of(move))
    return frozenset(to for stage, to in found if to is not None and to is not stage)


@lru_cache(maxsize=256)
def _leaves_onward(step: str, stage: Stage) -> bool:
    """Say whether a step leads from ``stage`` further on the way to membership."""
    ahead = _ONWARD[_ONWARD.index(stage) + 1 :] if stage in _ONWARD else ()
    return any(after(stage, move) in ahead for move in moves_of_step(step))


def is_done(step: Step, person: Person) -> bool:
    """Say whether a step was done in this round; one whose last pass is known to have failed was not."""
    acts = [act for act in person.this_round if step_of(act.event) == step.id and person.stands(act)]
    if step.id in ANOTHER_ROUND and (extensions := person.extensions):
        last = extensions[-1][1]
        acts = [act for act in acts if is_after(act, last)]
    if acts and not counts(acts[-1].event) and is_taken_back(acts[-1], person):
        return False
    return any(counts(act.event) and not is_refused(person, act) for act in acts)


def interval_due(step: Step, rules: Rules, book: FactBook, on: date) -> date | None:
    """Return the next last day of a step that comes back every so often, None of others."""
    interval = _interval(step, rules)
    return None if interval is None else _next_due(interval, book, on)


def _interval(step: Step, rules: Rules) -> Interval | None:
    return next((r for r in rules.rules_named(step.rule) if isinstance(r, Interval)), None)


def _next_due(rule: Interval, book: FactBook, on: date) -> date | None:
    """Return the last day of the first span not yet met."""
    if rule.anchor in book.unsure:
        return None  # every span hangs on the exact day
    anchor = book.day(rule.anchor)
    value = None if anchor is None else rule.value_on(anchor, book.value("unit_kind"))
    if anchor is None or value is None:
        return None
    acts = [act.on for act in book.done(*rule.on)]
    ahead = calendar.add(max(on, anchor), value.value * 2, rule.unit)
    return next((due for _, _, due, met in rule.spans(book, anchor, value, acts, ahead) if met is None), None)


def papers(rules: Rules) -> frozenset[str]:
    """Return the names of the papers, opinions and consents that rules ask for."""
    asked: Iterable[str] = (
        name
        for pack in rules.packs
        for rule in pack.rules
        if isinstance(rule, Requires)
        for name in (*rule.paper, *rule.opinion, *rule.consent)
    )
    return frozenset(asked) | {material.id for pack in rules.packs for material in pack.materials}


def is_in_course(person: Person, on: date) -> bool:
    """Say whether someone is on the way to membership on a day."""
    return person.stage_on(on) in IN_COURSE


def rows(
    people: Iterable[Person],
    rules_for: Callable[[UUID | None, date], Rules],
    facts: Facts,
    naming: Naming,
    *,
    on: date,
    units: frozenset[UUID] | None,
) -> list[dict[str, Any]]:
    """Return the rows of those in the course on a day and in one of the units, by unit, stage and day.

    ``rules_for`` gives the rules of a unit as of a day.
    """
    wanted = [
        person
        for person in people
        if is_in_course(person, on) and (units is None or person.unit_on(on) in units)
    ]
    found = []
    for person in wanted:
        rules_on = partial(rules_for, person.unit_on(on))
        found.append(row_of(person, rules_on(on), facts, naming, on=on, rules_on=rules_on, again=False))
    order = {stage.value: place for place, stage in enumerate(_ONWARD)}
    return sorted(
        found, key=lambda r: (r["unit"] or "", order.get(r["stage"], 0), r["since"] or "", r["person"] or "")
    )
