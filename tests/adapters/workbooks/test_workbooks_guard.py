"""Hostile and foreign files: each gets an answer of its own before any parser sees it."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from dataclasses import replace

import pytest

from tests.adapters.workbooks.making import ROSTER, book, member, refusal, repacked, shared_book
from workflows.adapters.workbooks.guard import inspect
from workflows.adapters.workbooks.limits import STANDARD
from workflows.adapters.workbooks.refusal import UnreadableFile

GOOD = book({"党员花名册": [ROSTER, member()]})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId9" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="http://203.0.113.9/x" {mode}/></Relationships>'
)


def _relation(kind: str, mode: str = 'TargetMode="External"') -> bytes:
    return RELATION.format(kind=kind, mode=mode).encode()


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def test_a_good_workbook_passes_and_is_left_at_its_beginning() -> None:
    file = io.BytesIO(GOOD)
    inspected = inspect(file, "花名册.xlsx")
    assert (inspected.kind, inspected.size, file.tell()) == ("xlsx", len(GOOD), 0)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.xlsx", "file-empty"),
        (OLE + _wide("EncryptedPackage"), "加密.xlsx", "file-encrypted"),
        (OLE + bytes(70_000) + _wide("EncryptedPackage"), "加密.xlsx", "file-encrypted"),
        (OLE + _wide("Workbook"), "旧.xls", "file-old-xls"),
        (OLE + _wide("WordDocument"), "文.doc", "file-foreign"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "网页.xlsx", "file-html"),
        ("\ufeff<HTML xmlns:x='urn'>".encode("utf-16"), "网页.xls", "file-html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页.xls", "file-html"),
        (b'<?xml version="1.0"?><Workbook/>', "旧.xls", "file-xml"),
        ("姓名,性别\n李明,男\n".encode(), "文本.xlsx", "file-text-named"),
        ("姓名,性别\n李明,男\n".encode(), "文本.xls", "file-text-named"),
        (b"# zhibu\n", "README.md", "file-text-foreign"),
        (b"%PDF-1.7", "文.pdf", "file-foreign"),
        (b"\x89PNG\r\n", "图.xlsx", "file-foreign"),
        (b"PK\x03\x04 broken", "坏.xlsx", "zip-broken"),
        (GOOD[: len(GOOD) // 2], "半.xlsx", "zip-broken"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(content: bytes, name: str, code: str) -> None:
    assert refusal(content, name) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "part-macro"),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "part-macro"),
        ({"xl/externalLinks/externalLink1.xml": b"<ddeLink/>"}, "part-external-link"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "part-embedded"),
        ({"xl/activeX/activeX1.xml": b"<x/>"}, "part-embedded"),
        ({"xl/connections.xml": b"<x/>"}, "part-connection"),
        ({RELATIONS: _relation("attachedTemplate")}, "part-external-target"),
        ({RELATIONS: _relation("image", 'TargetMode="&#69;xternal"')}, "part-external-target"),
        ({RELATIONS: _relation("hyperlink")}, ""),
        ({RELATIONS: _relation("printerSettings", "")}, ""),
        ({RELATIONS: b"<Relationships><broken"}, "zip-broken"),
        ({"../../evil.xml": b"<x/>"}, "zip-path"),
        ({"/etc/passwd": b"x"}, "zip-path"),
        ({"xl\\evil.xml": b"x"}, "zip-path"),
        ({"C:/evil.xml": b"x"}, "zip-path"),
        ({"x" * 300: b"x"}, "zip-path"),
        ({"XL/WORKBOOK.XML": b"<x/>"}, "zip-names"),
        ({STRINGS: b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "b">]><sst/>'}, "xml-dtd"),
        ({STRINGS: b"<sst>" + b" " * (65_536 - 9) + b"<!DOCTYPE x></sst>"}, "xml-dtd"),
        ({"xl/media/image1.png": b'<?xml version="1.0"?><!DOCTYPE sst []><sst/>'}, "xml-dtd"),
        ({STRINGS: "\ufeff<sst/>".encode("utf-16")}, "xml-encoding"),
        ({STRINGS: "<sst/>".encode("utf-16-le")}, "xml-encoding"),
        ({STRINGS: b'<?xml version="1.0" encoding="cp037"?><sst/>'}, "xml-encoding"),
        ({STRINGS: b'<?xml version="1.0" encoding="UTF-16"?><sst/>'}, "xml-encoding"),
        ({"[Content_Types].xml": None}, "file-not-workbook"),
        ({"xl/workbook.bin": b"x"}, "file-xlsb"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}, "file-ods"),
        (
            {"[Content_Types].xml": lambda part: part.replace(b"sheet.main", b"sheet.macroEnabled.main")},
            "part-macro",
        ),
        (
            {
                "xl/workbook.xml": lambda part: part.replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                )
            },
            "file-strict",
        ),
    ],
)
def test_parts_that_a_list_never_needs_are_refused(changes: dict[str, bytes], code: str) -> None:
    assert refusal(repacked(GOOD, changes)) == code


def test_a_file_larger_than_allowed_is_refused() -> None:
    assert refusal(GOOD, limits=replace(STANDARD, file_bytes=1000)) == "file-too-large"


def test_too_many_entries_are_refused() -> None:
    assert refusal(repacked(GOOD, {f"xl/x{at}.xml": b"<x/>" for at in range(250)})) == "zip-entries"


def test_a_bomb_is_refused_by_what_it_declares_within_a_second() -> None:
    bomb = repacked(GOOD, {SHEET: b"<x>" + bytes(210 << 20)})
    assert len(bomb) < 1 << 20
    began = time.process_time()
    with pytest.raises(UnreadableFile, match="zip-unpacked"):
        inspect(io.BytesIO(bomb), "x.xlsx")
    assert time.process_time() - began < 1


def test_a_bomb_that_declares_little_is_refused_by_what_it_unpacks_to() -> None:
    honest = repacked(GOOD, {SHEET: b"<x>" + b" " * 5_000_000})
    lying = honest.replace(struct.pack("<L", 5_000_003), struct.pack("<L", 100))
    assert lying != honest
    assert refusal(lying) == "zip-lies"


def test_a_part_whose_checksum_fails_is_refused() -> None:
    crc = zlib.crc32(zipfile.ZipFile(io.BytesIO(GOOD)).read(SHEET))
    assert refusal(GOOD.replace(struct.pack("<L", crc), struct.pack("<L", crc ^ 1))) == "zip-lies"


def test_entries_that_share_one_stream_are_refused() -> None:
    archive = bytearray(repacked(GOOD, {"xl/a.xml": b"<x/>" * 9, "xl/b.xml": b"<x/>" * 9}))
    at = archive.rindex(b"xl/b.xml") - 46
    other = archive.rindex(b"xl/a.xml") - 46
    archive[at + 42 : at + 46] = archive[other + 42 : other + 46]
    assert refusal(bytes(archive)) == "zip-overlap"


def test_an_encrypted_entry_is_called_encrypted() -> None:
    archive = bytearray(GOOD)
    at = archive.index(b"PK\x01\x02")
    archive[at + 8] |= 1
    assert refusal(bytes(archive)) == "file-encrypted"


def test_shared_strings_have_a_bound_of_their_own() -> None:
    strings = b"<sst xmlns='x'>" + b"<si><t>a</t></si>" * 70_000 + b"</sst>"
    bomb = repacked(shared_book("党员花名册", [ROSTER]), {STRINGS: strings})
    assert refusal(bomb, limits=replace(STANDARD, shared_strings_bytes=1 << 20)) == "zip-strings"


def test_text_under_another_name_is_read_when_no_name_is_known() -> None:
    content = f"{','.join(ROSTER)}\n李明,男,1980-05-06,,2001-07-01,2002-07-01,甲村党支部,\n".encode()
    assert inspect(io.BytesIO(content)).kind == "csv"
    assert refusal(content, "党员花名册.csv") == ""
