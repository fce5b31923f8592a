"""``policy check``: what a pack names and nobody knows, and what is hardly meant."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from workflows.entrypoints.cli.frame import Frame
    from workflows.policies.chart import Unknown
    from workflows.policies.pack import Pack


def strangers(pack: Pack, stories: Sequence[Path], frame: Frame) -> list[dict[str, Any]]:
    """Return a flaw for each act, step, rule, fact or activity that no pack and no command knows.

    The packs are those that come with the program, and those that its stories name.
    """
    from workflows.policies.chart import unknown_words

    return [
        {"rule": _rule_of(told), "message": _sentence(told, frame), "near": list(_near(told, frame))}
        for told in unknown_words(pack, _others(pack, stories))
    ]


def doubtful(pack: Pack, stories: Sequence[Path], frame: Frame) -> list[dict[str, Any]]:
    """Return what is allowed in a pack and hardly meant, in words; it is no reason to refuse the pack."""
    from workflows.policies.doubts import doubts

    words = frame.wording.words
    found = []
    for told in doubts(pack, _others(pack, stories)):
        category = {"unit": "unit", "kind": "rule_kind"}.get(told.code)
        facts = {
            k: words.word(category, v) if category and k in ("mine", "its") else v
            for k, v in told.facts.items()
        }
        facts |= {k: words.listed(v) for k, v in facts.items() if isinstance(v, list)}
        found.append(
            {"rule": told.rule, "message": frame.wording.say(f"doubt_{told.code}", rule=told.rule, **facts)}
        )
    return found


def _rule_of(told: Unknown) -> str:
    return told.place.removesuffix(".when").rpartition(".")[0]


def _sentence(told: Unknown, frame: Frame) -> str:
    wording = frame.wording
    code = "stranger" if told.what == "word" else f"unknown_{told.what}"
    more = {"choices": _meetings(frame)} if told.what == "activity" else {}
    text = wording.say(code, place=told.place, word=told.word, **more)
    near = _near(told, frame)
    return text + (wording.say("did_you_mean", words=wording.words.listed(near)) if near else "")


def _meetings(frame: Frame) -> str:
    from workflows.policies.acts import MEETINGS

    return frame.wording.choices(MEETINGS)


def _near(told: Unknown, frame: Frame) -> tuple[str, ...]:
    """Return the words probably meant: those that are called so in Chinese, else those written alike."""
    from workflows.policies.acts import ACTS, MEETINGS
    from workflows.policies.known_facts import FACTS

    known, category = {
        "fact": (FACTS, "fact"),
        "activity": (MEETINGS, "meeting"),
        "word": (ACTS, "command"),
        "refines": ((), "rule"),
    }[told.what]
    called = sorted(name for name in known if frame.wording.words.known(category, name) == told.word)
    return tuple(called) or told.near


def _others(pack: Pack, stories: Sequence[Path]) -> list[Pack]:
    from workflows.adapters.packs import shipped

    return [one for one in (*shipped(), *_stacked_with(stories)) if one.id != pack.id]


def _stacked_with(stories: Sequence[Path]) -> Iterator[Pack]:
    """Yield the packs that stories name; what is wrong with a story or pack is told where it is played."""
    from workflows.adapters.packs import stacked

    for story in stories:
        with suppress(OSError, ValueError, WrongUsage):
            named = tomllib.loads(story.read_text("utf-8-sig")).get("packs", [])
            yield from stacked([name for name in named if isinstance(name, str)], story.parent)


def gaps(pack: Pack) -> list[dict[str, Any]]:
    """Return the gaps and overlaps of bands and rates."""
    from workflows.policies.kinds import Bands, Rate

    found: list[dict[str, Any]] = []
    for rule in pack.own_rules:
        if isinstance(rule, Bands | Rate):
            for value in rule.values:
                for what, low, high in rule.flaws(value):
                    found.append({"rule": rule.id, "flaw": what, "from": low, "to": high})
    return found
