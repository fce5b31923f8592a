"""Kept rows of people entered twice: equal to the fold and to a rebuild, merged and taken apart at random."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.views.test_views import SIZES, TODAY, assert_rebuilt, play
from tests.support.books import county
from tests.support.happenings import MERGER_HAPPENINGS, TREE, Happening, entries


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(MERGER_HAPPENINGS, SIZES, st.booleans())
def test_incremental_rows_equal_rebuilt_ones_equal_the_fold_while_people_are_merged_and_taken_apart(
    happenings: list[Happening], sizes: list[int], inline: bool
) -> None:
    with county("sqlite://", TODAY) as told:
        play(told, entries(happenings, founded=TREE), sizes, inline=inline)
        assert_rebuilt(told)
