"""What can be asked for about elections and posts besides the election itself; people are named by name."""

from __future__ import annotations

from datetime import date

import msgspec

from workflows.domain.unit.commands import BallotCommand, Count, PostName, Text, UnitCommand


class RequestElection(UnitCommand):
    """请示换届选举; ``nominees``: 候选人预备人选."""

    planned_on: date | None = None
    seats: Count | None = None
    nominees: list[Text] = msgspec.field(default_factory=list)
    document: Text | None = None


class ApproveElection(UnitCommand):
    """批复换届选举; without ``nominees`` those requested are approved, but for those ``struck``."""

    nominees: list[Text] = msgspec.field(default_factory=list)
    struck: list[Text] = msgspec.field(default_factory=list)
    document: Text | None = None


class ElectBy(BallotCommand):
    """补选; the term of office goes on."""


class ApproveOfficers(UnitCommand):
    """批准书记、副书记; without ``posts`` all elected and not yet approved, with them also who is what."""

    posts: dict[str, PostName] = msgspec.field(default_factory=dict)
    document: Text | None = None


class FileCommittee(UnitCommand):
    """委员备案; without ``posts`` all elected and not yet filed, with them also who is what."""

    posts: dict[str, PostName] = msgspec.field(default_factory=dict)
    document: Text | None = None


class AppointSecretary(UnitCommand, kw_only=True):
    """上级指派书记、副书记; in a temporary branch all posts."""

    person: Text
    post: PostName = "secretary"
    document: Text | None = None


class EndPost(UnitCommand, kw_only=True):
    """免去职务; without ``post`` every post of the person."""

    person: Text
    post: PostName | None = None
    reason: Text | None = None
    document: Text | None = None


class EntrustActing(UnitCommand, kw_only=True):
    """明确主持工作的人; ``until``: the last day of it, where one is told."""

    person: Text
    until: date | None = None
    document: Text | None = None


class ApproveTermChange(UnitCommand, kw_only=True):
    """批准提前或者延期换届; ``term_until``: the new end of the running term."""

    term_until: date
    reason: Text | None = None
    document: Text | None = None
