"""凭豁免销号: problems closed while their rule was still broken, because somebody had waived it by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.rectification.events import IssueClosedOut
from workflows.domain.rectification.state import Rectification
from workflows.domain.waivers import reliefs_of
from workflows.policies.late_waivers import Late, late_of, letting_pass
from workflows.policies.relief import is_about

CLOSED_ON_A_WAIVER = "close-waived"
"""What the finding is called that a closure keeps where the rule was broken, and waived."""


class Waived(msgspec.Struct, frozen=True):
    """On what a problem was closed; ``authority`` is empty where the waiver was taken back since.

    ``late``: what was over before it was waived, or before the waiver was put on the books.
    """

    closed_on: date
    event_id: str
    periods: tuple[str, ...] = ()
    authority: str | None = None
    document: str | None = None
    until: date | None = None
    late: tuple[Late, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON form."""
        return {
            "closed_on": self.closed_on.isoformat(),
            "authority": self.authority,
            "document": self.document,
            "until": self.until.isoformat() if self.until else None,
            "periods": list(self.periods),
            **self._late(),
            "event_id": self.event_id,
        }

    def _late(self) -> dict[str, Any]:
        """Return how many days after the end of a period it was waived, or recorded, the most of them."""
        worst = max(self.late, key=lambda one: one.days, default=None)
        entered = worst.entered_on if worst is not None else None
        return {
            "given_on": worst.waiver.since.isoformat() if worst is not None else None,
            "entered_on": entered.isoformat() if entered is not None else None,
            "days_after": worst.days if worst is not None else None,
        }


def waiver_of(file: Rectification, books: Books) -> Waived | None:
    """Return the waiver on which a closed problem was closed; None where the facts were clean, or none is.

    ``file`` is as of the day asked for. That the rule was broken and waived is what the closure itself found;
    who waived it is read from the books.
    """
    told = closed_on_a_waiver(file)
    closure = file.last(IssueClosedOut)
    if told is None or closure is None:
        return None
    return _with_the_word(told, file, closure[1], books)


def closed_on_a_waiver(file: Rectification) -> Waived | None:
    """Return that a closed problem was closed on a waiver, and of which periods; not yet on whose word."""
    closure = file.last(IssueClosedOut)
    if closure is None or file.stage != "closed":
        return None
    event, act = closure
    found = next((one for one in event.findings if one.rule == CLOSED_ON_A_WAIVER), None)
    if found is None:
        return None
    return Waived(act.on, str(act.source.event_id), tuple(map(str, found.facts.get("waived", ()))))


def _with_the_word(told: Waived, file: Rectification, act: OnBooks, books: Books) -> Waived:
    rule = books.rules_for(file.unit_id, act.on).rule(file.rule) if file.rule else None
    if rule is None or file.unit_id is None:
        return told
    unit = books.unit_state(file.unit_id).at(act.on)
    given = (*reliefs_of(unit.rare), *reliefs_of(file.acts))
    waivers = [one for one in given if one.form == "waived" and is_about(one, rule.id, rule.aliases)]
    waiver = letting_pass(waivers, told.periods, act.on)
    if waiver is None:
        return told
    return msgspec.structs.replace(
        told,
        authority=waiver.authority or None,
        document=waiver.document or None,
        until=waiver.until,
        late=late_of(waivers, told.periods, act.on),
    )
