"""Texts of a workbook, shared and inline, without their formats (文本).

Read here and not by openpyxl, which builds half a dozen objects for each text: a file of nothing but short
texts takes it three to four times as long.
"""

from __future__ import annotations

import re
from typing import IO, Any
from xml.etree.ElementTree import iterparse

from openpyxl.xml.constants import SHEET_MAIN_NS

from workflows.adapters.workbooks.limits import Limits
from workflows.adapters.workbooks.refusal import UnreadableFile

_ITEM = f"{{{SHEET_MAIN_NS}}}si"
_TEXT = f"{{{SHEET_MAIN_NS}}}t"
_RUN = f"{{{SHEET_MAIN_NS}}}r"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)


def read_shared_strings(source: IO[bytes], limits: Limits) -> list[str]:
    """Return the texts of ``xl/sharedStrings.xml`` in their order.

    Raises:
        UnreadableFile: there are more than ``limits.strings``.
    """
    texts: list[str] = []
    # The guard has refused every document type, and defusedxml would run this parser in Python.
    for _event, element in iterparse(source):  # noqa: S314
        if element.tag == _ITEM:
            texts.append(text_of(element))
            element.clear()
            if len(texts) > limits.strings:
                raise UnreadableFile("too-many-strings", limit=limits.strings)
    return texts


def text_of(item: Any) -> str:
    """Return the text of an ``si`` or ``is`` element without its phonetic runs (how it is read aloud)."""
    text = "".join(
        part.text or ""
        for child in item
        for part in ((child,) if child.tag == _TEXT else child.findall(_TEXT) if child.tag == _RUN else ())
    )
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return escape[0] if code in _SURROGATES else chr(code)
