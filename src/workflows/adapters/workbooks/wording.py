"""The sentences of the importer, from ``sentences.toml``: a code and its facts to what the user reads."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def reason(code: str, facts: Mapping[str, object], lang: str = "zh") -> str:
    """Return what is wrong, or for a flag what was noticed; ``lang`` is ``zh`` or ``en``.

    Raises:
        KeyError: there is no such code, or a fact of its sentence is missing.
    """
    return _sentences()[code][lang][0].format_map(facts)


def remedy(code: str, facts: Mapping[str, object], lang: str = "zh") -> str:
    """Return what can be done about it; ``""`` where nothing need be done."""
    sentence = _sentences()[code][lang]
    return sentence[1].format_map(facts) if len(sentence) > 1 else ""


def codes() -> frozenset[str]:
    """Return every code that has a sentence."""
    return frozenset(_sentences())


@cache
def _sentences() -> dict[str, dict[str, list[str]]]:
    text = files("workflows.adapters.workbooks").joinpath("sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
