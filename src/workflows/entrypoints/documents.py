"""公文: an official paper in Word, filled from a template; what is heavy is imported when one is made."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Literal, TypedDict

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE = "bulletin.docx"
_NOT_IN_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
"""What no XML text may hold, or what the template would take for a break of line or page."""


class Block(TypedDict, total=False):
    """A part of a section: a paragraph, a heading below its own, or a table.

    ``heads`` are those of the four columns of a table, whose third is the widest; of one that is ``led`` the
    first is wide as well.
    """

    kind: Literal["text", "head", "table", "led"]
    text: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


class Section(TypedDict):
    """A section with its heading, which is numbered."""

    head: str
    blocks: list[Block]


class Paper(TypedDict):
    """What the template asks for; "" leaves a line out."""

    title: str
    to: str
    opening: Sequence[str]
    sections: Sequence[Section]
    issuer: str
    issued_on: str
    note: str


def as_docx(paper: Paper) -> bytes:
    """Return a paper as a Word document; every text stands in it as it is, but for what XML cannot hold."""
    from docxtpl import DocxTemplate
    from jinja2 import Environment, StrictUndefined

    template = DocxTemplate(io.BytesIO(template_bytes()))
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template.render(_clean(paper), environment)
    template.docx.core_properties.title = _clean(paper["title"])
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def template_bytes() -> bytes:
    """Return the template as it is shipped."""
    return files("workflows.entrypoints").joinpath("papers", TEMPLATE).read_bytes()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_IN_XML.sub(" ", value).strip()
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value]
