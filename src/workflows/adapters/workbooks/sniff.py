"""What a file is, told by its bytes: every format we do not read gets an answer of its own (识别文件)."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import BinaryIO, Literal

from workflows.adapters.workbooks.refusal import UnreadableFile

FileKind = Literal["xlsx", "csv"]

_CHUNK = 64 << 10
_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_XLS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
_BOOK_SUFFIXES = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".et", ".ett", ".ods"})
"""A text under such a name was most likely exported as CSV and named wrongly."""
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ\x90",
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|script|div)\b", re.IGNORECASE)
_MIME = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def file_kind(file: BinaryIO, name: str) -> FileKind:
    """Return what ``file`` is; ``name`` (may be empty) only settles what its bytes leave open.

    Raises:
        UnreadableFile: empty, encrypted, an older or foreign format, or text under the name of a workbook.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise UnreadableFile("file-empty")
    if head.startswith(_OLE):
        raise UnreadableFile(_inside_ole(file))
    if head.startswith(b"PK"):
        return "xlsx"
    text = _ascii_view(head)
    if _HTML.search(text) or _MIME.search(text):
        raise UnreadableFile("file-html")
    if text.lstrip().startswith(b"<"):
        raise UnreadableFile("file-xml")
    if head.startswith(_BINARY):
        raise UnreadableFile("file-foreign")
    suffix = PurePath(name).suffix.lower()
    if suffix in _BOOK_SUFFIXES:
        raise UnreadableFile("file-text-named", suffix=suffix)
    if suffix and suffix not in _TEXT_SUFFIXES:
        raise UnreadableFile("file-text-foreign", suffix=suffix[:10])
    return "csv"


def _ascii_view(head: bytes) -> bytes:
    """Return the first bytes as one-byte text, whatever of UTF-8 or UTF-16 they are in."""
    if head.startswith(_UTF16):
        return head.decode("utf-16", errors="ignore").encode("utf-8", errors="ignore")
    return head.removeprefix(b"\xef\xbb\xbf")


def _inside_ole(file: BinaryIO) -> str:
    """Tell an encrypted workbook from an old .xls and from anything else in an OLE container."""
    file.seek(0)
    found, tail = "file-foreign", b""
    while chunk := file.read(_CHUNK):
        window = tail + chunk
        if _ENCRYPTED in window:
            return "file-encrypted"
        if any(stream in window for stream in _OLD_XLS):
            found = "file-old-xls"
        tail = window[-len(_ENCRYPTED) :]
    return found
