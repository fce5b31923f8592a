"""The chart (步骤图): the steps of all layers in one order, and which acts and papers packs may speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, NamedTuple

from workflows.policies.acts import ACTS, COUNTED, DUTY
from workflows.policies.kinds import Cadence, Requires
from workflows.policies.known_facts import FACTS, facts_named
from workflows.policies.pack import Material, Pack, Step

DAYS_AT_MOST = 500
"""Kept charts, one a day asked for."""


class Chart:
    """The steps and the papers of a stack of packs; ``layers``: those of each pack, the highest first."""

    def __init__(self, layers: Iterable[tuple[Sequence[Step], Sequence[Material]]]) -> None:
        held = list(layers)
        self._layers = [steps for steps, _ in held]
        self._materials: dict[str, list[Material]] = {}
        for _, materials in held:
            for material in materials:
                self._materials.setdefault(material.step, []).append(material)
        self.titles = {step.id: step.title for steps in self._layers for step in steps}
        self.paper_titles = {told.id: told.title for _, materials in held for told in materials}
        self._steps = lru_cache(DAYS_AT_MOST)(self._placed)

    def steps(self, day: date) -> Sequence[Step]:
        """Return the steps of the course on ``day``: see :func:`placed`."""
        return self._steps(day)

    def _placed(self, day: date) -> tuple[Step, ...]:
        return tuple(placed(self._layers, day))

    def materials(self, step: str, day: date) -> list[Material]:
        """Return the papers asked for of an act of ``day``; one told by several packs as the lowest tells it.

        What a higher one requires stays required.
        """
        found: dict[str, Material] = {}
        for told in self._materials.get(step, ()):
            if told.holds_on(day):
                higher = found.get(told.id)
                is_kept = higher is not None and higher.required and not told.required
                found[told.id] = told.model_copy(update={"required": True}) if is_kept else told
        return list(found.values())


def placed(layers: Iterable[Sequence[Step]], day: date) -> list[Step]:
    """Return the steps of a day in the order of the chart; ``layers``: the steps of each pack, highest first.

    A step that a lower pack tells again keeps its days and its place, and has the number, title and rule of
    the lower one; what a higher one requires stays required. A step known only to a lower pack stands after
    the step it names (``after``), else after the one before it in its own pack, else at the end. So does one
    with a rule of its own that a higher layer asks for only later; what a higher one ended is not brought
    back.
    """
    chart: list[Step] = []
    told: list[Step] = []
    for layer in layers:
        higher, told = told, [*told, *layer]
        before: str | None = None
        for step in layer:
            if not step.holds_on(day):
                continue
            known = next((place for place, held in enumerate(chart) if held.id == step.id), None)
            if known is None and any(_is_of_another_day(step, other, day) for other in higher):
                continue
            if known is not None:
                chart[known] = _told_again(chart[known], step)
            else:
                place = _place(chart, step.after or before)
                chart.insert(place, step)
            before = step.id
    return chart


def _is_of_another_day(step: Step, higher: Step, day: date) -> bool:
    """Say whether a step tells again one that a higher layer ended, or asks for later by the same rule."""
    if step.id != higher.id or higher.holds_on(day):
        return False
    return (higher.until is not None and higher.until <= day) or higher.rule == step.rule


def _told_again(higher: Step, lower: Step) -> Step:
    kept = {"required": higher.required or lower.required, "repeats": higher.repeats or lower.repeats}
    return lower.model_copy(update={**kept, "start": higher.start, "until": higher.until})


def _place(chart: Sequence[Step], after: str | None) -> int:
    """Return where a step goes that stands behind another one and behind those put there before."""
    found = next((place for place, step in enumerate(chart) if step.id == after), None)
    if found is None:
        return len(chart)
    place = found + 1
    behind = {after}
    while place < len(chart) and chart[place].after in behind:
        behind.add(chart[place].id)
        place += 1
    return place


class Unknown(NamedTuple):
    """A word of a pack that nobody knows: where it stands, the nearest right words, what it should be.

    ``what``: ``word`` (an act, step or rule), ``fact``, ``refines`` (a rule), ``activity``.
    """

    place: str
    word: str
    near: tuple[str, ...]
    what: Literal["word", "fact", "refines", "activity"] = "word"


def unknown_words(pack: Pack, others: Iterable[Pack]) -> list[Unknown]:
    """Return the acts, steps, rules, facts and activities that a pack names and nobody knows, each once."""
    packs = (pack, *others)
    steps = {step.id for one in packs for step in one.steps}
    acts = ACTS | {DUTY} | steps
    rules = {name for one in packs for rule in one.rules for name in (rule.id, *rule.aliases)}
    ids = {rule.id for one in packs for rule in one.rules}
    facts = FACTS | {f"{step}_on" for step in steps}
    found = []
    for place, word, known in _named(pack, acts, rules):
        if word not in known:
            found.append(Unknown(place, word, _near(word, known)))
    for rule in pack.rules:
        for field, fact in facts_named(rule):
            if fact not in facts:
                found.append(Unknown(f"{rule.id}.{field}", fact, _near(fact, FACTS), "fact"))
        if rule.refines is not None and rule.refines not in ids:
            found.append(Unknown(f"{rule.id}.refines", rule.refines, _near(rule.refines, ids), "refines"))
        if isinstance(rule, Cadence) and rule.activity not in acts.union(COUNTED):
            near = _near(rule.activity, COUNTED) or _near(rule.activity, acts)
            found.append(Unknown(f"{rule.id}.activity", rule.activity, near, "activity"))
    return list(dict.fromkeys(found))


def _near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(get_close_matches(word, sorted(known), n=2))


def _named(
    pack: Pack, acts: frozenset[str], rules: set[str]
) -> Iterator[tuple[str, str, frozenset[str] | set[str]]]:
    for rule in pack.rules:
        yield from ((f"{rule.id}.on", act, acts) for act in rule.on)
        if isinstance(rule, Requires):
            yield from ((f"{rule.id}.step", act, acts) for act in (*rule.step, *rule.one_of))
    for step in pack.steps:
        if step.after is not None:
            yield f"{step.id}.after", step.after, acts
    for material in pack.materials:
        yield f"{material.id}.step", material.step, acts
        if not material.clauses:
            yield f"{material.id}.rule", material.rule, rules
    for one in pack.criteria:
        yield from ((f"{one.id}.proved_by", rule, rules) for rule in one.proved_by)
