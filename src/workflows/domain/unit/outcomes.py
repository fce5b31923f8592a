"""选举结果: whom an election elected, what posts it gave, whether it is void, by its numbers as now."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from workflows.domain.act import Who
from workflows.domain.unit import events as ev
from workflows.policies.findings import Finding, Verdict

MEMBER = "member"
"""The post of those elected without a named one."""

_VOIDING_KINDS = frozenset({"quorum", "quota", "share"})
_VOIDING_RULES = frozenset({"elect-secret", "input-attending-over", "input-votes-over"})
_RIGHTS = "elect-rights"


def is_void(ballot: ev.Ballot) -> bool:
    """Say whether an election is void by the findings of its day: no quorum, too many ballots, not secret.

    Where a number was corrected since, the share that was asked for is asked of the number as it is now.
    """
    return any(
        _voids_now(finding, ballot) if _is_stale(finding, ballot) else finding.verdict == Verdict.BLOCK
        for finding in ballot.findings
        if finding.kind in _VOIDING_KINDS or finding.rule in _VOIDING_RULES
    )


def _is_stale(finding: Finding, ballot: ev.Ballot) -> bool:
    return any(
        isinstance(told, int | bool) and getattr(ballot, name, told) not in (told, None)
        for name, told in finding.facts.items()
        if name in ballot.__struct_fields__
    )


def _voids_now(finding: Finding, ballot: ev.Ballot) -> bool:
    """Say the same of numbers corrected since; what cannot be asked again voids nothing."""
    if finding.rule == "elect-secret":
        return ballot.secret is False
    match [getattr(ballot, name, None) for name in finding.facts], finding.calc:
        case [int() as number, int() as base], (line, *_) if finding.severity == "block":
            wanted = base * Fraction(line.right.rpartition(" × ")[2])
            if finding.kind == "quota":
                return number > wanted
            return number <= wanted if line.op in (">", "<=") else number < wanted
    return False


def winners(
    candidates: Iterable[ev.Candidate], attending: int | None, seats: int | None
) -> tuple[tuple[Who, ...], tuple[Who, ...]]:
    """Return who is elected, and who is to be voted on again.

    Elected: more than half of those present, most votes first, no more than there are seats. A tie at the
    last seat elects none of those tied (``elect-tie``).
    """
    if attending is None:
        return (), ()
    chosen = sorted(
        (c for c in candidates if c.votes is not None and c.votes * 2 > attending),
        key=lambda c: -(c.votes or 0),
    )
    tied: list[ev.Candidate] = []
    if seats is not None and len(chosen) > seats > 0:
        line = chosen[seats].votes
        if chosen[seats - 1].votes == line:
            tied = [c for c in chosen if c.votes == line]
        chosen = [c for c in chosen[:seats] if c not in tied]
    return tuple(c.person for c in chosen), tuple(c.person for c in tied)


def elected_of(ballot: ev.Ballot) -> tuple[Who, ...]:
    """Return who is elected by the numbers as they stand now: nobody in a void election."""
    if is_void(ballot):
        return ()
    candidates = ballot.candidates or ()
    if any(c.votes is not None for c in candidates):
        chosen = winners(candidates, ballot.attending, ballot.seats)[0]
    else:
        chosen = ballot.elected or ()
    unfit = _unfit(ballot)
    return tuple(who for who in chosen if who.label not in unfit)


def posts_given(ballot: ev.Ballot) -> tuple[ev.Post, ...]:
    """Return the posts an election gave: to the elected, those without a named post as members.

    None to a candidate whose votes did not elect them, or to someone who could not be elected.
    """
    if is_void(ballot):
        return ()
    elected, unfit = elected_of(ballot), _unfit(ballot)
    lost = {c.person for c in ballot.candidates or () if c.votes is not None} - set(elected)
    posts = tuple(
        post for post in ballot.posts or () if post.person.label not in unfit and post.person not in lost
    )
    named = {post.person for post in posts}
    return posts + tuple(ev.Post(who, MEMBER) for who in elected if who not in named)


def _unfit(ballot: ev.Ballot) -> frozenset[str]:
    """Return the ids of those found without the right to be elected."""
    return frozenset(
        label
        for finding in ballot.findings
        if finding.rule == _RIGHTS and finding.verdict == Verdict.BLOCK
        for label in finding.facts.get("unfit", ())
        if label != "?"
    )
