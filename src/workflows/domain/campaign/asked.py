"""What every decision of a campaign asks: whose campaign it is, what the rules say, which units are meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.act import about_these
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.rubric import as_frozen, of_the_plan
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import FileCase, finding_of_case
from workflows.policies.findings import Finding, Verdict

MOST_NAMED = 8


def campaign_of(case: FileCase) -> Campaign:
    """Return the campaign a command is about."""
    if not isinstance(case.file, Campaign):
        raise TypeError("the case is no campaign")
    return case.file


def check(case: FileCase, move: str = "", /, **said: Any) -> tuple[Finding, ...]:
    """Return what the stage and the rules say; of several plans of rating only the one named is asked.

    What a frozen campaign is measured by is asked as the plan stood on the day of freezing.
    """
    file, verb = campaign_of(case), case.command.verb()
    named = file.start.scheme if file.start is not None else getattr(case.command, "scheme", None)
    found = of_the_plan(case.check_move(move or verb, **said), named, case.rules)

    def on(day: date) -> Iterable[Finding]:
        told = case.rules.check(verb, on=day, book=case.book(**said))
        return about_these(told, case.rules, verb, (Campaign.kind, "unit"))

    return as_frozen(found, file, case.rules, verb, on)


def named(case: FileCase, told: int | list[str] | None) -> ev.Named | None:
    """Return the units meant: those found below the one that holds the campaign, the other names as told.

    A unit named twice is one.
    """
    if told is None:
        return None
    if isinstance(told, int):
        return ev.Named(number=told)
    found = {name: case.cases.unit_below(case.unit_id, name, case.command.on) for name in told}
    return ev.Named(
        units=tuple(dict.fromkeys(unit for unit in found.values() if unit is not None)),
        others=tuple(name for name, unit in found.items() if unit is None),
    )


def strangers(case: FileCase, units: ev.Named | None) -> tuple[Finding, ...]:
    """Refuse names that no unit there bears, with those near; an old paper may name units of no books."""
    if units is None or not units.others or not case.complete:
        return ()
    near = [
        one for name in units.others for one in case.cases.near_below(case.unit_id, name, case.command.on)
    ]
    told = {"names": list(units.others), "near": list(dict.fromkeys(near))[:MOST_NAMED]}
    return (finding_of_case("rating-unit-unknown", Verdict.BLOCK, "block", **told),)


def taking_part(case: FileCase) -> tuple[Finding, ...]:
    """Return what speaks against rating the unit named: it takes no part, or it is there no more."""
    start = campaign_of(case).start
    units = start.units.units if start is not None and start.units is not None else ()
    if not units or case.about in units:
        return gone(case, (case.about,))
    told = {"unit": str(case.about), "units": [str(unit) for unit in units[:MOST_NAMED]], "count": len(units)}
    return (finding_of_case("rating-not-taking-part", Verdict.BLOCK, "block", **told),)


def gone(case: FileCase, units: Iterable[UUID]) -> tuple[Finding, ...]:
    """Refer units that are no more on the day of the act: merged, split or dissolved."""
    missing = [str(unit) for unit in units if not is_there(case, unit)]
    if not missing:
        return ()
    return (finding_of_case("rating-unit-gone", Verdict.REFER, "warn", units=missing[:MOST_NAMED]),)


def is_there(case: FileCase, unit_id: UUID) -> bool:
    """Say whether a unit is there on the day of the act."""
    return case.cases.keeper(unit_id, case.command.on) == unit_id
