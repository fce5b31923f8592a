"""Slips of the pen in a command about a person, and what it leaves untold so that nobody can check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflows.domain.act import Command
from workflows.domain.person import commands as cmd
from workflows.domain.person import member_commands as mcmd
from workflows.domain.person.case import Case
from workflows.policies.findings import Finding, Verdict

DAYS_REVERSED = "input-days-reversed"
BORN_UNTOLD, BAR_WITHOUT_END = "input-born-untold", "input-bar-without-end"

IN_ORDER: Mapping[type[Command], Sequence[tuple[str, str]]] = {
    cmd.BarRights: [("on", "until")],
    cmd.CompleteIntensiveCourse: [("begun", "ended")],
    cmd.ConcludePreliminaryReview: [("on", "leaving_on")],
    cmd.RegisterMember: [
        ("born_on", "admitted_on"),
        ("born_on", "full_since"),
        ("admitted_on", "full_since"),
    ],
    mcmd.DeferConversion: [("on", "until")],
    mcmd.ExemptFromMeetings: [("on", "until")],
    mcmd.StopMembership: [("since", "on")],
}
"""Days that a command tells, each with one that cannot come before it."""


def slips(command: Command, case: Case) -> tuple[Finding, ...]:
    """Return the days told in an order that cannot be, and what is left untold and therefore not checked."""
    found = [
        _reversed(command, first, then)
        for first, then in IN_ORDER.get(type(command), ())
        if (one := getattr(command, first)) is not None
        and (other := getattr(command, then)) is not None
        and other < (case.approx[first].first if first in case.approx else one)
    ]
    return (*found, *_untold(command, case))


def _reversed(command: Command, first: str, then: str) -> Finding:
    names = dict(zip(type(command).__struct_fields__, type(command).__struct_encode_fields__, strict=True))
    facts = {"what": names[first], "day": str(getattr(command, first))}
    facts |= {"then": names[then], "other": str(getattr(command, then))}
    if {first, then} & {"born_on"}:
        # a birth day is personal: it is not repeated where findings are kept
        facts = {"what": names[first], "then": names[then]}
    return Finding(rule=DAYS_REVERSED, verdict=Verdict.BLOCK, kind="input", severity="block", facts=facts)


def _untold(command: Command, case: Case) -> list[Finding]:
    match command:
        case _ if not case.complete:
            return []
        case cmd.ReceiveApplication(born_on=None) if case.person.profile.born_on is None:
            return [Finding(rule=BORN_UNTOLD, verdict=Verdict.NOTE, kind="input")]
        case cmd.BarRights(until=None):
            return [Finding(rule=BAR_WITHOUT_END, verdict=Verdict.NOTE, kind="input")]
    return []
