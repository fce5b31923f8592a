"""Templates: strict about names, escaped, one file for the page and for the part of it that is swapped."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2_fragments import render_block

from workflows.entrypoints.web.words import kind_word, with_days, word

STATIC = "/static"
HASH_LENGTH = 12


@cache
def asset(name: str) -> str:
    """Return the address of a static file, with its hash: a new file is a new address."""
    told = sha256(static_file(name)).hexdigest()[:HASH_LENGTH]
    return f"{STATIC}/{name}?v={told}"


def static_file(name: str) -> bytes:
    """Return the bytes of a static file."""
    return (files("workflows.entrypoints.web") / "static" / name).read_bytes()


@cache
def templates() -> Environment:
    """Return the templates of the pages."""
    environment = Environment(
        loader=PackageLoader("workflows.entrypoints.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_days"] = with_days
    environment.globals["asset"] = asset
    environment.globals["word"] = word
    environment.globals["kind_word"] = kind_word
    return environment


def page(template: str, block: str | None = None, /, **told: Any) -> str:
    """Return a page, or one block of it where only that part is swapped."""
    if block is not None:
        return render_block(templates(), template, block, **told)
    return templates().get_template(template).render(**told)
