"""The whole: a county on disk, its day, the mail that arrives, a clock that jumps, a worker that is late."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.notify.test_exactly_once import DAY, FIRST, POSTS, record
from tests.adapters.notify.test_smtp import Office, read, running
from tests.support.sqllog import LOG_ID, open_recording
from workflows.adapters.notify.build import Notifying, notifying
from workflows.adapters.notify.leases import SqlLeases
from workflows.adapters.notify.settings import NotifySettings, read_settings
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.errors import WrongUsage

TOML = """
[smtp]
url = "smtp://127.0.0.1:{port}"
sender = "zhibu@example.org"
[recipients]
"*" = ["zuzhiyuan@example.org"]
"甲支部" = ["jia@example.org", "nobody@example.org"]
"""


class Town:
    """One branch whose term is to be reminded of, its scheduler, and a mail server."""

    def __init__(self, url: str, folder: Path, office: Office, port: int) -> None:
        (folder / "notify.toml").write_text(TOML.format(port=port), "utf-8")
        self.clock = FixedClock(moment_of(FIRST, 10))
        self.recording, self.store = open_recording(url, folder, self.clock)
        self.office, self.settings = office, read_settings(folder)
        fields: dict[str, Any] = {"name": "甲支部", "kind": "organ", "books_from": "2026-01-01"}
        self.branch = record(self.recording, "establish_unit", date(2020, 1, 1), fields, None)
        told = {"posts": POSTS, "attending": 9}
        record(self.recording, "elect_committee", date(2023, 9, 10), told, self.branch)
        self.whole = self.worker()

    def worker(self) -> Notifying:
        """Return a scheduler, as another process would have it."""
        return notifying(self.recording, self.store.database, self.settings)

    def noticed(self) -> list[str]:
        """Return what the scheduler recorded."""
        with self.store.read() as reader:
            records = reader.load_since(0, 1000)
        return [type(found.event).__name__ for found in records if found.origin == "scheduler"]


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    office = Office()
    with running(office) as port:
        found = Town(sqlite_url, tmp_path, office, port)
        yield found
        found.whole.scheduler.close()
        found.store.close()
        found.store.database.engine.dispose()


def quiet(town: Town) -> None:
    """Tick until the unit is followed: the first tick only looks whether its books are still being filled."""
    scheduler = town.whole.scheduler
    assert [scheduler.tick().what for _ in range(3)] == ["idle"] * 3


def restart_on(town: Town, day: date) -> None:
    """Start anew on another day, so that no jump of the clock is seen."""
    town.whole.scheduler.close()
    town.clock.put(moment_of(day, 10))
    town.whole = town.worker()


def test_a_day_comes_and_the_mail_arrives_once(town: Town) -> None:
    quiet(town)
    restart_on(town, DAY)
    tick = town.whole.scheduler.tick()
    assert (tick.what, tick.events) == ("swept", 1)
    assert town.noticed() == ["TermReminderIssued"]
    (envelope,) = town.office.taken
    letter = read(envelope)
    assert letter["To"] == "jia@example.org"
    assert "本届任期2026-09-10届满（还有184天）" in letter.get_content()
    assert "每天至多一封" in letter.get_content()
    refused = [sent for sent in town.whole.inbox.undelivered() if sent.line.channel == "mail"]
    assert {(sent.line.recipient, sent.state, sent.code) for sent in refused} == {
        ("nobody@example.org", "refused", "550")
    }
    assert "branch-term-remind" in [line.rule for line in town.whole.inbox.of_units([town.branch])]
    assert town.whole.scheduler.tick().what == "idle"
    assert len(town.office.taken) == 1


def test_by_hand_the_answer_names_each_recipient_and_the_second_run_none(town: Town) -> None:
    quiet(town)
    restart_on(town, DAY)
    shown = town.whole.scheduler.remind(DAY, dry_run=True)["rows"]
    assert town.office.taken == []
    done = town.whole.scheduler.remind(DAY)["rows"]
    assert done == shown
    term = [row for row in done if row["rule"] == "branch-term-remind"]
    assert [(row["channel"], row["recipient"]) for row in term] == [
        ("inbox", "甲支部"),
        ("mail", "jia@example.org"),
        ("mail", "nobody@example.org"),
    ]
    assert "meet-assembly" in {row["rule"] for row in done}
    assert len(town.office.taken) == 1
    assert town.whole.scheduler.remind(DAY)["rows"] == []


def test_a_clock_a_year_ahead_calls_nothing_overdue_and_sends_nothing(town: Town) -> None:
    quiet(town)
    town.clock.put(town.clock.now() + timedelta(days=365))
    assert town.whole.scheduler.tick().what == "clock"
    assert (town.noticed(), town.office.taken) == ([], [])
    warning = town.whole.scheduler.clock_warning()
    assert warning is not None
    assert warning["kind"] == "forward"
    assert town.whole.scheduler.confirm_clock("王") == 1
    assert town.whole.scheduler.clock_warning() is None
    assert town.whole.scheduler.tick().what == "swept"


def test_a_clock_set_back_goes_on_sweeping_but_sends_nothing_until_confirmed(town: Town) -> None:
    quiet(town)
    restart_on(town, DAY + timedelta(days=1))
    town.whole.scheduler.guard.look()
    town.clock.put(moment_of(DAY, 10))
    tick = town.whole.scheduler.tick()
    assert (tick.what, tick.events) == ("swept", 1)
    assert town.office.taken == []
    town.whole.scheduler.confirm_clock("王")
    town.whole.scheduler.tick()
    assert len(town.office.taken) == 1


def test_of_two_workers_one_sweeps_and_the_late_one_writes_nothing(town: Town) -> None:
    quiet(town)
    other = town.worker().scheduler
    assert other.tick().what == "not-ours"
    late = town.whole.scheduler
    assert late._lease is not None
    # the lease is lost between being taken and the first transaction
    leases = SqlLeases(town.store.database, LOG_ID)
    leases.give_up(late._lease)
    taken = leases.take("somebody else")
    assert taken is not None
    late._leases.take = lambda holder: late._lease  # type: ignore[method-assign]
    town.clock.put(moment_of(DAY, 10))
    late.confirm_clock("王")
    assert late.tick().what == "not-ours"
    assert town.noticed() == []


def test_without_a_file_nothing_leaves_the_house(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings == NotifySettings()
    assert settings.addresses("甲支部") == ()


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "[recipients]\n'*' = ['a@b.c']",
        "[smtp]\nurl = 'smtp://h'\nsender = 'a@b.c'\n[recipients]\n'*' = [\"a@b.c\\r\\nBcc: x@y.z\"]",
        "[smtp]\nurl = 'ftp://h'\nsender = 'a@b.c'",
        "= broken",
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "notify.toml").write_text(text, "utf-8")
    with pytest.raises(WrongUsage) as caught:
        read_settings(tmp_path)
    assert caught.value.code == "settings-unreadable"
    assert caught.value.facts["file"] == "notify.toml"


def test_a_unit_without_addresses_of_its_own_uses_the_common_ones(tmp_path: Path) -> None:
    (tmp_path / "notify.toml").write_text(TOML.format(port=25), "utf-8")
    settings = read_settings(tmp_path)
    assert settings.addresses("乙支部") == ("zuzhiyuan@example.org",)
    assert settings.addresses("甲支部") == ("jia@example.org", "nobody@example.org")
