"""整改 as a list and a page: whether a problem may be closed by the facts, and every round of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec.structs import replace

from workflows.application.case_facts import CaseReader
from workflows.domain.act import OnBooks
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.state import Rectification
from workflows.projections import following
from workflows.projections.case_parts import of_page, of_row
from workflows.projections.duties import source_of
from workflows.projections.opening import Opened
from workflows.projections.waived_problems import waiver_of

Told = dict[str, Any]
DELAYS = (ev.CorrectionExtended, ev.CorrectionHeld)


@of_row.register
def _(file: Rectification, opened: Opened, on: date) -> Told:
    waived = waiver_of(file, opened.books)
    return {
        "level_id": str(file.level) if file.level else None,
        "waiver": waived.as_json() if waived is not None else None,
        "relapse_of": _relapse_of(file, opened),
        "reopened": sum(1 for _ in file.each(ev.IssueReopened)),
        "extended": sum(1 for _ in file.each(ev.CorrectionExtended)),
    }


@of_page.register
def _(file: Rectification, opened: Opened, on: date) -> Told:
    return {
        "relapse_of": _relapse_of(file, opened),
        "standing": None if file.stage == "closed" else standing_of(file, opened, on),
        "closures": list(_closures(file, opened)),
        "acceptances": list(_acceptances(file, opened)),
        "delays": [_delay(act, file.at_act(act).due) for act in file.acts if isinstance(act.event, DELAYS)],
        "escalations": [
            {
                **_where(act),
                "unit": opened.naming.unit(event.to_unit),
                "unit_id": str(event.to_unit) if event.to_unit else None,
                "reason": event.reason or None,
            }
            for event, act in file.each(ev.IssueEscalated)
        ],
    }


def _relapse_of(file: Rectification, opened: Opened) -> str | None:
    """Return the closed problem that came back as this one while it was followed up; None: none did."""
    before = following.relapse_of(file, opened.books)
    return before.subject if before is not None else None


def standing_of(file: Rectification, opened: Opened, on: date) -> Told | None:
    """Return how the rule of a problem stands in the facts at the end of a day; None where it is about none.

    ``state``: ``clean`` (it may be closed), ``waived`` (so too, by name), ``broken``, ``unsure`` (the facts
    cannot tell) or ``unknown`` (the rule does not bind the unit). ``looked``: the periods and days looked at.
    """
    issue = file.last(ev.IssueOpened)
    if issue is None or file.rule is None or file.unit_id is None:
        return None
    event, act = issue
    found = CaseReader(opened.books).look(file.rule, file.unit_id, on, since=act.on, period=event.period)
    if found is None:
        return {"state": "unknown", "rule": file.rule, "label": None, "clause": None, "late": 0, "looked": []}
    state = "unsure" if found.unsure else "broken" if found.what else "waived" if found.waived else "clean"
    return {
        "state": state,
        "rule": file.rule,
        "label": found.label,
        "clause": found.clause,
        "late": max((one.days for one in found.late), default=0),
        "looked": [
            {
                "what": one.what,
                "part": one.part or None,
                "state": one.state,
                "because": [source_of(source) for source in one.because],
            }
            for one in found.looked
        ],
    }


def _where(act: OnBooks) -> Told:
    return {"on": act.on.isoformat(), "position": act.source.position}


def _closures(file: Rectification, opened: Opened) -> Iterator[Told]:
    """Yield every closure in its order, with the waiver it rests on, and how it was reopened."""
    for number, act in enumerate(file.acts):
        event = act.event
        if not isinstance(event, ev.IssueClosedOut):
            continue
        then = replace(file, acts=file.acts[: number + 1])
        waived = waiver_of(then, opened.books)
        after = (one for one in file.acts[number + 1 :] if isinstance(one.event, ev.IssueReopened))
        again = next(after, None)
        reopened = again.event if again is not None and isinstance(again.event, ev.IssueReopened) else None
        yield {
            **_where(act),
            "by": opened.naming.who(event.by),
            "document": event.document,
            "because": event.reason or None,
            "unit_gone": bool(event.unit_gone),
            "waiver": waived.as_json() if waived is not None else None,
            "reopened_on": again.on.isoformat() if again is not None else None,
            "reopened_at": again.source.position if again is not None else None,
            "reason": (reopened.reason or None) if reopened is not None else None,
        }


def _acceptances(file: Rectification, opened: Opened) -> Iterator[Told]:
    """Yield every acceptance in its order: ``result`` pass, part or fail, by whom, on the spot or not."""
    for act in file.acts:
        event = act.event
        if isinstance(event, ev.CorrectionAccepted):
            told = {"result": event.result, "on_site": event.on_site, "text": event.text or None}
        elif isinstance(event, ev.CorrectionRejected):
            told = {"result": "fail", "on_site": None, "text": event.reason or None}
        else:
            continue
        yield {**_where(act), "by": opened.naming.who(event.by), **told}


def _delay(act: OnBooks, due: tuple[date, OnBooks] | None) -> Told:
    """Return an extension (``was_due_on``, ``due_on``) or a hold (``until``), who allowed it and why.

    ``days_late``: how many days after the limit had passed it was put off, 0 where that was in time.
    """
    event = act.event
    told = {name: getattr(event, name, None) for name in ("was_due_on", "due_on", "until")}
    return {
        **_where(act),
        **{name: day.isoformat() if day else None for name, day in told.items()},
        "days_late": max((act.on - due[0]).days, 0) if due is not None else 0,
        "reason": getattr(event, "reason", "") or None,
        "authority": getattr(event, "authority", None),
        "document": getattr(event, "document", None),
    }
