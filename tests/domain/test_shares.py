"""Per cents and measures as whole numbers: nothing is rounded over a boundary."""

from __future__ import annotations

import pytest

from workflows.domain.shares import parts_of, whole


@pytest.mark.parametrize(
    ("percent", "parts"),
    [(90, (90, 100)), (90.0, (90, 100)), (89.995, (89995, 100_000)), (50.01, (5001, 10_000)), (0, (0, 100))],
)
def test_a_per_cent_is_told_in_as_many_parts_as_it_was_written(
    percent: float, parts: tuple[int, int]
) -> None:
    assert parts_of(percent) == parts


@pytest.mark.parametrize(("number", "reached"), [(89.99, 89), (90, 90), (69.999, 69), (0.5, 0)])
def test_a_measure_has_reached_no_more_than_its_whole_units(number: float, reached: int) -> None:
    assert whole(number) == reached


def test_hundredths_are_not_rounded_up_either() -> None:
    assert whole(69.999, 2) == 6999
