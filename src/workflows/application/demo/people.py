"""Invented people: profile, identity number with a right check character, phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflows.application.demo.names import Gender, Names
from workflows.kernel.calendar import MONTHS_PER_YEAR, add_months
from workflows.kernel.chance import Chance

NOWHERE, NOWHERE_ELSE = "139901", "139902"
"""Areas that were never assigned: no number made here is anybody's."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SEQUENCES = 500
_EDUCATION = ("小学", "初中", "高中", "中专", "大专", "大学本科", "硕士研究生")
_SCHOOLING = {
    "old": dict(zip(_EDUCATION, (20, 40, 22, 10, 6, 2, 0), strict=True)),
    "rural": dict(zip(_EDUCATION, (4, 34, 28, 12, 14, 8, 0), strict=True)),
    "office": dict(zip(_EDUCATION, (0, 1, 5, 8, 26, 50, 10), strict=True)),
}
_OLD_BORN_BEFORE = 1965
_PREFIXES = ("133", "135", "136", "138", "139", "150", "151", "158", "170", "177", "186", "187", "189", "199")
_WOMEN_SHARE = 0.36


@dataclass(slots=True, eq=False)
class Somebody:
    """One invented person; ``id`` is known once the first event is recorded."""

    key: str
    name: str
    gender: Gender
    ethnic_group: str
    born_on: date
    id_number: str
    education: str
    phone: str | None
    is_barred: bool = False
    id: UUID | None = None

    @property
    def profile(self) -> dict[str, Any]:
        """Return the personal fields of a command."""
        return {
            "name": self.name,
            "born_on": self.born_on,
            "id_number": self.id_number,
            "gender": self.gender,
            "ethnic_group": self.ethnic_group,
            "education": self.education,
            "phone": self.phone,
        }


def check_character(body: str) -> str:
    """Return the check character of the first 17 digits (GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECK[total % len(_CHECK)]


class People:
    """Invents people; no two have the same identity number, and no branch has two of one name."""

    def __init__(self, names: Names, chance: Chance, area: str = NOWHERE) -> None:
        self._names, self._chance, self._area = names, chance, area
        self._sequences: dict[tuple[date, Gender], int] = {}
        self._taken: set[tuple[str, str]] = set()
        self.count = 0

    def invent(self, branch: str, born_on: date, *, office: bool) -> Somebody:
        """Return somebody new of ``branch``, born on a day; ``office``: of an office, not a village."""
        self.count += 1
        chance = self._chance.fork("person", self.count)
        gender: Gender = "female" if chance.happens(_WOMEN_SHARE) else "male"
        name, people = self._names.person(gender, chance)
        while (branch, name) in self._taken:
            name, people = self._names.person(gender, chance)
        self._taken.add((branch, name))
        schooling = "office" if office else "old" if born_on.year < _OLD_BORN_BEFORE else "rural"
        return Somebody(
            key=f"{branch}/{self.count}",
            name=name,
            gender=gender,
            ethnic_group=people,
            born_on=born_on,
            id_number=self._number(born_on, gender),
            education=chance.weighted(_SCHOOLING[schooling]),
            phone=self._phone(chance),
        )

    def _number(self, born_on: date, gender: Gender) -> str:
        """Return an identity number; the sequence counts down from 999, odd for men."""
        place = self._sequences.get((born_on, gender), 0)
        if place >= _SEQUENCES:
            raise ValueError(f"no number left for {born_on}")
        self._sequences[born_on, gender] = place + 1
        sequence = (999 if gender == "male" else 998) - 2 * place
        body = f"{self._area}{born_on:%Y%m%d}{sequence:03d}"
        return body + check_character(body)

    @staticmethod
    def _phone(chance: Chance) -> str | None:
        if chance.happens(0.04):
            return None
        return f"{chance.pick(_PREFIXES)}0000{chance.number(0, 9999):04d}"


def day_between(chance: Chance, first: date, last: date) -> date:
    """Return a day from ``first`` to ``last``, both included."""
    return first + timedelta(days=chance.number(0, (last - first).days))


def years_before(day: date, years: int) -> date:
    """Return the same day ``years`` calendar years earlier."""
    return add_months(day, -MONTHS_PER_YEAR * years)
