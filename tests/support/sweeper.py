"""A process of its own that sweeps once and may be killed on the way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.support.sqllog import LOG_ID, open_recording
from workflows.adapters.notify.limits import Limits
from workflows.adapters.notify.outbox import SqlOutbox
from workflows.adapters.notify.recipients import Recipients
from workflows.adapters.notify.settings import NotifySettings
from workflows.adapters.notify.tables import prepare
from workflows.adapters.notify.wording import Words
from workflows.application.ports import Transaction
from workflows.kernel.clock import FixedClock, moment_of
from workflows.scheduler import sweep
from workflows.scheduler.ports import Line, Note

DID_SOMETHING = 3


class Killing(SqlOutbox):
    """An outbox whose process dies after its n-th part was written, before the commit."""

    left = 0

    def add(self, transaction: Transaction, notes: Sequence[Note], lines: Sequence[Line]) -> None:
        """Write, and die if it is time to."""
        super().add(transaction, notes, lines)
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def run(url: str, folder: str, day: str, parts: int) -> None:
    """Sweep once; the exit code is 0 when nothing was left to tell, 3 when something was told.

    ``parts``: after so many the process ends itself by SIGKILL, inside the transaction of the last of them;
    0: it lives.
    """
    on = date.fromisoformat(day)
    clock = FixedClock(moment_of(on))
    recording, store = open_recording(url, Path(folder), clock)
    prepare(store.database)
    sweep.UNITS_AT_A_TIME = 3
    outbox = Killing(LOG_ID, clock)
    outbox.left = parts
    limits, addresses = Limits(recording.rules), Recipients(NotifySettings())
    done = sweep.Sweep(recording, limits, outbox, addresses, Words()).run(on)
    store.close()
    store.database.engine.dispose()
    sys.exit(DID_SOMETHING if done.lines or done.events else 0)
