"""附件: kept by hash, written whole or not at all, and checked."""

from pathlib import Path

import pytest

from workflows.adapters import attachments
from workflows.adapters.attachments import Attachments, hash_of
from workflows.kernel.errors import WrongUsage

HELLO = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "申请书.pdf"
    path.write_bytes(b"hello\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Attachments:
    return Attachments(tmp_path / "attachments")


def test_a_file_is_kept_under_its_hash_without_an_ending_for_its_owner_alone(
    paper: Path, folder: Attachments
) -> None:
    assert folder.keep(paper) == HELLO
    place = folder.path_of(HELLO)
    assert place.read_bytes() == b"hello\n"
    assert (place.suffix, place.stat().st_mode & 0o777) == ("", 0o600)
    assert folder.keep(paper) == HELLO
    assert [path.name for path in place.parent.iterdir()] == [HELLO]


def test_a_file_gone_and_a_file_changed_are_told(paper: Path, folder: Attachments) -> None:
    folder.keep(paper)
    assert folder.check([HELLO]).is_whole
    assert folder.check([HELLO, "ab" * 32]).missing == ("ab" * 32,)
    folder.path_of(HELLO).write_bytes(b"other")
    assert folder.check([HELLO]).changed == (HELLO,)


def test_a_file_that_was_changed_is_mended_by_keeping_it_again(paper: Path, folder: Attachments) -> None:
    folder.keep(paper)
    folder.path_of(HELLO).write_bytes(b"other")
    folder.keep(paper)
    assert folder.check([HELLO]).is_whole


@pytest.mark.parametrize(("content", "code"), [(b"", "paper-empty"), (b"12345", "paper-too-large")])
def test_nothing_and_too_much_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, code: str
) -> None:
    monkeypatch.setattr(attachments, "LARGEST_BYTES", 4)
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(WrongUsage) as refused:
        hash_of(path)
    assert refused.value.code == code


def test_a_folder_that_cannot_be_had_leaves_nothing_behind(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("a file stands in its place", "utf-8")
    with pytest.raises(WrongUsage) as refused:
        Attachments(tmp_path / "attachments").keep(paper)
    assert refused.value.code == "attachment-unwritable"
