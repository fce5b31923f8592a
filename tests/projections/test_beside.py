"""Two who may be one, side by side: a birth day known only roughly is one fact, told in its words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workflows.domain.person.events import Profile
from workflows.kernel.approximate import ApproximateDay
from workflows.projections.entered_twice import rows_beside

ROUGH = ApproximateDay("1993年", date(1993, 1, 1), date(1993, 12, 31))


@pytest.mark.parametrize(
    ("other", "differs"), [(date(1993, 5, 4), False), (date(1993, 12, 31), False), (date(1994, 1, 1), True)]
)
def test_a_day_in_the_year_told_is_no_other_birth_day(other: date, differs: bool) -> None:
    rough = Profile(name="阿木", born_on=ROUGH.last, born_approx=ROUGH)
    rows: list[dict[str, Any]] = rows_beside(rough, Profile(name="阿木", born_on=other))
    assert rows == [
        {"fact": "name", "keep": "阿木", "other": "阿木", "differs": False},
        {"fact": "born_on", "keep": "1993年", "other": other.isoformat(), "differs": differs},
    ]
