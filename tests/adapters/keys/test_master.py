"""The master key: made once, read by its owner only, never written over."""

import os
from pathlib import Path

import pytest

from workflows.adapters.keys import MasterKey
from workflows.adapters.keys.errors import KeyProblem


def test_a_key_is_made_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "config" / "master.key"
    made = MasterKey.make(path)
    assert MasterKey.load(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["master.key"]


def test_two_keys_differ_and_show_nothing(tmp_path: Path) -> None:
    one, other = MasterKey.new(), MasterKey.make(tmp_path / "master.key")
    assert one != other
    assert other.secret.hex() not in repr(other)
    assert str(other.secret) not in repr(other)


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    made = MasterKey.make(path)
    with pytest.raises(KeyProblem) as caught:
        MasterKey.make(path)
    assert caught.value.code == "master-key-exists"
    assert MasterKey.load(path) == made
    assert os.listdir(tmp_path) == ["master.key"]


@pytest.mark.parametrize(
    "text", ["", "zhibu-master-key-1 short\n", "zhibu-master-key-2 " + "A" * 44, "\0" * 60, "密钥"]
)
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyProblem) as caught:
        MasterKey.load(path)
    assert caught.value.code == "master-key-unreadable"


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem) as caught:
        MasterKey.load(tmp_path / "master.key")
    assert caught.value.code == "master-key-missing"


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    MasterKey.make(path)
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        with pytest.raises(KeyProblem) as caught:
            MasterKey.load(path)
        assert caught.value.code == "master-key-open"


def test_a_wrapped_key_opens_for_its_own_purpose_only() -> None:
    master = MasterKey.new()
    wrapped = master.wrap(b"k" * 32, b"person")
    assert master.unwrap(wrapped, b"person") == b"k" * 32
    assert master.unwrap(wrapped, b"somebody else") is None
    assert MasterKey.new().unwrap(wrapped, b"person") is None
    assert master.unwrap(wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"person") is None
