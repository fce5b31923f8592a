"""The guard before every parser: what a file may not be or hold is refused while it is still bytes (预检).

Nothing is unpacked to disk or kept: each part of the archive is inflated once, 64 KB at a time, by our own
loop, since ``zipfile`` trusts the size that the archive declares.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from workflows.adapters.workbooks.limits import STANDARD, Limits
from workflows.adapters.workbooks.parts import MarkupScan, check_names, check_part_set, check_relationships
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.sniff import FileKind, file_kind

_CHUNK = 64 << 10
_LOCAL_HEADER = b"PK\x03\x04"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED_FLAG = 0x1
_UTF8_FLAG = 0x800


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be given to a parser; ``fingerprint`` is the SHA-256 of its bytes, in hexadecimal."""

    kind: FileKind
    fingerprint: str
    size: int


def inspect(file: BinaryIO, name: str = "", limits: Limits = STANDARD) -> Inspected:
    """Look through ``file`` (binary, seekable) without parsing it; leaves it at its beginning.

    ``name`` is the user's file name, as far as known. A workbook may have cell hyperlinks (nothing follows
    them), but no other relation to anything outside.

    Raises:
        UnreadableFile: the file is too large, is no workbook, or holds what a list of people never needs:
            entries that lie about their size or overlap, doubled or roaming names, a document type, macros,
            links to other workbooks, embedded objects.
    """
    size, fingerprint = _measure(file, limits)
    kind = file_kind(file, name)
    if kind == "xlsx":
        _inspect_archive(file, size, limits)
    file.seek(0)
    return Inspected(kind, fingerprint, size)


def _measure(file: BinaryIO, limits: Limits) -> tuple[int, str]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > limits.file_bytes:
            raise UnreadableFile("file-too-large", limit_mb=limits.file_bytes >> 20)
        digest.update(chunk)
    return size, digest.hexdigest()


def _inspect_archive(file: BinaryIO, size: int, limits: Limits) -> None:
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableFile("zip-broken") from error
    if len(entries) > limits.entries:
        raise UnreadableFile("zip-entries", count=len(entries), limit=limits.entries)
    check_names([entry.orig_filename for entry in entries])
    check_part_set({entry.orig_filename.lower() for entry in entries})
    _check_declared(entries, size, limits)
    unpacked = 0
    for entry in entries:
        unpacked += _inspect_entry(file, entry, limits.unpacked_bytes - unpacked, limits)


def _check_declared(entries: list[ZipInfo], size: int, limits: Limits) -> None:
    """Refuse on what the directory says, before a single byte is inflated."""
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise UnreadableFile("zip-unpacked", limit_mb=limits.unpacked_bytes >> 20)
    end_before = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise UnreadableFile("file-encrypted")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise UnreadableFile("zip-broken")
        if entry.header_offset < end_before:
            raise UnreadableFile("zip-overlap")
        end_before = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
        if end_before > size:
            raise UnreadableFile("zip-broken")
        strings = entry.orig_filename.lower().endswith("sharedstrings.xml")
        if strings and entry.file_size > limits.shared_strings_bytes:
            raise UnreadableFile("zip-strings", limit_mb=limits.shared_strings_bytes >> 20)


def _inspect_entry(file: BinaryIO, entry: ZipInfo, allowance: int, limits: Limits) -> int:
    """Inflate one part, look for markup that may not be there, and return its real size in bytes."""
    name = entry.orig_filename.lower()
    scan = MarkupScan(name)
    relationships = bytearray() if name.endswith(".rels") else None
    count, checksum = 0, 0
    for chunk in _inflate(file, entry):
        count += len(chunk)
        if count > allowance:
            raise UnreadableFile("zip-unpacked", limit_mb=limits.unpacked_bytes >> 20)
        if count > entry.file_size:
            raise UnreadableFile("zip-lies")
        checksum = zlib.crc32(chunk, checksum)
        scan.feed(chunk)
        if relationships is not None:
            relationships += chunk
            if len(relationships) > limits.relationships_bytes:
                raise UnreadableFile("zip-broken")
    if count != entry.file_size or checksum != entry.CRC:
        raise UnreadableFile("zip-lies")
    scan.close()
    if relationships is not None:
        check_relationships(bytes(relationships))
    return count


def _inflate(file: BinaryIO, entry: ZipInfo) -> Iterator[bytes]:
    """Yield the part as it really unpacks, at most 64 KB at a time, whatever its headers declare."""
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER_BYTES)
    if len(header) < _LOCAL_HEADER_BYTES or not header.startswith(_LOCAL_HEADER):
        raise UnreadableFile("zip-broken")
    name_length = int.from_bytes(header[26:28], "little")
    extra_length = int.from_bytes(header[28:30], "little")
    encoding = "utf-8" if entry.flag_bits & _UTF8_FLAG else "cp437"
    if file.read(name_length).decode(encoding, "replace") != entry.orig_filename:
        raise UnreadableFile("zip-broken")
    file.seek(extra_length, 1)
    packed = entry.compress_size
    inflater = None if entry.compress_type == ZIP_STORED else zlib.decompressobj(-zlib.MAX_WBITS)
    while packed > 0:
        raw = file.read(min(_CHUNK, packed))
        if not raw:
            raise UnreadableFile("zip-broken")
        packed -= len(raw)
        if inflater is None:
            yield raw
            continue
        try:
            while raw:
                yield inflater.decompress(raw, _CHUNK)
                raw = inflater.unconsumed_tail
        except zlib.error as error:
            raise UnreadableFile("zip-broken") from error
    if inflater is not None:
        yield from _rest(inflater)


def _rest(inflater: zlib._Decompress) -> Iterator[bytes]:
    """Yield what the inflater still holds back; a stream without an end is broken."""
    while not inflater.eof:
        try:
            more = inflater.decompress(b"", _CHUNK)
        except zlib.error as error:
            raise UnreadableFile("zip-broken") from error
        if not more:
            raise UnreadableFile("zip-broken")
        yield more
    if inflater.unused_data:
        raise UnreadableFile("zip-broken")
