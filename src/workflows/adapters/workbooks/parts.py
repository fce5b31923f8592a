"""What the parts of a workbook archive may be called, hold and point to (压缩包内的部件)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.parsers import expat

from workflows.adapters.workbooks.refusal import UnreadableFile

_NAME_CHARACTERS = 255
_DRIVE = re.compile(r"^[A-Za-z]:")
_MARKUP_SUFFIXES = (".xml", ".rels", ".vml", ".svg", ".xhtml")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")
_OVERLAP = 64  # longer than every word looked for
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_HEAD = 512
_UTF8_NAMES = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_UTF8_MARK = b"\xef\xbb\xbf"
_CONTENT_TYPES = "[content_types].xml"
_WORKBOOK = "xl/workbook.xml"
_PARTS = (
    (re.compile(r"vbaproject|vbadata|/macrosheets/|/dialogsheets/"), "part-macro"),
    (re.compile(r"/externallinks/"), "part-external-link"),
    (re.compile(r"/embeddings/|/activex/|oleobject|/ctrlprops/.*\.bin$"), "part-embedded"),
    (re.compile(r"/connections\.xml$|/querytables/|/webextensions/"), "part-connection"),
)
_MACRO_TYPES = (b"macroEnabled", b"vbaProject")


def check_names(names: list[str]) -> None:
    """Refuse names that leave the archive or stand in it twice (compared as Windows does, without case)."""
    for name in names:
        roams = name.startswith("/") or "\\" in name or _DRIVE.match(name) or ".." in name.split("/")
        if roams or not name or len(name) > _NAME_CHARACTERS or not name.isprintable():
            raise UnreadableFile("zip-path")
    if len({name.casefold() for name in names}) != len(names):
        raise UnreadableFile("zip-names")


def check_part_set(names: Iterable[str]) -> None:
    """Refuse an archive that is no workbook or has parts that a list never needs; ``names`` in lower case."""
    names = frozenset(names)
    for name in sorted(names):
        for pattern, code in _PARTS:
            if pattern.search(f"/{name}"):
                raise UnreadableFile(code)
    if "xl/workbook.bin" in names:
        raise UnreadableFile("file-xlsb")
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("file-ods")
    if _CONTENT_TYPES not in names or not any(
        name.startswith("xl/") and "workbook" in name for name in names
    ):
        raise UnreadableFile("file-not-workbook")


class MarkupScan:
    """Watches one part go by in chunks: no document type, no entity, no encoding but UTF-8.

    Every part that begins like markup is watched, whatever its name: a relation may call any part a sheet.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._named_markup = name.endswith(_MARKUP_SUFFIXES)
        self._head = b""
        self._markup: bool | None = None
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the part.

        Raises:
            UnreadableFile: ``xml-dtd``, ``xml-encoding``, ``part-macro`` or ``file-strict``.
        """
        if self._markup is None:
            self._head += chunk
            if len(self._head) < _HEAD:
                return
            chunk = self._head
            self._begin()
        if self._markup:
            self._look(chunk)

    def close(self) -> None:
        """Judge a part that was shorter than what ``feed`` waits for."""
        if self._markup is None:
            self._begin()
            if self._markup:
                self._look(self._head)

    def _begin(self) -> None:
        head = self._head
        text = head.removeprefix(_UTF8_MARK)
        wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] in (b"\x00\x00\xfe\xff", b"\x00\x00\x00<")
        wide = wide or head[:2] in (b"<\x00", b"\x00<")
        self._markup = self._named_markup or text.lstrip()[:1] == b"<" or wide
        if not self._markup:
            return
        declared = _DECLARATION.match(text.lstrip()[:_HEAD])
        known = declared is None or declared.group(1).lower() in _UTF8_NAMES
        if wide or not known or (text.strip() and text.lstrip()[:1] != b"<"):
            raise UnreadableFile("xml-encoding")

    def _look(self, chunk: bytes) -> None:
        window = self._tail + chunk
        if any(word in window for word in _FORBIDDEN):
            raise UnreadableFile("xml-dtd")
        if self._name == _CONTENT_TYPES and any(word in window for word in _MACRO_TYPES):
            raise UnreadableFile("part-macro")
        if self._name == _WORKBOOK and _STRICT in window:
            raise UnreadableFile("file-strict")
        self._tail = window[-_OVERLAP:]


def check_relationships(markup: bytes) -> None:
    """Refuse every relation to something outside, save the hyperlink of a cell, which nothing follows.

    ``markup`` has passed ``MarkupScan``, so that it has no document type and no entity to expand.
    """
    outside: list[str] = []

    def relation(_tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() == "external":
            outside.append(attributes.get("Type", ""))

    parser = expat.ParserCreate()
    parser.StartElementHandler = relation
    try:
        parser.Parse(markup, True)
    except expat.ExpatError as error:
        raise UnreadableFile("zip-broken") from error
    if not all(kind.endswith("/hyperlink") for kind in outside):
        raise UnreadableFile("part-external-target")
