"""Who someone is, as the acts of their stream tell it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from workflows.domain.act import OnBooks
from workflows.domain.person import events as ev
from workflows.kernel.events import Event


def profile_of(acts: tuple[OnBooks, ...]) -> ev.Profile:
    """Return who someone is by what these acts told, the newest word of each."""
    profile = ev.Profile()
    for act in acts:
        profile = profile_after(act, profile)
    return profile


def profile_after(act: OnBooks, profile: ev.Profile) -> ev.Profile:
    """Return who someone is after an act; that of a merged stream only adds what was not known."""
    given = getattr(act.event, "profile", None)
    if given is None:
        return profile
    return _merged(given, profile) if act.is_joined else _merged(profile, given)


def names_in(events: Iterable[Event]) -> tuple[str, ...]:
    """Return the names by which these events call someone, each once."""
    profiles = (getattr(event, "profile", None) for event in events)
    return tuple(dict.fromkeys(one.name for one in profiles if one is not None and one.name))


def _merged(old: ev.Profile, new: ev.Profile) -> ev.Profile:
    if new.born_on is not None:
        old = replace(old, born_approx=None)
    return replace(old, **{k: v for k in new.__struct_fields__ if (v := getattr(new, k)) is not None})
