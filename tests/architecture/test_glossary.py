"""Every public class of the domain stands in the glossary: a new term is written there before it is used."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

import workflows.domain
from workflows.application.commands import commands
from workflows.domain.act import Command
from workflows.domain.stages import Stage
from workflows.kernel.events import Event

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


@cache
def in_code() -> frozenset[str]:
    """Return every identifier that the glossary sets as code."""
    return frozenset(re.findall(r"`([A-Za-z_]+)`", GLOSSARY.read_text("utf-8")))


def public_classes() -> Iterator[type]:
    for found in pkgutil.walk_packages(workflows.domain.__path__, "workflows.domain."):
        for name, thing in vars(importlib.import_module(found.name)).items():
            if inspect.isclass(thing) and thing.__module__ == found.name and not name.startswith("_"):
                yield thing


CLASSES = sorted({kind.__name__: kind for kind in public_classes()}.items())


@pytest.mark.parametrize(("name", "kind"), CLASSES, ids=[name for name, _ in CLASSES])
def test_a_public_class_of_the_domain_is_in_the_glossary(name: str, kind: type) -> None:
    assert name in in_code(), f"{kind.__module__}.{name}: write its Chinese term into docs/glossary.md"


def test_the_domain_has_classes_to_look_for() -> None:
    assert sum(issubclass(kind, Command) for _, kind in CLASSES) >= len(commands())
    assert sum(issubclass(kind, Event) for _, kind in CLASSES) >= len(commands())


def test_a_command_stands_in_the_glossary_under_its_public_name() -> None:
    assert set(commands()) <= in_code()


def test_a_stage_stands_in_the_glossary_under_the_word_that_users_read() -> None:
    text = GLOSSARY.read_text("utf-8")
    words = tomllib.loads((files("workflows.entrypoints") / "words.toml").read_text("utf-8"))["stage"]
    for stage in Stage:
        assert f"{words[stage.value]} | `{stage.value}`" in text, stage


def test_the_glossary_names_nothing_that_is_gone() -> None:
    """A class named beside its command is one that there is."""
    known = {name for name, _ in CLASSES}
    named = re.findall(r"^\| [^|]* \| [^|]* \| `([a-z_]+)` \| `(\w+)` \|", GLOSSARY.read_text("utf-8"), re.M)
    assert len(named) > 30
    for verb, name in named:
        assert name in known, name
        assert verb in commands(), verb
