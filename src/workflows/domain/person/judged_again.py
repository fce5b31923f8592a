"""复核: the acts of a person judged again by what is known now, beside the verdicts that were recorded.

A correction, a withdrawal or an act entered late changes what earlier days looked like. Each act is asked
about once more, against the person as the acts before it leave them today. Nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.act import Decided, Decision, OnBooks, Who
from workflows.domain.facts import Facts
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.domain.person import member_commands as mcmd
from workflows.domain.person import member_events as mv
from workflows.domain.person.decide import decide
from workflows.domain.person.profiles import profile_of
from workflows.domain.person.relation import is_after
from workflows.domain.person.rough_days import of_command
from workflows.domain.person.state import Person
from workflows.kernel.events import Event
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules

NOT_AGAIN = (cmd.RegisterMember, cmd.TakeOverCourse, mcmd.RecordDues)
"""What stood before the books began rests on nothing; the sums that dues rest on are sealed."""

FITTING = frozenset({Verdict.OK, Verdict.NOTE})


def of_person(
    person: Person, rules: Rules, facts: Facts, *, whole: bool = False
) -> dict[UUID, list[Finding]]:
    """Return, by event, what is found otherwise today of each act of this round; [] where nothing is.

    ``whole``: of the acts of earlier rounds too.
    """
    found: dict[UUID, list[Finding]] = {}
    for act in person.acts if whole else person.this_round:
        told = _decided(act, person, rules, facts)
        if told is None:
            continue
        kept = act.event.findings if isinstance(act.event, Decided) else ()
        found[act.source.event_id] = otherwise(kept, told.findings)
    return found


def now_of(act: OnBooks, person: Person, rules: Rules, facts: Facts) -> tuple[Finding, ...]:
    """Return what is found of an act by what is known now; as kept where it is not asked again."""
    told = _decided(act, person, rules, facts)
    if told is not None:
        return told.findings
    return act.event.findings if isinstance(act.event, Decided) else ()


def vote_of(act: OnBooks, person: Person, rules: Rules, facts: Facts) -> bool | None:
    """Return whether a vote passed, by the numbers that stand with it now; None where they do not say."""
    told = _decided(act, person, rules, facts)
    return None if told is None else getattr(told.events[0], "passed", None)


def _decided(act: OnBooks, person: Person, rules: Rules, facts: Facts) -> Decision | None:
    command = command_of(act.event)
    if command is None:
        return None
    return decide(
        command,
        before(person, act),
        rules,
        facts,
        unit_id=act.event.unit_id if isinstance(act.event, ev.ApplicationReceived) else None,
        complete=not act.is_copied,
        named_unit=getattr(act.event, "unit_id", None),
        approx=of_command(act.event, command),
    )


def otherwise(kept: Sequence[Finding], now: Iterable[Finding]) -> list[Finding]:
    """Return the findings whose word is another one than that kept.

    What a pack adopted since would say is not among them, nor that something still fits.
    """
    told: dict[tuple[str, str, str], list[Verdict]] = {}
    for finding in kept:
        told.setdefault(_key(finding), []).append(finding.verdict)
    packs = {finding.pack for finding in kept}
    return [
        finding
        for finding in now
        if finding.verdict not in told.get(_key(finding), [])
        and finding.kind != "input"
        and finding.verdict is not Verdict.CONVENTION
        and (finding.kind == "stage" or finding.pack in packs)
        and not FITTING.issuperset({finding.verdict, *told.get(_key(finding), ())})
    ]


def before(person: Person, act: OnBooks) -> Person:
    """Return the person as the acts before one leave them, those of its own day entered earlier included."""
    acts = tuple(one for one in person.acts if _lies_before(one, act))
    return replace(
        person,
        profile=profile_of(acts),
        stages=tuple(e for e in person.stages if _lies_before(e.act, act) and e.first_on <= act.on),
        units=tuple(entry for entry in person.units if _lies_before(entry.act, act)),
        acts=acts,
        rounds=tuple(start for start in person.rounds if start < len(acts)),
        returns=tuple(one for one in person.returns if _lies_before(one, act)),
    )


def _lies_before(one: OnBooks, act: OnBooks) -> bool:
    """Say whether an act comes before another, or may do so, since its day is known only roughly."""
    may_be = one.approx is not None and one.first_on <= act.on and one.source != act.source
    return is_after(act, one) or may_be


@cache
def _commands() -> Mapping[str, type[cmd.PersonCommand]]:
    todo: list[type[cmd.PersonCommand]] = list(cmd.PersonCommand.__subclasses__())
    found: dict[str, type[cmd.PersonCommand]] = {}
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        found[kind.verb()] = kind
    return found


def command_of(event: Event) -> cmd.PersonCommand | None:
    """Return what was asked for when an event was recorded; None where that is not asked again.

    Whether a vote passed is not claimed once more: the numbers say it.
    """
    kind = _commands().get(getattr(type(event), "step", ""))
    if kind is None or kind in NOT_AGAIN or isinstance(event, mv.PersonCarried) or _is_erased(event):
        return None
    said: dict[str, Any] = {
        **_parts(event),
        **{name: getattr(event, name) for name in event.__struct_fields__},
        "on": event.effective_on,
        **_renamed(event),
    }
    if isinstance(event, ev.AdmissionVoted | ev.FullMembershipVoted):
        said.pop("passed")
    names = {name for name in kind.__struct_fields__ if said.get(name) is not None}
    return kind(**{name: _as_asked(said[name]) for name in names})


def _parts(event: Event) -> dict[str, Any]:
    parts = (getattr(event, name, None) for name in ("votes", "profile"))
    return {n: getattr(part, n) for part in parts if part is not None for n in part.__struct_fields__}


def _renamed(event: Event) -> dict[str, Any]:
    match event:
        case mv.PersonTransferred(unit_id=unit, outside=outside):
            return {"to_unit": outside or str(unit), "outside": outside is not None}
        case mv.StepRecorded(name=name):
            return {"step": name}
        case mv.PapersReturned(returned=step):
            return {"step": step}
    return {}


def _is_erased(event: Event) -> bool:
    """Say whether people of whom the act speaks can no longer be read."""
    people = getattr(type(event), "people", ())
    return any(getattr(event, name) is None and name == "persons" for name in people)


def _as_asked(value: Any) -> Any:
    match value:
        case Who(person=person, name=name):
            return str(person) if person is not None else name or "?"
        case tuple():
            return [_as_asked(item) for item in value]
    return value


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.kind, finding.label
