"""The message catalogue: every word and sentence a user reads, from ``words.toml`` and ``messages.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from workflows.adapters.period_told import period_told

Lang = Literal["zh", "en"]


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("workflows.entrypoints").joinpath(name).read_text(encoding="utf-8"))


def problem_codes() -> frozenset[str]:
    """Return every code of a problem that has sentences."""
    return frozenset(_table("messages.toml")["problem"])


def problem_parts(code: str) -> dict[str, list[str]]:
    """Return the three parts of a problem as written, by language."""
    found: dict[str, list[str]] = _table("messages.toml")["problem"][code]
    return found


_COUNTED = "day|month|quarter|year|hour|minute|place|row|remark|event|unit|period|step|rule|note|flaw|record"
_ONE_OF_MANY = re.compile(rf"(?<![\w.,:/×-])1 ((?:\w+ )?(?:{_COUNTED}))s\b")


class Catalogue:
    """Words and sentences of one language.

    A word nobody wrote down is, in English, the identifier taken apart; in Chinese ``known`` says None and
    ``word`` falls back on the identifier, which a test keeps from happening.
    """

    def __init__(self, lang: Lang = "zh") -> None:
        self.lang = lang
        self._at = 0 if lang == "zh" else 1

    def known(self, category: str, key: str) -> str | None:
        """Return the word for an identifier, None where there is none."""
        words = _table("words.toml")
        if self.lang == "zh":
            found = words.get(category, {}).get(key)
        else:
            found = words["en"].get(category, {}).get(key)
            if found is None and key in words.get(category, {}):
                found = apart(key)
        return None if found is None else str(found)

    def word(self, category: str, key: str) -> str:
        """Return the word for an identifier of a category (``stage``, ``meeting``, ``fact`` …)."""
        return self.known(category, key) or apart(key)

    def kind(self, kind: str | None) -> str:
        """Return the word for a kind of unit, or that nobody wrote it down."""
        return self.word("kind", kind) if kind else self.sentence("say", "kind_untold")

    def any_word(self, key: str, *categories: str) -> str | None:
        """Return the word of the first category that knows the identifier."""
        return next((word for name in categories if (word := self.known(name, key))), None)

    def field(self, name: str, command: str = "") -> str | None:
        """Return the word for a field, that of the command it belongs to where there is one (``fact``)."""
        own = _table("words.toml")["fact"].get(f"{command}.{name}") if self.lang == "zh" else None
        return str(own) if own else self.any_word(name, "fact", "column")

    def bracketed(self, text: str) -> str:
        """Return a text in brackets, "" for none."""
        return "" if not text else f"（{text}）" if self.lang == "zh" else f" ({text})"

    def sentence(self, section: str, key: str, **facts: Any) -> str:
        """Return a sentence filled with facts."""
        return self.numbered(
            str(_table("messages.toml")[section][key][self._at]).format_map(self._told(facts))
        )

    def _told(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return facts as a sentence says them: in Chinese a month or a quarter in words."""
        if self.lang != "zh":
            return facts
        return {name: period_told(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}

    def numbered(self, text: str) -> str:
        """Return a text with its English nouns of number agreeing: ``1 month``, ``2 months``."""
        return text if self.lang == "zh" else _ONE_OF_MANY.sub(r"1 \1", text)

    def has(self, section: str, key: str) -> bool:
        """Say whether there is such a sentence."""
        return key in _table("messages.toml")[section]

    def problem(self, code: str, facts: Mapping[str, Any]) -> tuple[str, str, str]:
        """Return the three parts for a problem: what, why, what can be done; one that lacks a fact is "".

        Raises:
            KeyError: there is no such code.
        """
        parts = _table("messages.toml")["problem"][code][self.lang]
        what, why, remedy = (self.numbered(_filled(part, self._told(facts))) for part in parts)
        return what, why, remedy

    def listed(self, items: Iterable[str]) -> str:
        """Return items as one lists them in a sentence."""
        return "、".join(map(period_told, items)) if self.lang == "zh" else ", ".join(items)

    def joined(self, head: str, body: str, clause: str, remedy: str) -> str:
        """Return the three parts as sentences, the clause behind the facts."""
        if self.lang == "zh":
            cited = f"（{clause}）" if clause else ""
            first = f"{head}：{body}{cited}。" if body else f"{head}{cited}。"
            return first + (f"{remedy}。" if remedy else "")
        cited = f" ({clause})" if clause else ""
        first = f"{head}: {body}{cited}." if body else f"{head}{cited}."
        return first + (f" {remedy}." if remedy else "")


def apart(identifier: str) -> str:
    """Return an identifier as words: ``MeetingHeld`` and ``meeting_held`` become ``meeting held``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", identifier).replace("_", " ").lower()


def _filled(template: str, facts: Mapping[str, Any]) -> str:
    try:
        return template.format_map(facts)
    except (KeyError, IndexError):
        return ""
