"""What a resolution leads to: a step of a person, or something for somebody to do."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]


class ResolvedStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a resolution means for a person: the step it is, recorded with the same numbers."""

    person: Word
    step: Literal[
        "confirm_activist", "agree_development_target", "examine_target", "vote_on_admission",
        "vote_on_full_membership",
    ]  # fmt: skip
    outcome: Literal["grant", "extend", "annul"] | None = None
    months: Annotated[int, Meta(ge=1, le=60)] | None = None


class ResolvedTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a resolution gives somebody to do by a day; ``task`` is its topic where left out."""

    owner: Word
    due_on: date
    task: Text | None = None
