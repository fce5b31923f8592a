"""决议办成的步骤: what a resolution of a meeting means for a person is recorded with it, typed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec.structs import replace

from workflows.application.books import Books
from workflows.application.commands import parse
from workflows.domain.act import Command, Decision, Who
from workflows.domain.unit.attendance import attendance
from workflows.domain.unit.commands import HoldMeeting, ResolutionVotes
from workflows.domain.unit.events import MeetingHeld, Resolution
from workflows.domain.unit.resolved import ResolvedStep
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import derived
from workflows.policies.findings import Verdict, verdict_of, worst_first

if TYPE_CHECKING:
    from workflows.application.recording import Outcome, Request

ABOUT = ("person", "step")
"""What a resolution keeps of the step of a person that it was."""

VOTES = frozenset({"vote_on_admission", "vote_on_full_membership"})
"""The steps that are votes: they take the numbers of the meeting over."""


def requests(request: Request, decided: Decision, unit_id: UUID, books: Books) -> list[Request]:
    """Return the requests that follow from the resolutions of a meeting: same day, unit and minutes."""
    return [
        replace(
            request,
            command=command,
            person_id=person_id,
            unit_id=unit_id,
            command_id=request.command_id and derived(request.command_id, "resolved", number),
        )
        for number, (person_id, command) in enumerate(resolved(request.command, decided, unit_id, books))
    ]


def caused_by(requests: Iterable[Request], event_ids: Sequence[UUID]) -> list[Request]:
    """Return the requests with the event that caused them."""
    return [replace(one, causation_id=next(iter(event_ids), None)) for one in requests]


def together(outcome: Outcome, caused: Sequence[Outcome]) -> Outcome:
    """Return what a meeting and all that it resolved came to: either all of it is recorded or nothing."""
    if not caused:
        return outcome
    findings = list(outcome.findings)
    for one in caused:
        findings += [finding for finding in one.findings if finding not in findings]
    refused = outcome.refused or any(one.refused for one in caused)
    verdicts = {outcome.verdict, *(one.verdict for one in caused)}
    everything = (outcome, *caused)
    return replace(
        outcome,
        verdict=verdict_of(findings) if refused else max(verdicts, key=BY_WEIGHT.index),
        findings=worst_first(findings),
        refused=refused,
        opened=() if refused else outcome.opened,
        events=() if refused else tuple(name for one in everything for name in one.events),
        event_ids=tuple(event_id for one in everything for event_id in one.event_ids),
        position=max(one.position for one in everything),
    )


BY_WEIGHT = (Verdict.OK, Verdict.WARN, Verdict.REFER, Verdict.INCOMPLETE, Verdict.BLOCK)
"""The verdicts of a step, the lightest first."""


def resolved(command: Command, decided: Decision, unit_id: UUID, books: Books) -> list[tuple[UUID, Command]]:
    """Return the steps of people that a meeting resolved, each with whom it is about, in their order.

    A vote takes over who should attend, who came and the ballots; whether it passed comes out of them. What
    was voted down leads to no step but the vote itself.
    """
    if not isinstance(command, HoldMeeting):
        return []
    event = next((one for one in decided.events if isinstance(one, MeetingHeld)), None)
    if event is None:
        return []
    found = []
    for said, kept in zip(command.resolutions, event.resolutions, strict=True):
        if said.about is None or kept.person is None or _is_voted_down(said):
            continue
        fields = _fields(command, said, said.about, event, unit_id, books)
        found.append((kept.person, parse(said.about.step, fields, command.on)))
    return found


def _is_voted_down(said: ResolutionVotes) -> bool:
    """Say whether a resolution that is no vote on a person by its kind had no more for it than against it."""
    if said.about is None or said.about.step in VOTES or said.in_favour is None:
        return False
    return said.in_favour <= (said.against or 0) + (said.abstained or 0)


def _fields(
    command: HoldMeeting,
    said: ResolutionVotes,
    about: ResolvedStep,
    event: MeetingHeld,
    unit_id: UUID,
    books: Books,
) -> dict[str, Any]:
    """Return the fields of the step, as far as the minutes tell them."""
    if about.step == "examine_target":
        return {"agreed": True} if said.in_favour is not None else {}
    if about.step not in VOTES:
        return {}
    counted = attendance(event, event.resolving, books.unit_state(unit_id), books)
    told: dict[str, Any] = {
        "eligible": counted.eligible if command.eligible is not None or event.excluded else None,
        "attending": command.attending if isinstance(command.attending, list) else counted.attending,
        "in_favour": said.in_favour,
        "against": said.against,
        "abstained": said.abstained,
        "written_in_favour": said.written_in_favour,
        "secret": said.secret,
        "outcome": about.outcome,
        "months": about.months,
    }
    return {name: value for name, value in told.items() if value is not None}


# --- resolutions put right -----------------------------------------------------------------------------


def as_typed(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a resolution as its event keeps it in the form of the command: its step under ``about``."""
    about = {name: kept.pop(name, None) for name in ABOUT}
    return kept | {"about": about} if any(about.values()) else kept


def as_kept(value: Any, before: Sequence[Resolution], find: Callable[[str], Who]) -> Any:
    """Return resolutions as a correction gives them in the form of the event.

    One that names no step is the step that the resolution of the same topic was, or, where as many are told
    as there were, the one in its place: what is put right are words and numbers.

    Raises:
        WrongUsage: ``resolutions-lose-a-step``: which of several of one topic is meant is not clear, or one
            that was a step of somebody is told no more.
    """
    if not isinstance(value, list):
        return value
    left = list(before)
    found = [_linked(one, place, left, before, len(value), find) for place, one in enumerate(value)]
    kept = {(one.get("person"), one.get("step")) for one in found if isinstance(one, Mapping)}
    lost = [one for one in before if one.person and (str(one.person), one.step) not in kept]
    if lost:
        raise WrongUsage("resolutions-lose-a-step", topic=lost[0].topic)
    return found


def _linked(
    one: Any,
    place: int,
    left: list[Resolution],
    before: Sequence[Resolution],
    count: int,
    find: Callable[[str], Who],
) -> Any:
    """Return one resolution with the step it was; takes the one it was out of those ``left``."""
    if not isinstance(one, Mapping) or any(one.get(name) for name in ABOUT):
        return one
    rest, about = {name: told for name, told in one.items() if name != "about"}, one.get("about")
    if isinstance(about, Mapping):
        who = find(str(about.get("person", "")))
        return rest | {"person": who.person and str(who.person), "step": about.get("step")}
    same = [was for was in left if was.topic == one.get("topic")]
    in_place = before[place] if count == len(before) else None
    was = in_place if in_place in same or not same else same[0] if len(same) == 1 else None
    if was is None or was not in left:
        return rest
    left.remove(was)
    return rest | ({"person": str(was.person), "step": was.step} if was.person else {})
