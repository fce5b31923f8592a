"""``policy check``: the acts, steps and rules that a pack names and nobody knows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.kernel.errors import WrongUsage

if TYPE_CHECKING:
    from workflows.entrypoints.cli.frame import Frame
    from workflows.policies.pack import Pack


def strangers(pack: Pack, stories: Sequence[Path], frame: Frame) -> list[dict[str, Any]]:
    """Return a flaw for each act, step or rule that neither the pack knows nor those it is stacked with.

    Those are the packs that come with the program, and those that its stories name.
    """
    from workflows.adapters.packs import shipped
    from workflows.policies.chart import unknown_words

    say, listed = frame.wording.say, frame.wording.words.listed
    others = [one for one in (*shipped(), *_stacked_with(stories)) if one.id != pack.id]
    return [
        {
            "rule": told.place.rpartition(".")[0],
            "message": say("stranger", place=told.place, word=told.word)
            + (say("did_you_mean", words=listed(told.near)) if told.near else ""),
        }
        for told in unknown_words(pack, others)
    ]


def _stacked_with(stories: Sequence[Path]) -> Iterator[Pack]:
    """Yield the packs that stories name; what is wrong with a story or pack is told where it is played."""
    from workflows.adapters.packs import stacked

    for story in stories:
        with suppress(OSError, ValueError, WrongUsage):
            named = tomllib.loads(story.read_text("utf-8-sig")).get("packs", [])
            yield from stacked([name for name in named if isinstance(name, str)], story.parent)
