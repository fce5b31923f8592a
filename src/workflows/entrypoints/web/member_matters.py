"""党员的其他事项: what can be done for a member beside the course, by matter; how they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.pages.roster import mark_text

MATTERS: Mapping[str, Sequence[str]] = {
    "组织关系": (
        "transfer_person", "examine_transfer_file", "record_receipt", "issue_certificate",
        "record_graduation", "assign_cell",
    ),
    "外出和联系": ("register_absence", "end_absence", "report_lost_contact", "record_contact"),
    "党籍和处置": (
        "order_correction", "conclude_correction", "stop_membership", "restore_membership", "strike_off",
        "bar_rights", "record_charge", "record_death",
    ),
    "党费、学习和组织生活": ("record_dues", "reduce_dues", "record_training", "exempt_from_meetings"),
    "登记有误的": ("merge_persons",),
}  # fmt: skip
"""The matters of a member, in their order."""

OTHERS = "其他"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands on a day: what is out of the ordinary, dues and training as recorded."""

    marks: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()


def by_matter(found: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return what can be done (each with ``command``) under its matter; what belongs to none comes last."""
    home = {command: matter for matter, commands in MATTERS.items() for command in commands}
    order = [command for commands in MATTERS.values() for command in commands]
    told: dict[str, list[Mapping[str, Any]]] = {matter: [] for matter in (*MATTERS, OTHERS)}
    for one in found:
        told[home.get(one["command"], OTHERS)].append(one)
    for own in told.values():
        own.sort(key=lambda one: (order.index(one["command"]) if one["command"] in home else 0, one["title"]))
    return {matter: own for matter, own in told.items() if own}


def standing_of_member(person_id: UUID, desk: Desk) -> Standing | None:
    """Return how a member stands; None of somebody who is no member that day."""
    horizon, answering = desk.horizon, desk.app.answering
    rows = answering.circumstances(person_id, horizon.as_of, horizon.known_on)["rows"]
    if not rows:
        return None
    row = rows[0]
    facts = [("在本支部起", row["in_unit_since"])]
    if row["cell"]:
        facts.append(("党小组", row["cell"]))
    told = answering.member_dues(person_id, horizon.as_of, horizon.known_on)
    if told["last_month"]:
        facts.append(("党费交到", told["last_month"]))
    if told["months_unpaid"]:
        facts.append(("连续没有交党费的记录", f"{told['months_unpaid']} 个月"))
    if told["hours"]:
        facts.append((f"{horizon.as_of.year} 年学习培训", f"{told['hours']} 学时"))
    return Standing([mark_text(name, one) for name, one in row["circumstances"].items()], facts)
