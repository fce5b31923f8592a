"""The facts that rules may ask for by name: those a state or a command gives, and those still to come."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.policies.rule import Rule

_GIVEN = """
    abroad_since activist_since addressed_to admission_passed admission_voted_on agreed annuls
    applied_on approved_on approver_kind approver_level attendance_excused attending away_fixed
    away_purpose away_since background_review_passed ballots_issued ballots_returned books_from born_on
    branches candidates cell cells chairs clause committee_size consented_on conversion_discussed
    conversion_passed conversion_voted_on corrected correction_closed_on correction_ends_on
    correction_ground correction_months correction_ordered_on course_days course_hours deferred_from
    deferred_until discussed_on document dues_amount_fen dues_base_fen dues_from dues_month_ends_on
    dues_reduced elected_on elected_posts eligible established_on excluded exempt exempt_here extensions
    fixed_place found_on full_members full_since graded graduated_on ground has_committee hours in_order
    in_transit joined kind leaving_on lecturers letter letter_issued_on letter_received_on
    letter_valid_until lost_and_stopped lost_since meeting member_from members members_from mentors
    months months_without_dues months_without_life months_without_work notice_closed_on notice_starts_on
    notice_working_days number objection_open officers opinion opinions organizer outcome outstanding
    own_unit papers papers_examined passed pre_review_on pre_review_passed probation_expired
    probation_from probation_set_on probation_until probationary_members purpose reason recommended_by
    request_filed_on resolutions rituals role seats secret secretaries secretary_since shifts since
    special_case special_reason sponsors stage step stop_ground stopped_on struck_off_on talked_on
    target_agreed_on target_on term_until theme_day_from theme_day_kept title together
    training_restarted_on transferred_in type unit_kind unit_level until upheld valid_until verdict
    voters votes_in_favour was_lost_since bar_ground rights_suspended censure charge over_work
"""
_OF_CASES = """
    asked assessment_passed below_standard criteria items manners open_criteria operators plan_years
    marks measures overhaul_accepted_on overhaul_due_on people_asked satisfaction_percent site_area
    site_delisted_on tutors undone_duties campaign_opened_on campaign_units campaign_year closed_out_on
    concealed correction_due_on county_leader declared_units delisted_on dissatisfied first_secretary grade
    inspection_manner issue_opened_on issue_severity issue_source listed_on listed_units named_on
    overhaul_planned_on passed_units planned_for planned_on sampled_units satisfied score score_hundredths
    score_points site_field site_level sites supporting_unit all_assessed_on
    all_passed_on issue_year inspected plan_items head_in_contact township_leader unmet_criteria wrong_units
    case_filed_on faulted_on
"""
_OF_THE_TREE = """
    developed_on dissolved_on is_county is_township members_below project_months requested_on
    target_listed_on units_covered leaders leaders_without_contact
"""
_OF_ELECTIONS = """
    appointed ballots_countable ballots_over ballots_valid early_approved is_candidate months_early proxies
    secretary_vacant_since tellers term_change_months term_ends term_extensions tied unfilled vacant_since
    term_moved_on
"""
GIVEN = frozenset(f"{_GIVEN} {_OF_CASES} {_OF_THE_TREE} {_OF_ELECTIONS}".split())
"""What the domain gives."""

TO_COME: frozenset[str] = frozenset()
"""What rules ask for, and no command gives yet: such a rule says nothing for now."""

FACTS = GIVEN | TO_COME

_ASKING = (
    "anchor", "since", "until", "ends", "unless", "excuse", "act", "span", "met_on", "starts", "days", "of",
    "base", "moved", "claim", "each", "paid", "fact", "who", "sum", "after",
)  # fmt: skip
"""The fields of rules that hold the name of one fact."""


def facts_named(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield the field and the fact for each fact that the author of a rule names.

    ``on`` stands for the day of the act; with ``each``, what is counted (``of``) is told of each vote.
    """
    for field in _ASKING:
        name = getattr(rule, field, None) if field in rule.model_fields_set else None
        is_of_each_vote = field == "of" and getattr(rule, "each", None)
        if isinstance(name, str) and name != "on" and not is_of_each_vote:
            yield field, name
    yield from (("any_of", name) for name in getattr(rule, "any_of", ()))
    yield from (("applies_to.when", name) for name in rule.applies_to.when)
