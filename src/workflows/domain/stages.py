"""发展阶段: states and moves as plain tables, compiled and checked by ``transitions`` at import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from transitions import Machine

Move = tuple[str, str | Sequence[str], str]


class Stage(StrEnum):
    """Where someone stands on the way from application to full membership; ``nobody`` before it begins."""

    NOBODY = "nobody"
    APPLICANT = "applicant"
    ACTIVIST = "activist"
    TARGET_AGREED = "target_agreed"
    TARGET = "target"
    PROBATIONARY = "probationary"
    FULL = "full"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"
    ANNULLED = "annulled"
    STRUCK_OFF = "struck_off"
    DECEASED = "deceased"


ENDED = (Stage.WITHDRAWN, Stage.DROPPED, Stage.ANNULLED, Stage.STRUCK_OFF)
"""The stages at which a course has ended, from which another may begin."""

_TRAINED = ("activist", "target_agreed", "target")
_MEMBERS = ("probationary", "full")

DEVELOPMENT: tuple[Move, ...] = (
    ("receive_application", ("nobody", "withdrawn", "dropped", "annulled", "struck_off"), "applicant"),
    ("hold_first_talk", "applicant", "applicant"),
    ("confirm_activist", "applicant", "activist"),
    *(("take_up_training", source, source) for source in _TRAINED),
    *((step, source, source) for step in ("file_activist", "assign_mentors") for source in _TRAINED),
    *(("record_semiannual_review", source, source) for source in _TRAINED),
    ("agree_development_target", "activist", "target_agreed"),
    ("file_development_target", "target_agreed", "target"),
    *(("consent_development_target", source, source) for source in ("target_agreed", "target")),
    *(
        (step, source, source)
        for step in ("post_notice", "raise_objection", "settle_objection", "close_notice")
        for source in ("target_agreed", "target", "probationary")
    ),
    ("list_development_target", ("target_agreed", "target"), "target"),
    *(
        (step, "target", "target")
        for step in (
            "assign_sponsors",
            "conclude_background_review",
            "complete_intensive_course",
            "examine_target",
            "conclude_preliminary_review",
            "complete_admission_form",
            "vote_on_admission",
            "hold_approval_talk",
            "refuse_admission",
        )
    ),
    ("approve_admission", "target", "probationary"),
    *(
        (step, "probationary", "probationary")
        for step in (
            "file_admission",
            "assign_cell",
            "take_oath",
            "record_probation_review",
            "apply_for_full_membership",
            "vote_on_full_membership",
        )
    ),
    ("extend_probation", "probationary", "probationary"),
    ("grant_full_membership", "probationary", "full"),
    ("annul_probation", "probationary", "annulled"),
    ("archive_dossier", "full", "full"),
    ("assign_cell", "full", "full"),
    ("register_probationary", "nobody", "probationary"),
    ("register_full", "nobody", "full"),
    ("withdraw_application", ("applicant", "activist", "target_agreed", "target"), "withdrawn"),
    ("drop_activist", ("activist", "target_agreed", "target"), "dropped"),
    *(
        (step, source, source)
        for step in (
            "transfer_person",
            "examine_transfer_file",
            "record_receipt",
            "record_step",
            "record_training",
        )
        for source in ("applicant", *_TRAINED, *_MEMBERS)
    ),
    ("defer_conversion", "probationary", "probationary"),
    *(
        (step, source, source)
        for step in (
            "stop_membership",
            "restore_membership",
            "order_correction",
            "conclude_correction",
            "exempt_from_meetings",
            "register_absence",
            "end_absence",
            "issue_certificate",
            "report_lost_contact",
            "record_contact",
            "record_graduation",
            "record_dues",
            "reduce_dues",
            "bar_rights",
        )
        for source in _MEMBERS
    ),
    *(("record_charge", source, source) for source in ("applicant", *_TRAINED, *_MEMBERS)),
    ("strike_off", _MEMBERS, "struck_off"),
    *(
        ("record_death", source, "deceased")
        for source in ("applicant", *_TRAINED, *_MEMBERS, "withdrawn", "dropped", "annulled", "struck_off")
    ),
)
"""(move, from, to); a move that stays where it is, is a step inside the stage."""

ENDS = frozenset({"withdrawn", "dropped", "annulled", "struck_off", "deceased", "full"})
"""Stages that may be left for good without a further move."""


class TableError(Exception):
    """A table of moves that cannot be right: it is ours, found when the module is imported."""


def compile_table(
    states: Sequence[str], moves: Sequence[Move], initial: str, ends: frozenset[str] = ENDS
) -> Mapping[tuple[str, str], str]:
    """Return {(state, move): state} after checking the table.

    Raises:
        TableError: an unknown state, a move given twice from one state (shadowed), a state nobody reaches,
            or a state nobody can leave that is no end.
    """
    known, table, flaws = set(states), {}, []
    for move, sources, target in moves:
        for source in (sources,) if isinstance(sources, str) else sources:
            flaws += [f"{move}: unknown state {state}" for state in (source, target) if state not in known]
            if (source, move) in table:
                flaws.append(f"{move} from {source}: given twice")
            table[source, move] = target
    reached, todo = {initial}, [initial]
    while todo:
        here = todo.pop()
        for (source, _), target in table.items():
            if source == here and target not in reached:
                reached.add(target)
                todo.append(target)
    flaws += [f"{state}: never reached" for state in sorted(known - reached)]
    stuck = {s for s in known if s not in ends and all(t == s for (f, _), t in table.items() if f == s)}
    flaws += [f"{state}: a dead end" for state in sorted(stuck)]
    if flaws:
        raise TableError("; ".join(flaws))
    machine = machine_of(states, moves, initial)
    for (source, move), target in table.items():
        machine.set_state(source)
        machine.trigger(move)
        if machine.state != target:
            raise TableError(f"{move} from {source}: transitions leads to {machine.state}")
    return MappingProxyType(table)


def machine_of(states: Sequence[str], moves: Sequence[Move], initial: str) -> Machine:
    """Return the reference interpreter of a table; it is its own model."""
    transitions: list[list[Any]] = [
        [move, list(s) if not isinstance(s, str) else s, target] for move, s, target in moves
    ]
    return Machine(
        states=list(states), transitions=transitions, initial=initial, auto_transitions=False, send_event=True
    )


MOVES = compile_table([stage.value for stage in Stage], DEVELOPMENT, "nobody")
RANK = {stage: rank for rank, stage in enumerate(Stage)}


def after(stage: Stage, move: str) -> Stage | None:
    """Return the stage after ``move``, None where the move does not belong to the stage."""
    target = MOVES.get((stage.value, move))
    return None if target is None else Stage(target)


MEMBERS = frozenset({Stage.PROBATIONARY.value, Stage.FULL.value})
"""The stages of those who belong to a unit as members."""

SUSPENDING = frozenset({"stop_membership", "restore_membership", "bar_rights"})
"""Steps by which a membership or its rights rest, or go on, while the stage stays."""

ON_THE_ROSTER = frozenset({"exempt_from_meetings", "assign_cell"})
"""Steps that change what the roster of a unit says of a member: free to stay away, in which cell."""


def changes_membership(step: str) -> bool:
    """Say whether a step may change who is a member, who may vote, or what the roster says of a member.

    Steps that by the table of moves neither make nor end a membership do not; anything else may.
    """
    moves = [(source, target) for (source, move), target in MOVES.items() if move == step]
    return (
        step in SUSPENDING
        or step in ON_THE_ROSTER
        or not moves
        or any(source != target and {source, target} & MEMBERS for source, target in moves)
    )


STEPS_OF_MOVES = {
    "grant_full_membership": "approve_full_membership",
    "extend_probation": "approve_full_membership",
    "annul_probation": "approve_full_membership",
}
"""Moves that one step may come to, each with that step."""


def moves_of_step(step: str) -> list[str]:
    """Return the moves that a step may come to: its own name, unless told otherwise."""
    return [move for move, name in STEPS_OF_MOVES.items() if name == step] or [step]


def stages_of_step(step: str) -> frozenset[Stage]:
    """Return the stages in which a step may be done; none for one the code does not know."""
    return frozenset(stage for move in moves_of_step(step) for stage in stages_of(move))


def stages_of(move: str) -> tuple[Stage, ...]:
    """Return the stages in which a move belongs."""
    return tuple(stage for stage in Stage if (stage.value, move) in MOVES)
