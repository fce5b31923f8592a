"""What the facts say of a point of a list, in words: of each unit, and in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.web.lights import Light

STATES = {
    "fulfilled": ("ok", "做到了"), "not_fulfilled": ("over", "没有做到"), "not_asked": ("free", "不要求"),
}  # fmt: skip
WHY = {
    "by_hand": "由人看", "partly": "账上有的做到了，其余由人看", "pending": "还没有到期", "refer": "由人判断",
    "late": "做晚了", "nothing_told": "账上没有", "rule_unknown": "规定这一天不在执行",
}  # fmt: skip
MOST_NAMED = 3


def light_of(facts: Mapping[str, Any]) -> Light:
    """Return what the facts of one unit come to."""
    if facts["state"] in STATES:
        shape, told = STATES[facts["state"]]
        often = f" {facts['times']} 次" if facts["state"] == "not_fulfilled" and facts["times"] > 1 else ""
        return Light(shape, told + often)
    return Light("refer" if facts["why"] in ("refer", "late") else "no", WHY.get(facts["why"], "由人看"))


def in_short(facts: Sequence[Mapping[str, Any]]) -> str:
    """Return in one line what the facts of the units come to, those wanting by name."""
    if len(facts) == 1:
        return light_of(facts[0]).text
    wanting = [one["unit"] for one in facts if one["state"] == "not_fulfilled"]
    done = sum(one["state"] == "fulfilled" for one in facts)
    named = "、".join(wanting[:MOST_NAMED]) + ("等" if len(wanting) > MOST_NAMED else "")
    parts = [f"{done} 个做到了"] if done else []
    parts += [f"{len(wanting)} 个没有做到（{named}）"] if wanting else []
    rest = len(facts) - done - len(wanting)
    return "，".join([*parts, *([f"{rest} 个由人看"] if rest else [])])
