"""Chance: the same seed draws the same lots, for ever."""

from __future__ import annotations

import pytest

from workflows.kernel.chance import Chance


def test_a_seed_draws_the_same_lots_on_every_machine() -> None:
    assert [Chance("demo", 1).number(0, 999) for _ in range(2)] == [Chance("demo", 1).number(0, 999)] * 2
    lots = Chance("demo", 1)
    assert [lots.number(0, 999) for _ in range(5)] == [590, 701, 5, 606, 350]


def test_a_fork_does_not_depend_on_what_was_drawn_before() -> None:
    fresh, used = Chance(1), Chance(1)
    used.share()
    assert fresh.fork("a").number(0, 10**9) == used.fork("a").number(0, 10**9)
    assert fresh.fork("a").number(0, 10**9) != fresh.fork("b").number(0, 10**9)


def test_numbers_cover_their_range_and_nothing_else() -> None:
    lots = Chance("range")
    assert {lots.number(3, 6) for _ in range(200)} == {3, 4, 5, 6}
    assert all(0 <= lots.share() < 1 for _ in range(200))
    with pytest.raises(ValueError, match="no number"):
        lots.number(2, 1)


def test_weights_of_nothing_are_never_drawn() -> None:
    lots = Chance("weights")
    drawn = [lots.weighted({"often": 9, "seldom": 1, "never": 0}) for _ in range(500)]
    assert set(drawn) == {"often", "seldom"}
    assert drawn.count("often") > 400


def test_a_shuffle_keeps_everything() -> None:
    lots = Chance("shuffle")
    assert sorted(lots.shuffled(range(50))) == list(range(50))
    assert len(set(lots.some(range(50), 7))) == 7
    assert lots.some([1, 2], 5) in ([1, 2], [2, 1])
