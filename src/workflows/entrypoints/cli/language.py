"""The language of the command line, and click's own words in Chinese.

click takes its words through gettext under the name ``_`` of each of its modules. A compiled catalogue would
have to be a file on the disk; so the name is given another function, which falls back on English.
"""

from __future__ import annotations

import gettext
import importlib
import os
import re
import tomllib
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from workflows.entrypoints.catalogue import Lang

_CLICK_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_language: ContextVar[Lang] = ContextVar("language", default="zh")


def language() -> Lang:
    """Return the language of this call."""
    return _language.get()


def choose(args: Sequence[str]) -> Lang:
    """Take the language from the arguments, else from ``ZHIBU_LANG``, else Chinese."""
    wanted = os.environ.get("ZHIBU_LANG", "zh")
    for at, arg in enumerate(args):
        if arg == "--":
            break
        if arg == "--lang" and at + 1 < len(args):
            wanted = args[at + 1]
        elif arg.startswith("--lang="):
            wanted = arg.removeprefix("--lang=")
    lang: Lang = "en" if wanted == "en" else "zh"
    _language.set(lang)
    return lang


@cache
def help_texts() -> dict[str, dict[str, list[str]]]:
    """Return the help texts (``command``, ``option``) and click's words (``click``)."""
    return tomllib.loads(files("workflows.entrypoints.cli").joinpath("help.toml").read_text(encoding="utf-8"))


def help_for(section: str, key: str) -> str:
    """Return the help of a command or an option in the language of this call; ``""`` where there is none."""
    return help_texts()[section].get(key, ["", ""])[0 if language() == "zh" else 1]


class _Pointed(str):
    """A sentence into which click puts an English-pointed message: formatted, it is pointed as in Chinese."""

    __slots__ = ()

    def format(self, *args: object, **facts: object) -> str:
        """Return the sentence with its message pointed as in Chinese."""
        told = {key: pointed(str(value)) if key == "message" else value for key, value in facts.items()}
        return super().format(*args, **told)


def pointed(message: str) -> str:
    """Return a message of click with Chinese punctuation; what stands in “quotes” is the user's and stays."""
    pieces = re.split(r"(“[^”]*”)", message)
    pieces[::2] = [_FOR_QUOTED.sub(r"\1", _BETWEEN_QUOTED.sub("、", piece)) for piece in pieces[::2]]
    text = re.sub(r"^(缺少[^.。]*)\.", r"\1。", "".join(pieces))
    return text.replace("。 （", "。（").replace("。 是不是", "。是不是")


_BETWEEN_QUOTED = re.compile(r"(?<='), (?=')")
_FOR_QUOTED = re.compile(r"'([^'\s]*)'")


def _translated(text: str) -> str:
    if language() == "zh":
        known = help_texts()["click"].get(text)
        if known:
            return _Pointed(known[0]) if "{message}" in known[0] else known[0]
    return gettext.gettext(text)


def _translated_number(one: str, many: str, count: int) -> str:
    if language() == "zh":
        known = help_texts()["click"].get(one if count == 1 else many)
        if known:
            return known[0]
    return gettext.ngettext(one, many, count)


def teach_click() -> None:
    """Make click speak the language of the call."""
    words: dict[str, Callable[..., str]] = {"_": _translated, "ngettext": _translated_number}
    for name in _CLICK_MODULES:
        module = importlib.import_module(f"click.{name}")
        for word, function in words.items():
            if hasattr(module, word):
                setattr(module, word, function)
