"""The tree of units: what changes in it, who goes along, and what taking a change back brings back."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.application.books import Books
from workflows.application.recording import Outcome
from workflows.domain.campaign.state import Campaign
from workflows.domain.person.member_events import PersonCarried
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import EventRetracted
from workflows.policies.findings import Verdict
from workflows.projections.answers import Answering

SPRING, SUMMER, AUTUMN = date(2025, 3, 5), date(2025, 7, 1), date(2025, 10, 1)


class Tree:
    """A township committee with two branches: three members and an activist, four members."""

    def __init__(self) -> None:
        self.county = County()
        self.town = self.county.branch("镇党委", level="committee", kind="village")
        self.first = self.county.branch("甲支部", under=self.town, kind="village")
        self.second = self.county.branch("乙支部", under=self.town, kind="village")
        self.people = [self.county.member(self.first, name) for name in ("赵", "钱", "孙")]
        self.others = [self.county.member(self.second, name) for name in ("周", "吴", "郑", "王")]
        self.activist = self.county.do(
            "take_over_course",
            date(2024, 6, 1),
            unit=self.first,
            name="李",
            stage="activist",
            as_history=True,
        ).stream_id

    @property
    def answering(self) -> Answering:
        """Return whoever answers about the county."""
        return Answering(self.county.app.log, self.county.app.rules, self.county.app.clock)

    @property
    def books(self) -> Books:
        """Return the books as known now."""
        return Books(self.county.app.log, self.county.app.rules)

    def home(self, person: UUID | None, on: date) -> UUID | None:
        """Return the unit of someone on a day."""
        assert person is not None
        return self.books.person_state(person).unit_on(on)

    def merge(self, on: date = SPRING, **fields: Any) -> Outcome:
        """Merge the first branch into the second."""
        return self.county.do("merge_units", on, unit=self.second, units=["甲支部"], **fields)


def rules_of(outcome: Outcome) -> list[str]:
    return [f.rule for f in outcome.findings if f.verdict is Verdict.BLOCK]


def test_a_renamed_unit_is_found_by_both_names_and_called_by_that_of_the_day() -> None:
    tree = Tree()
    tree.county.do("rename_unit", SPRING, unit=tree.first, name="丙支部")
    unit = tree.books.unit_state(tree.first)
    assert [unit.identity_on(day).name for day in (date(2025, 2, 28), SPRING)] == ["甲支部", "丙支部"]  # type: ignore[union-attr]
    (entry,) = [e for e in tree.county.app.log.directory.units() if e.id == tree.first]
    assert (entry.name, entry.names) == ("丙支部", ("丙支部", "甲支部"))
    answering = tree.answering
    assert answering.unit_named("甲支部") == tree.first
    assert answering.state(tree.first, date(2025, 2, 1))["name"] == "甲支部"


def test_a_name_is_free_again_once_its_unit_is_called_otherwise_or_is_no_more() -> None:
    tree = Tree()
    with pytest.raises(WrongUsage, match="unit-exists"):
        tree.county.do("rename_unit", SPRING, unit=tree.first, name="乙支部")
    tree.county.do("rename_unit", SPRING, unit=tree.first, name="丙支部")
    assert tree.county.branch("甲支部", SUMMER, kind="village") != tree.first
    with pytest.raises(WrongUsage, match="unit-exists"):
        tree.county.branch("甲支部", date(2025, 2, 1))


def test_rules_and_roll_ups_follow_the_superior_of_the_day() -> None:
    tree = Tree()
    other = tree.county.branch("县委", level="county", kind="village")
    tree.county.do("move_unit", SPRING, unit=tree.first, superior="县委", named_unit=other)
    books = tree.books
    assert books.line_of(tree.first, date(2025, 2, 28)) == [tree.first, tree.town]
    assert books.line_of(tree.first, SPRING) == [tree.first, other]
    assert books.below(tree.town, date(2025, 2, 28)) == [tree.town, tree.first, tree.second]
    assert books.below(tree.town, SPRING) == [tree.town, tree.second]
    assert set(books.below(tree.town)) == {tree.town, tree.first, tree.second}


def test_nothing_may_stand_below_itself() -> None:
    tree = Tree()
    refused = tree.county.do(
        "move_unit", SPRING, unit=tree.town, superior="x", named_unit=tree.first, as_history=True
    )
    assert (refused.refused, rules_of(refused)) == (True, ["unit-loop"])


def test_a_merger_carries_everybody_in_whatever_stage() -> None:
    tree = Tree()
    before = len(tree.county.app.log.records)
    outcome = tree.merge(name="甲乙支部")
    assert (outcome.events, outcome.refused) == (("UnitMerged",), False)
    carried = [c for c in outcome.consequences if c.fate == "carried"]
    assert {c.stream_id for c in carried} == {*tree.people, tree.activist}
    assert {c.what for c in carried} == {"full", "activist"}
    new = tree.county.app.log.records[before:]
    assert {r.stream_id for r in new if isinstance(r.event, PersonCarried)} == {*tree.people, tree.activist}
    assert {r.causation_id for r in new[1:]} == {new[0].event_id}
    for person in (*tree.people, tree.activist):
        assert [tree.home(person, day) for day in (date(2025, 2, 28), SPRING)] == [tree.first, tree.second]
    assert tree.books.unit_state(tree.second).name == "甲乙支部"
    roster = tree.books.roster(tree.second, SPRING)
    assert roster is not None
    assert roster.full == 7
    assert tree.books.roster(tree.first, SPRING) is None


def test_training_goes_on_in_the_unit_that_took_the_branch_in() -> None:
    tree = Tree()
    tree.merge()
    agreed = tree.county.do("agree_development_target", date(2025, 6, 1), person=tree.activist)
    assert agreed.verdict is Verdict.OK


def test_after_its_end_a_unit_has_no_duties_and_its_last_periods_are_exempt() -> None:
    tree = Tree()
    tree.merge()
    answering = tree.answering
    rows = answering.compliance(tree.first, "2025", date(2025, 12, 31))["rows"]
    verdicts = {row["period"]: row["verdict"] for row in rows if row["rule"] == "meet-theme-day"}
    assert [p for p, verdict in verdicts.items() if verdict == "missing"] == ["2025-01", "2025-02"]
    assert {p: verdict for p, verdict in verdicts.items() if p > "2025-02"} == {"2025-03": "exempt"}
    assert {row["verdict"] for row in rows if row["period"] == "2025-Q1"} == {"exempt"}
    limits = answering.deadlines(tree.first, on=date(2025, 12, 31))["rows"]
    assert [row for row in limits if row["unit_id"] == str(tree.first)] == []
    before = answering.deadlines(tree.first, on=date(2025, 2, 28))["rows"]
    assert {row["rule"] for row in before} >= {"meet-assembly", "meet-theme-day"}


def test_an_act_of_a_unit_that_is_no_more_is_refused_and_one_of_its_time_is_not() -> None:
    tree = Tree()
    tree.merge()
    late = tree.county.do("hold_meeting", SUMMER, unit=tree.first, type="theme_party_day")
    assert rules_of(late) == ["branch-adjust"]
    in_time = tree.county.do(
        "hold_meeting", date(2025, 2, 1), unit=tree.first, type="theme_party_day", recorded_on=SUMMER
    )
    assert not in_time.refused


def test_nobody_comes_to_a_unit_that_is_no_more_not_even_as_history() -> None:
    tree = Tree()
    tree.merge()
    refused = tree.county.do(
        "receive_application", SUMMER, unit=tree.first, name="冯", born_on=date(2000, 1, 1), as_history=True
    )
    assert (refused.refused, rules_of(refused)[0]) == (True, "unit-gone")


def test_who_is_put_late_into_a_merged_unit_goes_along() -> None:
    tree = Tree()
    merged = tree.merge()
    late = tree.county.do(
        "receive_application", date(2025, 2, 1), unit=tree.first, name="冯", born_on=date(2000, 1, 1),
        recorded_on=SUMMER,
    )  # fmt: skip
    assert [tree.home(late.stream_id, d) for d in (date(2025, 2, 1), SPRING)] == [tree.first, tree.second]
    tree.county.retract(merged.event_ids[0], AUTUMN)
    assert tree.home(late.stream_id, AUTUMN) == tree.first


def test_a_merger_taken_back_brings_everything_back() -> None:
    tree = Tree()
    merged = tree.merge(name="甲乙支部")
    tree.county.retract(merged.event_ids[0], SUMMER)
    assert tree.books.unit_state(tree.first).exists_on(SUMMER)
    assert tree.books.unit_state(tree.second).name == "乙支部"
    assert {tree.home(person, SUMMER) for person in tree.people} == {tree.first}
    assert tree.home(tree.activist, SUMMER) == tree.first
    known = merged.position + 6
    assert Books(tree.county.app.log, tree.county.app.rules, known_on=known).below(tree.second, SPRING) == [
        tree.second, tree.first,
    ]  # fmt: skip


def test_a_retraction_of_a_merger_taken_back_merges_again() -> None:
    tree = Tree()
    merged = tree.merge()
    back = tree.county.retract(merged.event_ids[0], SUMMER)
    tree.county.retract(back.event_ids[0], AUTUMN)
    assert {tree.home(person, AUTUMN) for person in tree.people} == {tree.second}
    assert not tree.books.unit_state(tree.first).exists_on(AUTUMN)


def test_a_part_of_a_merger_is_not_taken_back_alone() -> None:
    tree = Tree()
    merged = tree.merge()
    part = tree.county.app.log.records[merged.position]
    assert part.causation_id == merged.event_ids[0]
    with pytest.raises(WrongUsage, match="retract-the-cause"):
        tree.county.retract(part.event_id, SUMMER)
    back = tree.county.retract(merged.event_ids[0], SUMMER)
    retraction = tree.county.app.log.records[back.position]
    assert isinstance(retraction.event, EventRetracted)
    with pytest.raises(WrongUsage, match="retract-the-cause"):
        tree.county.retract(retraction.event_id, AUTUMN)


def test_a_merger_that_others_rest_on_is_not_taken_back() -> None:
    tree = Tree()
    merged = tree.merge()
    tree.county.do("rename_unit", SUMMER, unit=tree.second, name="丙支部")
    with pytest.raises(WrongUsage, match="structure-built-upon"):
        tree.county.retract(merged.event_ids[0], AUTUMN)
    with pytest.raises(WrongUsage, match="correct-structure"):
        tree.county.correct(merged.event_ids[0], "on", "2025-03-02", AUTUMN)


def test_a_merged_unit_whose_name_was_given_away_does_not_come_back() -> None:
    tree = Tree()
    merged = tree.merge()
    tree.county.branch("甲支部", SUMMER)
    with pytest.raises(WrongUsage, match="unit-exists"):
        tree.county.retract(merged.event_ids[0], AUTUMN)
    assert {tree.home(person, AUTUMN) for person in tree.people} == {tree.second}


def test_units_below_a_merged_one_come_under_the_one_that_goes_on() -> None:
    tree = Tree()
    other = tree.county.branch("第二镇党委", level="committee", kind="village")
    merged = tree.county.do("merge_units", SPRING, unit=other, units=["镇党委"])
    assert not merged.refused
    assert tree.books.line_of(tree.first, SPRING) == [tree.first, other]
    assert tree.books.line_of(tree.first, date(2025, 2, 1)) == [tree.first, tree.town]
    assert set(tree.books.below(other, SPRING)) == {other, tree.town, tree.first, tree.second}


def test_a_unit_is_not_dissolved_while_anybody_is_left() -> None:
    tree = Tree()
    refused = tree.county.do("dissolve_unit", SPRING, unit=tree.first, as_history=True)
    assert (refused.refused, rules_of(refused)) == (True, ["unit-people-left"])
    assert set(refused.findings[0].facts["people"]) == {str(p) for p in (*tree.people, tree.activist)}
    partly = tree.county.do("dissolve_unit", SPRING, unit=tree.first, members_to={"赵": "乙支部"})
    assert partly.findings[0].facts["count"] == 3
    done = tree.county.do("dissolve_unit", SPRING, unit=tree.first, members_to="乙支部", reason="项目结束")
    assert not done.refused
    assert {tree.home(person, SPRING) for person in tree.people} == {tree.second}
    tree.county.retract(done.event_ids[0], SUMMER)
    assert {tree.home(person, SUMMER) for person in tree.people} == {tree.first}


def test_a_superior_is_not_dissolved_while_units_stand_below_it() -> None:
    tree = Tree()
    refused = tree.county.do("dissolve_unit", SPRING, unit=tree.town)
    assert rules_of(refused) == ["unit-below-left"]
    assert refused.findings[0].facts["count"] == 2


def test_a_unit_does_not_end_before_somebody_came_to_it() -> None:
    tree = Tree()
    tree.county.member(tree.first, "冯", SUMMER)
    refused = tree.county.do("merge_units", SPRING, unit=tree.second, units=["甲支部"])
    assert rules_of(refused) == ["unit-people-later"]
    assert refused.findings[0].facts["latest"] == SUMMER.isoformat()


def test_a_split_sets_up_units_with_those_named_and_the_rest_stay() -> None:
    tree = Tree()
    split = tree.county.do(
        "split_unit", SPRING, unit=tree.second, into=[{"name": "丙支部", "members": ["周", "吴", "郑"]}]
    )
    assert (split.refused, split.events) == (False, ("UnitSplit",))
    third = tree.answering.unit_named("丙支部")
    assert [tree.home(person, SPRING) for person in tree.others] == [third, third, third, tree.second]
    told = tree.books.unit_state(third)
    assert (told.books_from, told.identity.superior) == (SPRING, tree.town)  # type: ignore[union-attr]
    tree.county.retract(split.event_ids[0], SUMMER)
    assert {tree.home(person, SUMMER) for person in tree.others} == {tree.second}
    assert tree.books.unit_state(third).established is None


def test_a_new_unit_of_a_split_needs_three_full_members() -> None:
    tree = Tree()
    few = [{"name": "丙支部", "members": ["周", "吴"]}]
    refused = tree.county.do("split_unit", SPRING, unit=tree.second, into=few)
    assert rules_of(refused) == ["branch-min"]
    enough = [{"name": "丙支部", "members": ["周", "吴", "郑"]}]
    assert not tree.county.do("split_unit", SPRING, unit=tree.second, into=enough).refused


def test_a_unit_that_is_split_up_leaves_nobody_behind() -> None:
    tree = Tree()
    parts = [{"name": "丙支部", "members": ["周", "吴", "郑"]}]
    refused = tree.county.do("split_unit", SPRING, unit=tree.second, into=parts, ends=True)
    assert rules_of(refused) == ["unit-people-left"]
    assert refused.findings[0].facts["people"] == [str(tree.others[3])]


def test_a_split_built_upon_is_not_taken_back() -> None:
    tree = Tree()
    parts = [{"name": "丙支部", "members": ["周", "吴", "郑"]}]
    split = tree.county.do("split_unit", SPRING, unit=tree.second, into=parts)
    third = tree.answering.unit_named("丙支部")
    tree.county.member(third, "冯", SUMMER)
    with pytest.raises(WrongUsage, match="structure-built-upon"):
        tree.county.retract(split.event_ids[0], AUTUMN)


def test_a_branch_is_set_up_with_members_of_others() -> None:
    tree = Tree()
    two = tree.county.do(
        "establish_unit", SPRING, name="丙支部", kind="joint", members=["赵", "周"], named_unit=tree.town,
        superior="镇党委",
    )  # fmt: skip
    assert rules_of(two) == ["branch-min"]
    three = tree.county.do(
        "establish_unit", SPRING, name="丙支部", kind="joint", members=["赵", "周", "吴"],
        named_unit=tree.town, superior="镇党委",
    )  # fmt: skip
    assert not three.refused
    assert [tree.home(p, SPRING) for p in (tree.people[0], *tree.others[:2])] == [three.stream_id] * 3


def test_a_unit_is_judged_by_the_kind_of_the_day() -> None:
    tree = Tree()
    tree.county.do(
        "elect_committee", date(2024, 1, 10), unit=tree.first, posts={"赵": "secretary"}, as_history=True
    )
    tree.county.do("reclassify_unit", SPRING, unit=tree.first, kind="non_public")
    answering = tree.answering
    state = answering.state(tree.first, SUMMER)
    assert (state["kind"], state["term_until"]) == ("non_public", "2029-01-10")
    ends = [r for r in answering.deadlines(tree.first, on=SUMMER)["rows"] if r["rule"] == "branch-term"]
    assert [row["due_on"] for row in ends] == ["2029-01-10"]
    tree.county.do("elect_committee", AUTUMN, unit=tree.first, posts={"赵": "secretary"}, as_history=True)
    assert answering.state(tree.first, AUTUMN)["term_until"] == "2028-10-01"


# --- open cases, and a move ---------------------------------------------------------------------------------


def test_open_cases_go_on_at_what_a_unit_became_a_part_of_and_then_at_the_superior() -> None:
    tree = Tree()
    third = tree.county.branch("丙支部", under=tree.town, kind="village")
    tree.merge()
    tree.county.do("dissolve_unit", SUMMER, unit=tree.second, members_to="丙支部")
    kept = [
        tree.books.keeper(tree.first, day) for day in (date(2025, 3, 4), SPRING, date(2025, 6, 30), SUMMER)
    ]
    assert kept == [tree.first, tree.second, tree.second, tree.town]
    assert tree.books.keeper(third, SUMMER) == third


def test_no_case_is_opened_at_a_unit_that_is_no_more_and_no_campaign_counts_it() -> None:
    tree = Tree()
    tree.merge()
    late = tree.county.do(
        "open_issue", SPRING, unit=tree.first, subject="记录缺签名", text="x", as_history=True
    )
    assert late.refused
    assert rules_of(late) == ["unit-gone"]
    before = tree.county.do("open_issue", date(2025, 3, 4), unit=tree.first, subject="记录缺签名", text="x")
    assert not before.refused
    tree.county.do("open_campaign", SUMMER, unit=tree.town, subject="年度考评")
    (file,) = tree.books.files_of("campaign", [tree.town])
    campaign = tree.books.file_state(file.id)
    assert isinstance(campaign, Campaign)
    assert campaign.start is not None
    assert campaign.start.units is not None
    assert campaign.start.units.units == (tree.second,)


def test_a_move_lists_the_unit_and_the_packs_that_begin_and_cease_to_hold() -> None:
    tree = Tree()
    other = tree.county.branch("乙镇党委", level="committee", kind="village")
    for town, pack in ((tree.town, "seed-004-a"), (other, "seed-004-c")):
        tree.county.do("adopt_pack", SPRING, unit=town, pack=pack)
    outcome = tree.county.do("move_unit", SUMMER, unit=tree.first, superior="乙镇党委", named_unit=other)
    told = [(c.what, c.fate, c.unit_id, c.to) for c in outcome.consequences]
    assert told == [
        ("unit", "carried", tree.town, other),
        ("pack", "closed", tree.town, None),
        ("pack", "begins", other, None),
    ]
