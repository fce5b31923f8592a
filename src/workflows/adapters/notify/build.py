"""Puts scheduler, outbox, channels and clocks together over one log."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from workflows.adapters.logs import configure_if_nobody_has
from workflows.adapters.notify.channels import Channel, LogChannel
from workflows.adapters.notify.clocks import SqlJumps, SqlMoments
from workflows.adapters.notify.inbox import Inbox
from workflows.adapters.notify.leases import SqlLeases
from workflows.adapters.notify.limits import Limits
from workflows.adapters.notify.outbox import MemoryOutbox, SqlOutbox
from workflows.adapters.notify.recipients import MAIL, Composer, Recipients
from workflows.adapters.notify.sender import OfficeHours, Sender
from workflows.adapters.notify.settings import NotifySettings
from workflows.adapters.notify.smtp import SmtpChannel
from workflows.adapters.notify.tables import prepare
from workflows.adapters.notify.wording import Words
from workflows.adapters.store.database import Database
from workflows.application.recording import Recording
from workflows.kernel.ids import time_ordered
from workflows.projections.live import LiveRows
from workflows.scheduler.sweep import LOG_CHANNEL, Sweep
from workflows.scheduler.ticker import SECONDS
from workflows.scheduler.worker import Scheduler


@dataclass(frozen=True, slots=True)
class Notifying:
    """The scheduler of a log and what it has told."""

    scheduler: Scheduler
    inbox: Inbox
    sender: Sender


def notifying(
    recording: Recording,
    database: Database,
    settings: NotifySettings,
    *,
    live: LiveRows | None = None,
    seconds: float = SECONDS,
    first: Callable[[], object] | None = None,
) -> Notifying:
    """Return the scheduler over the log of ``recording``; it ticks only once it is started.

    The log's transactions must offer ``connection`` (that of ``database``), so that notices and messages
    stand in the transaction of their events. ``live``: the kept limits, see :class:`LiveRows`. ``first`` is
    done at the beginning of each tick. Makes its tables.
    """
    configure_if_nobody_has()
    prepare(database)
    log, clock, rules = recording.log, recording.clock, recording.rules
    channels: dict[str, Channel] = {LOG_CHANNEL: LogChannel()}
    if settings.smtp is not None:
        channels[MAIL] = SmtpChannel(settings.smtp.server(), clock)
    sender = Sender(
        database,
        log.log_id,
        clock,
        channels,
        Composer(log, rules, clock, settings),
        rules.calendar,
        OfficeHours(settings.office.start, settings.office.end),
    )
    sweep = Sweep(recording, Limits(rules, live), SqlOutbox(log.log_id, clock), Recipients(settings), Words())
    scheduler = Scheduler(
        log,
        clock,
        sweep,
        sender,
        SqlLeases(database, log.log_id),
        SqlJumps(database, log.log_id, clock),
        SqlMoments(database, log.log_id),
        f"{socket.gethostname()}/{os.getpid()}/{time_ordered(clock.now()).hex}",
        seconds=seconds,
        first=first,
    )
    return Notifying(scheduler, Inbox(database, log.log_id), sender)


def memory_sweep(recording: Recording, outbox: MemoryOutbox | None = None) -> Sweep:
    """Return a sweep over a log in memory, for stories: it tells inboxes only and sends nothing."""
    return Sweep(
        recording, Limits(recording.rules), outbox or MemoryOutbox(), Recipients(NotifySettings()), Words()
    )
