"""Ways to tell somebody something: what each is given, and what it must say of the receiver's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import structlog

from workflows.scheduler.ports import Line

Answered = Literal["accepted", "retry", "refused", "unknown"]
"""Accepted by the receiver; not now; never; or nobody knows (it is sent again under the same message id)."""

log = structlog.get_logger("workflows.notices")


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one recipient is told at once; ``message_id`` is the same for the same lines."""

    message_id: str
    recipient: str
    subject: str
    body: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said: a code of its own and its words, shortened."""

    said: Answered
    code: str = ""
    detail: str = ""


class Channel(Protocol):
    """One way out; ``leaves_house`` where others than this program receive it."""

    leaves_house: ClassVar[bool]

    def deliver(self, digest: Digest) -> Answer:
        """Hand over a digest and say what came back; never raises for what the receiver does."""
        ...


class LogChannel:
    """The log of the program: which rule, which unit, which day; no name."""

    leaves_house: ClassVar[bool] = False

    def deliver(self, digest: Digest) -> Answer:
        """Write one entry a line."""
        for line in digest.lines:
            log.info(
                "notice",
                rule=line.rule,
                stage=line.stage,
                unit=str(line.unit_id),
                due_on=line.due_on.isoformat(),
                count=line.count,
            )
        return Answer("accepted")
