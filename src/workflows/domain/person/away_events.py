"""What happens to members who are away, out of contact, or on the way to another unit."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from workflows.domain.act import Decided, Who


class AbsenceRegistered(Decided, tag="person.absence-registered"):
    """外出, from ``left_on``; the relation stays. The place of stay is personal."""

    step: ClassVar[str] = "register_absence"
    sealed: ClassVar[frozenset[str]] = frozenset({"place"})
    left_on: date
    purpose: str = "domestic"
    place: str | None = None
    fixed_place: bool | None = None
    until: date | None = None
    document: str | None = None


class AbsenceEnded(Decided, tag="person.absence-ended"):
    """外出返回."""

    step: ClassVar[str] = "end_absence"
    back_on: date


class CertificateIssued(Decided, tag="person.certificate-issued"):
    """开具党员证明信, good up to ``until`` (inclusive)."""

    step: ClassVar[str] = "issue_certificate"
    issued_on: date
    number: str | None = None
    until: date | None = None
    addressed_to: str | None = None


class ContactLost(Decided, tag="person.contact-lost"):
    """失去联系, from ``lost_on``; ``ways``: how they were looked for."""

    step: ClassVar[str] = "report_lost_contact"
    lost_on: date
    ways: str | None = None
    document: str | None = None


class ContactMade(Decided, tag="person.contact-made"):
    """取得联系."""

    step: ClassVar[str] = "record_contact"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    contacted_on: date
    way: str | None = None
    by: Who | None = None


class ReceiptRecorded(Decided, tag="person.receipt-recorded"):
    """收到介绍信回执: someone in transit was received; ``unit_id`` where, None: not on these books."""

    step: ClassVar[str] = "record_receipt"
    received_on: date
    number: str | None = None
    unit_id: UUID | None = None
    outside: str | None = None


class GraduationRecorded(Decided, tag="person.graduation-recorded"):
    """毕业离校."""

    step: ClassVar[str] = "record_graduation"
    graduated_on: date
