"""The units a filter offers: a page of a large county does not carry every branch of it."""

from datetime import date
from uuid import UUID

from workflows.application.ports import UnitEntry
from workflows.entrypoints.web.choices import MOST_UNITS, Choices
from workflows.kernel.ids import derived


def _unit(name: str, level: str, superior: UUID | None = None) -> UnitEntry:
    return UnitEntry(derived("choices", name), name, level, "village", superior)


COUNTY = _unit("县委", "county")
TOWNS = [_unit(f"镇党委{n}", "committee", COUNTY.id) for n in range(4)]
BRANCHES = [_unit(f"支部{n}", "branch", TOWNS[n % len(TOWNS)].id) for n in range(MOST_UNITS)]
LARGE = [COUNTY, *TOWNS, *BRANCHES]


def _names(units: list[UnitEntry], chosen: UUID | str | None) -> list[str]:
    return [entry.name for entry in Choices.of(units, chosen)]


def test_a_small_county_offers_every_unit() -> None:
    small = [COUNTY, *TOWNS, *BRANCHES[:20]]
    assert list(Choices.of(small, None)) == small
    assert not Choices.of(small, None).is_part


def test_a_large_one_offers_those_above_until_one_is_chosen() -> None:
    assert _names(LARGE, None) == ["县委", "镇党委0", "镇党委1", "镇党委2", "镇党委3"]
    assert Choices.of(LARGE, "").is_part


def test_with_a_township_its_own_branches_are_offered() -> None:
    offered = _names(LARGE, TOWNS[1].id)
    assert [name for name in offered if name.startswith("支部")] == [
        entry.name for entry in BRANCHES if entry.superior == TOWNS[1].id
    ]


def test_with_a_branch_those_beside_it_are_offered_and_it_stays_chosen() -> None:
    assert _names(LARGE, str(BRANCHES[6].id)) == _names(LARGE, TOWNS[2].id)
    alone = _unit("独立支部", "branch")
    assert "独立支部" in _names([*LARGE, alone], alone.id)


def test_an_id_of_no_unit_offers_what_none_does() -> None:
    assert _names(LARGE, derived("nobody", date.min)) == _names(LARGE, None)
