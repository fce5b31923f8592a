"""Opening the books: units, members before the books, the committee of the last election before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from workflows.application.demo.acts import FROM_FILES, Act, Agenda, View, office_moment
from workflows.application.demo.county import COMMITTEES, Branch, County
from workflows.application.recording import Batch, Request
from workflows.domain.unit.commands import EstablishUnit, UnitLevel
from workflows.kernel.calendar import add_months
from workflows.kernel.chance import Chance

_SUPERIOR_FOUNDED_YEARS = 60
COUNTY_CLERK = "zzb"


def found_superiors(batch: Batch, county: County, name: str) -> None:
    """Put the county committee and the committees below it on the books."""
    day = add_months(county.begin, -12 * _SUPERIOR_FOUNDED_YEARS)
    kinds: list[tuple[UnitLevel, str]] = [("county", f"中共{name}委员会")]
    kinds += [("committee", full) for _, full in COMMITTEES]
    for place, (level, full) in enumerate(kinds):
        command = EstablishUnit(
            on=day,
            name=full,
            level=level,
            kind="organ",
            books_from=county.begin,
            roster_known=False,
            superior=kinds[0][1] if place else None,
        )
        outcome = batch.record(
            Request(
                command=command,
                actor=COUNTY_CLERK,
                origin="demo",
                named_unit_id=county.id if place else None,
                as_history=True,
                reason=FROM_FILES,
            )
        )
        if place == 0:
            county.id = outcome.stream_id
        elif outcome.stream_id is not None:
            county.committees[place - 1] = outcome.stream_id


def open_branch(agenda: Agenda, branch: Branch, chance: Chance) -> None:
    """Put the opening of one branch on the agenda: itself, its members, its committee."""
    moment = office_moment(branch.opens_on + timedelta(days=branch.index % 3), chance)
    is_new = branch.established_on == branch.opens_on
    founding = Act(
        branch.established_on,
        "establish_unit",
        branch,
        {
            "name": branch.name,
            "level": "branch",
            "kind": branch.kind,
            "superior": COMMITTEES[branch.committee][1],
            "books_from": None if is_new else branch.opens_on,
            "cell_count": branch.cells,
        },
        reason=None if is_new else FROM_FILES,
    )
    acts = [founding]
    for who in branch.members:
        admitted, full = branch.dates[who.key]
        posts = [post] if (post := branch.first_posts.get(who.key)) else []
        fields = {**who.profile, "admitted_on": admitted, "full_since": full, "posts": posts}
        acts.append(Act(admitted, "register_member", branch, fields, who))
    if branch.last_election is not None:
        acts.append(Act(branch.last_election, "elect_committee", branch, _FirstPosts(branch)))
    for number, act in enumerate(acts):
        agenda.put(act, moment + timedelta(seconds=40 * number), chance)


class _FirstPosts:
    """The posts of the committee in office when the books begin, by the ids the books gave its members."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch

    def __call__(self, view: View) -> Mapping[str, Any]:
        by_key = {who.key: who for who in self.branch.members}
        return {"posts": {str(by_key[key].id): post for key, post in self.branch.first_posts.items()}}
