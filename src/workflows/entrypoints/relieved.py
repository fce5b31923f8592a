"""豁免、暂缓: the sentences that tell who let something pass, until when and by which paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.entrypoints.catalogue import Catalogue


def waived(words: Catalogue, waiver: Mapping[str, Any]) -> str:
    """Return the sentence told beside a finding that is waived; ``waiver`` is in JSON form."""
    told = {name: waiver[name] for name in ("until", "authority", "document")}
    text = words.sentence("relief", "waived", since=waiver["on"], **told)
    return f"{text}。" if words.lang == "zh" else f" {text}."


def resting(
    words: Catalogue, row: Mapping[str, Any], by: Mapping[str, Any], who: str = "", what: str = ""
) -> str:
    """Return what lets the limit of a row rest: ``by`` a waiver or a hold, both in JSON form."""
    head = f"{who}的{what}" if words.lang == "zh" and who and what else " ".join(filter(None, (who, what)))
    told = {name: by[name] or "" for name in ("until", "authority", "document", "reason")}
    text = words.sentence("resting", by["form"] if by["until"] else "held_open", due_on=row["due_on"], **told)
    return f"{head}{'' if words.lang == 'zh' else ' '}{text}".strip()


def waiver_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the waiver by which a duty asks nothing in a period, {} where there is none."""
    if cell["verdict"] != "exempt" or cell["facts"].get("exempt") != "waived":
        return {}
    return next((relief for relief in reversed(cell["reliefs"]) if relief["form"] == "waived"), {})
