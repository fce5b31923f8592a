"""Which cases a county has, for the pages that tell of any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from workflows.application.ports import FileEntry, Log
from workflows.entrypoints.masking import mask_text


class KnownCases:
    """The cases of a county, read only when a page asks for one."""

    def __init__(self, log: Log) -> None:
        self._log = log

    @cached_property
    def files(self) -> Mapping[str, FileEntry]:
        """The cases of the county by their ids."""
        with self._log.read() as reading:
            return {str(one.id): one for one in reading.directory.files()}

    @cached_property
    def file_named(self) -> Mapping[tuple[str, str], FileEntry]:
        """The same by their units and what they are called, masked."""
        return {(str(one.unit_id), mask_text(one.subject)): one for one in self.files.values()}
