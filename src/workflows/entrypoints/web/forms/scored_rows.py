"""The items of a rating laid out to be scored: points at most, facts, claim and last year beside each.

What the books tell stands in the form beforehand and can be changed; the person who scores decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from workflows.application.ports import FileEntry
from workflows.domain.campaign.state import Campaign
from workflows.entrypoints import scoring_words
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.campaign_told import number
from workflows.entrypoints.web.forms.fields import Given
from workflows.entrypoints.web.forms.remembered import Told
from workflows.entrypoints.web.words import WORDING
from workflows.projections import scored

SELF, REVIEW = "assess_self", "review"
SCORED, EVENTS = "scores", "events"
MOST_TOLD = 3
PROVES = frozenset({"met", "late"})
"""Outcomes whose records show that something was done."""

Criterion = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one unit in the order of the rubric, what stands in them, what is said above them."""

    rows: tuple[Given, ...] = ()
    first: Mapping[str, Told] = field(default_factory=dict)
    hint: str = ""


def sheet_of(ask: Ask, command: str, case: FileEntry, about: UUID | None) -> Sheet:
    """Return the rows of a frozen rubric for a unit (None: which one is not said yet: the bare items)."""
    with ask.app.answering.opened() as opened:
        file = opened.books.file_state(case.id).at(ask.horizon.as_of)
    if command not in (SELF, REVIEW) or not isinstance(file, Campaign) or not file.criteria:
        return Sheet()
    if about is None:
        frozen = [scored.criterion(one) for one in file.criteria]
        rows = (Given(one["id"], _called(one), _bare(one)) for one in frozen if not one["veto"])
        return Sheet(tuple(rows), hint="从考评页点开党组织再登记，每一项旁边就有账上的情况、自评和上年的得分")
    told = ask.desk.scores(case.id, about)["rows"]
    known: Sequence[Criterion] = told[0]["criteria"] if told else ()
    asked = [one for one in known if not one["veto"]]
    first: dict[str, Told] = {}
    for place, one in enumerate(asked):
        proposed = _claimed(one) if command == SELF else _reviewed(one)
        first |= {f"{SCORED}.{place}.{name}": value for name, value in proposed.items() if value}
    rows = (_given(one, command, ask) for one in asked)
    return Sheet(tuple(rows), first, _hint(command, known, ask))


def _hint(command: str, known: Sequence[Criterion], ask: Ask) -> str:
    """Return where the numbers that stand there come from, and how the vetoes stand, which bear no points."""
    source = "账上能算出的分数" if command == SELF else "账上能算出的、自评有佐证的分数"
    told = f"{source}已经先填好，照实际改；不打分的空着"
    vetoes = "；".join(f"{one['id']}（账上：{_facts(one, ask)}）" for one in known if one["veto"])
    return f"{told}。一票否决的不打分：{vetoes}" if vetoes else told


# --- what stands in a row -----------------------------------------------------------------------------------


def _claimed(one: Criterion) -> dict[str, Told | None]:
    """Return what a unit would claim: what it claimed last; before that what the records come to."""
    claim, held = one["claim"], _records(one)
    if claim is not None:
        kept = [event for event in claim["events"] if event in dict(held)]
        return {"points": number(claim["points"]), EVENTS: kept, "evidence": claim["evidence"]}
    return {"points": number(one["by_facts"]), EVENTS: [event for event, _ in held]}


def _reviewed(one: Criterion) -> dict[str, Told | None]:
    """Return what a review would give: what it gave last, what the facts come to, what was claimed."""
    review, claim, by_facts = one["review"], one["claim"], one["by_facts"]
    if review is not None:
        return {"points": number(review["points"]), "evidence": review["evidence"]}
    if by_facts is None:
        return {"points": number(claim["points"]) if claim and not claim["bare"] else None}
    differs = claim is not None and claim["points"] != by_facts
    return {
        "points": number(by_facts),
        "evidence": f"账上：{scoring_words.state(one, WORDING)}" if differs else None,
    }


# --- what is told of a row ----------------------------------------------------------------------------------


def _given(one: Criterion, command: str, ask: Ask) -> Given:
    choices = _records(one) if command == SELF else ()
    return Given(one["id"], _called(one), (*_bare(one), *_beside(one, ask)), choices)


def _called(one: Criterion) -> str:
    most = f"（{number(one['points'])} 分）" if one["points"] is not None else ""
    return f"{one['id']}{most}"


def _bare(one: Criterion) -> tuple[str, ...]:
    """Return what the plan says of an item: what it asks, how points are lost."""
    lost = f"有一次没有做到扣 {number(one['lost'])} 分" if one["lost"] is not None else ""
    title = one["title"] if one["title"] and one["title"] != one["id"] else ""
    return tuple(filter(None, ("；".join(filter(None, (title, lost))),)))


def _beside(one: Criterion, ask: Ask) -> Iterator[str]:
    """Yield the facts, the claim, last year and the review that stands, each in a line."""
    by_facts = f"，照账上是 {number(one['by_facts'])} 分" if one["by_facts"] is not None else ""
    yield f"账上：{_facts(one, ask)}{by_facts}"
    if one["claim"] is not None:
        shown = scoring_words.evidence(one["claim"], WORDING)
        said = shown if not shown or shown.startswith("（") else f"（{shown}）"
        yield f"自评：{number(one['claim']['points'])} 分{said}"
    if one["last_points"] is not None:
        yield f"上年：{number(one['last_points'])} 分"
    if one["review"] is not None:
        yield f"已初评：{number(one['review']['points'])} 分"


def _facts(one: Criterion, ask: Ask) -> str:
    """Return how an item stands by the records, and what is wanting by name."""
    found = [told for told in one["proofs"] if told["outcome"] in scoring_words.NOT_KEPT]
    found.sort(key=lambda told: told["outcome"] not in scoring_words.BROKEN)
    named = "、".join(_matter(told, ask) for told in found[:MOST_TOLD])
    more = f"等 {len(found)} 项" if len(found) > MOST_TOLD else ""
    return "：".join(filter(None, (scoring_words.state(one, WORDING), named + more)))


def _matter(told: Mapping[str, Any], ask: Ask) -> str:
    text = scoring_words.matter(told, WORDING)
    if told["kind"] == "cell":
        text = text.replace(told["what"], period_word(told["what"], ask.horizon.as_of), 1)
    return f"{text} {scoring_words.outcome(told, WORDING)}"


def _records(one: Criterion) -> tuple[tuple[str, str], ...]:
    """Return the records that show an item was done, each once, by id, in words."""
    found: dict[str, str] = {}
    for told in one["proofs"]:
        if told["outcome"] in PROVES:
            for event in told["events"]:
                word = WORDING.event(event["event"])
                found.setdefault(
                    event["event_id"], f"{event['on']} {word}（{scoring_words.matter(told, WORDING)}）"
                )
    return tuple(found.items())
