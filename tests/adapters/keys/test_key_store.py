"""The key store: keys are on disk before they are needed, and gone when they are erased."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from workflows.adapters.keys import KeyStore, MasterKey
from workflows.adapters.keys.errors import KeyProblem
from workflows.kernel.ids import derived

PERSON, OTHER = derived("person"), derived("other")


@pytest.fixture
def master() -> MasterKey:
    """A fresh master key."""
    return MasterKey.new()


@pytest.fixture
def keys(tmp_path: Path, master: MasterKey) -> Iterator[KeyStore]:
    """A key store in a file."""
    store = KeyStore(tmp_path / "keys.db", master, create=True)
    yield store
    store.close()


@pytest.fixture
def elsewhere(tmp_path: Path, master: MasterKey, keys: KeyStore) -> Iterator[KeyStore]:
    """The same file, opened by another process."""
    store = KeyStore(tmp_path / "keys.db", master, create=False)
    yield store
    store.close()


def test_a_key_is_made_once(keys: KeyStore, elsewhere: KeyStore) -> None:
    assert keys.key_for(PERSON) is None
    key = keys.key_for(PERSON, create=True)
    assert key is not None
    assert len(key) == 32
    assert keys.key_for(PERSON, create=True) == key
    assert elsewhere.key_for(PERSON) == key
    assert keys.key_for(OTHER, create=True) != key


def test_a_staged_key_is_on_disk_when_it_is_persisted(keys: KeyStore, elsewhere: KeyStore) -> None:
    key = keys.stage(PERSON)
    assert keys.stage(PERSON) == key
    assert elsewhere.key_for(PERSON) is None
    keys.persist({PERSON: key})
    keys.persist({PERSON: key})
    assert elsewhere.key_for(PERSON) == key
    assert elsewhere.stage(PERSON) == key


def test_a_key_made_meanwhile_by_another_process_is_noticed(keys: KeyStore, elsewhere: KeyStore) -> None:
    lost = keys.stage(PERSON)
    kept = elsewhere.key_for(PERSON, create=True)
    for _ in range(2):  # nobody may commit what was sealed with the lost key, whoever finds out first
        with pytest.raises(KeyProblem) as caught:
            keys.persist({PERSON: lost})
        assert caught.value.code == "keys-raced"
    assert lost != kept
    assert keys.stage(PERSON) == kept


def test_an_erased_key_is_gone_for_everybody(keys: KeyStore, elsewhere: KeyStore) -> None:
    keys.key_for(PERSON, create=True)
    assert elsewhere.key_for(PERSON) is not None
    assert keys.erase(PERSON)
    assert keys.key_for(PERSON) is None
    assert elsewhere.key_for(PERSON) is None
    assert (elsewhere.is_erased(PERSON), elsewhere.is_erased(OTHER)) == (True, False)
    assert not keys.erase(PERSON)
    assert not keys.erase(OTHER)


def test_a_reading_in_progress_keeps_what_it_knows_until_it_refreshes(
    keys: KeyStore, elsewhere: KeyStore
) -> None:
    key = keys.key_for(PERSON, create=True)
    assert elsewhere.known_key(PERSON) == key
    keys.erase(PERSON)
    elsewhere.refresh()
    assert elsewhere.known_key(PERSON) is None


def test_nothing_is_sealed_for_the_erased(keys: KeyStore, elsewhere: KeyStore) -> None:
    keys.stage(PERSON)
    keys.erase(PERSON)
    for store in (keys, elsewhere):
        with pytest.raises(KeyProblem) as caught:
            store.stage(PERSON)
        assert caught.value.code == "key-erased"
        with pytest.raises(KeyProblem):
            store.key_for(PERSON, create=True)


def test_nothing_of_an_erased_key_is_left_in_any_file(tmp_path: Path, keys: KeyStore) -> None:
    subjects = [derived(number) for number in range(300)]
    keys.persist({subject: keys.stage(subject) for subject in subjects})
    with sqlite3.connect(tmp_path / "keys.db") as connection:
        wrapped = dict(connection.execute("select subject, wrapped from data_keys").fetchall())
    connection.close()
    for subject in subjects[::3]:
        keys.erase(subject)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(files) == {"keys.db"}  # no journal either
    for subject in subjects:
        copies = sum(content.count(wrapped[subject.hex]) for content in files.values())
        assert copies == (0 if subject in subjects[::3] else 1)


def test_the_wrong_master_key_is_told(tmp_path: Path, keys: KeyStore) -> None:
    with pytest.raises(KeyProblem) as caught:
        KeyStore(tmp_path / "keys.db", MasterKey.new(), create=False)
    assert caught.value.code == "master-key-wrong"


def test_a_missing_key_store_is_not_made_anew_by_mistake(tmp_path: Path, master: MasterKey) -> None:
    with pytest.raises(KeyProblem) as caught:
        KeyStore(tmp_path / "keys.db", master, create=False)
    assert caught.value.code == "keys-missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_another_file_is_no_key_store(tmp_path: Path, master: MasterKey, content: bytes) -> None:
    (tmp_path / "keys.db").write_bytes(content)
    with pytest.raises(KeyProblem) as caught:
        KeyStore(tmp_path / "keys.db", master, create=False)
    assert caught.value.code == "keys-foreign"


def test_another_database_is_no_key_store(tmp_path: Path, master: MasterKey) -> None:
    connection = sqlite3.connect(tmp_path / "keys.db")
    connection.execute("create table events (id)")
    connection.close()
    with pytest.raises(KeyProblem) as caught:
        KeyStore(tmp_path / "keys.db", master, create=True)
    assert caught.value.code == "keys-foreign"


def test_a_damaged_key_is_told_and_the_others_work(
    tmp_path: Path, keys: KeyStore, elsewhere: KeyStore
) -> None:
    keys.key_for(PERSON, create=True)
    other = keys.key_for(OTHER, create=True)
    with sqlite3.connect(tmp_path / "keys.db") as connection:
        connection.execute("update data_keys set wrapped = zeroblob(60) where subject = ?", (PERSON.hex,))
    connection.close()
    with pytest.raises(KeyProblem) as caught:
        elsewhere.key_for(PERSON)
    assert caught.value.code == "key-damaged"
    assert elsewhere.key_for(OTHER) == other


def test_the_files_are_for_their_owner_only(tmp_path: Path, keys: KeyStore) -> None:
    assert (tmp_path / "keys.db").stat().st_mode & 0o777 == 0o600


def test_a_natural_identity_has_one_digest_here_and_another_elsewhere(
    keys: KeyStore, elsewhere: KeyStore
) -> None:
    digest = keys.identity_digest("identity number", "11010519491231002X")
    assert len(digest) == 64
    assert elsewhere.identity_digest("identity number", "11010519491231002X") == digest
    assert keys.identity_digest("identity number", "110105194912310021") != digest
    assert keys.identity_digest("phone", "11010519491231002X") != digest
    alone = KeyStore.in_memory()
    assert alone.identity_digest("identity number", "11010519491231002X") != digest
    alone.close()


def test_threads_share_a_key_store(keys: KeyStore, elsewhere: KeyStore) -> None:
    subjects = [derived(number) for number in range(20)]
    found: list[bytes | None] = []

    def use(store: KeyStore) -> None:
        found.extend(store.key_for(subject, create=True) for subject in subjects)

    threads = [threading.Thread(target=use, args=(store,)) for store in (keys, elsewhere) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 120
    assert len(set(found)) == 20
