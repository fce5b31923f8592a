"""The sentences of the importer, from ``sentences.toml``: a code and its facts to what the user reads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files


def reason(code: str, facts: Mapping[str, object], lang: str = "zh") -> str:
    """Return what is wrong, or for a flag what was noticed; ``lang`` is ``zh`` or ``en``.

    Raises:
        KeyError: there is no such code, or a fact of its sentence is missing.
    """
    return _sentences()[code][lang][0].format_map(_said(facts, lang))


def remedy(code: str, facts: Mapping[str, object], lang: str = "zh") -> str:
    """Return what can be done about it; ``""`` where nothing need be done."""
    sentence = _sentences()[code][lang]
    return sentence[1].format_map(_said(facts, lang)) if len(sentence) > 1 else ""


def templates(code: str, lang: str = "zh") -> list[str]:
    """Return the sentences of a code as they are written, their facts not yet put in."""
    return list(_sentences()[code][lang])


def codes() -> frozenset[str]:
    """Return every code that has a sentence."""
    return frozenset(_sentences())


def _said(facts: Mapping[str, object], lang: str) -> Mapping[str, object]:
    return _Said(facts, "（空）" if lang == "zh" else "(nothing)")


class _Said(Mapping[str, object]):
    """Facts with a word for each that is empty: no sentence has a gap in it."""

    def __init__(self, facts: Mapping[str, object], empty: str) -> None:
        self._facts, self._empty = facts, empty

    def __getitem__(self, name: str) -> object:
        value = self._facts[name]
        return self._empty if value is None or not str(value).strip() else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


@cache
def _sentences() -> dict[str, dict[str, list[str]]]:
    text = files("workflows.adapters.workbooks").joinpath("sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
