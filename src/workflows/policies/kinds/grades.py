"""What a grade comes to once it is decided: its class, whether it is commended, what follows, a plate."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, NamedTuple, get_args

from workflows.policies.rule import DatedValue, Rule

UnitClass = Literal["advanced", "middle", "backward"]
"""先进、中间、后进."""

Commend = Literal["first", "may", "not", "refer"]
"""Recommended first, may be, may not be; ``refer``: the text can be read both ways."""

Next = Literal["keep", "rise", "correct", "adjust", "overhaul"]
"""Hold what was reached, move up, put right, take another site, be considered for an overhaul."""

Plate = Literal["hang"]
"""A plate of the grade is hung at the unit."""

PARTS: dict[str, tuple[str, ...]] = {
    "class": get_args(UnitClass),
    "commend": get_args(Commend),
    "next": get_args(Next),
    "plate": get_args(Plate),
}
"""What an entry may say of a grade, and in which words."""


class Meant(NamedTuple):
    """What a rule says of one grade; None where it says nothing of that kind."""

    unit_class: str | None = None
    commend: str | None = None
    next: str | None = None
    plate: str | None = None


class Grades(Rule):
    """``grades``: what the text says of a grade, or of who passed or did not (结果运用、分类).

    Value: a list of entries. Each is about grades by their names (``levels``), or about who ``passed`` (true
    or false) where there is no grade; it says a ``class`` (advanced, middle, backward), whether one may
    ``commend`` (first, may, not, refer), what comes ``next`` (keep, rise, correct, adjust, overhaul), whether
    a ``plate`` is put up (hang). Of a grade in no entry the text says nothing. The rule checks no act: a
    person decides what follows.
    """

    kind_name: ClassVar[str] = "grades"
    kind: Literal["grades"]

    def accept(self, value: Any) -> None:
        """Accept a list of entries, none of which speaks of a grade twice."""
        if not isinstance(value, list) or not value:
            raise ValueError(f"{self.id}: grades are a list")
        seen: set[Any] = set()
        for entry in value:
            if not isinstance(entry, dict) or ("levels" in entry) == ("passed" in entry):
                raise ValueError(f"{self.id}: an entry is about levels, or about who passed")
            about = entry["levels"] if "levels" in entry else [entry["passed"]]
            words = [name for name in PARTS if name in entry]
            if set(entry) - {"levels", "passed", *PARTS} or not words or not about:
                raise ValueError(f"{self.id}: an entry says {', '.join(PARTS)}")
            wrong = next((name for name in words if entry[name] not in PARTS[name]), None)
            if wrong is not None:
                raise ValueError(f"{self.id}: {wrong} is one of {', '.join(PARTS[wrong])}")
            if seen & set(about):
                raise ValueError(f"{self.id}: one grade stands in two entries")
            seen |= set(about)

    def of(self, value: DatedValue, grade: str | None, passed: bool | None = None) -> Meant | None:
        """Return what the rule says of a grade, or of who passed; None where it says nothing."""
        for entry in value.value:
            if grade in entry.get("levels", ()) or (passed is not None and entry.get("passed") is passed):
                return Meant(entry.get("class"), entry.get("commend"), entry.get("next"), entry.get("plate"))
        return None
