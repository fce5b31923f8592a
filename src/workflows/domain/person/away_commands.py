"""What can be asked for a member who is away, out of contact, or on the way to another unit."""

from __future__ import annotations

from datetime import date
from typing import Literal

from workflows.domain.person.commands import PersonCommand, Text


class RegisterAbsence(PersonCommand):
    """登记外出: ``on`` is the day they left; ``fixed_place``: the place of stay is settled (地点相对固定).

    ``purpose``: ``domestic`` work, study or life elsewhere in the country, ``abroad_study``,
    ``abroad_settled``. ``until`` is the day they mean to be back.
    """

    purpose: Literal["domestic", "abroad_study", "abroad_settled"] = "domestic"
    place: Text | None = None
    fixed_place: bool | None = None
    until: date | None = None
    document: Text | None = None


class EndAbsence(PersonCommand):
    """外出返回."""


class IssueCertificate(PersonCommand):
    """开具党员证明信: for a short absence, the relation stays; ``until`` is its last day."""

    number: Text | None = None
    until: date | None = None
    addressed_to: Text | None = None


class ReportLostContact(PersonCommand):
    """失去联系: ``on`` is the first day without contact; ``ways``: how they were looked for."""

    ways: Text | None = None
    document: Text | None = None


class RecordContact(PersonCommand):
    """取得联系: with a member who is away, or who was out of contact."""

    way: Text | None = None
    by: Text | None = None


class RecordReceipt(PersonCommand):
    """收到介绍信回执: the unit the relation was sent to has received it."""

    number: Text | None = None


class RecordGraduation(PersonCommand):
    """毕业离校: a student member whose relation is still kept by the school."""
