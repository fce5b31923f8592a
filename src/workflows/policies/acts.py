"""The acts at which a rule may be asked: those of the catalogue, whether or not a command is there yet."""

from __future__ import annotations

DUTY = "unit"
"""What a recurring duty is attached to: the unit itself, not an act."""

_UNIT = (
    "establish_unit", "rename_unit", "move_unit", "reclassify_unit", "merge_units", "split_unit",
    "dissolve_unit", "form_cell", "dissolve_cell", "adopt_pack", "retire_pack", "request_election",
    "approve_election", "elect_committee",
    "approve_officers", "file_committee", "elect_by", "appoint_secretary", "end_post", "entrust_acting",
    "issue_term_reminder", "mark_term_due", "mark_term_overdue", "approve_term_change", "hold_meeting",
    "fix_theme_day", "move_theme_day", "file_document", "hold_talk", "hear_report", "reply_document",
    "complete_task", "keep_contact", "end_contact", "record_censure",
)  # fmt: skip
_COURSE = (
    "receive_application", "hold_first_talk", "confirm_activist", "file_activist", "assign_mentors",
    "record_semiannual_review", "agree_development_target", "file_development_target",
    "consent_development_target", "post_notice", "raise_objection", "settle_objection", "close_notice",
    "list_development_target", "assign_sponsors", "conclude_background_review", "complete_intensive_course",
    "examine_target", "conclude_preliminary_review", "complete_admission_form", "vote_on_admission",
    "hold_approval_talk", "approve_admission", "refuse_admission", "file_admission", "assign_cell",
    "take_oath", "record_probation_review", "apply_for_full_membership", "vote_on_full_membership",
    "approve_full_membership", "archive_dossier", "withdraw_application", "drop_activist", "record_step",
    "return_papers",
)  # fmt: skip
_MEMBER = (
    "register_member", "take_over_course", "transfer_person", "examine_transfer_file", "defer_conversion",
    "stop_membership", "strike_off", "order_correction", "restore_membership", "bar_rights",
    "exempt_from_meetings", "record_dues", "record_training", "conclude_correction", "record_death",
    "register_absence", "end_absence", "issue_certificate", "report_lost_contact", "record_contact",
    "record_receipt", "record_graduation", "reduce_dues", "merge_persons", "record_charge",
)  # fmt: skip
_FILES = (
    "open_campaign", "freeze_rubric", "declare", "assess_self", "survey_masses", "review", "draw_sample",
    "recheck", "void_round", "appeal", "settle_appeal", "confirm_rating", "keep_rating", "revoke_rating",
    "hang_plate", "take_plate_down",
    "plan_inspection", "record_visit", "cancel_inspection", "end_inspection", "raise_finding", "open_issue",
    "plan_correction", "report_progress", "submit_correction", "accept_correction", "reject_correction",
    "close_out", "reopen_issue", "escalate_issue", "extend_correction", "hold_correction", "list_unit",
    "plan_overhaul", "report_monthly", "accept_overhaul", "delist_unit", "relist_unit", "end_follow_up",
    "nominate_site", "plan_site", "assess_site", "name_site", "adjust_site", "delist_site",
)  # fmt: skip
_ANY = ("waive", "hold_deadline", "extend_deadline", "attach")
OF_UNITS: frozenset[str] = frozenset((DUTY, *_UNIT))
OF_PEOPLE: frozenset[str] = frozenset((*_COURSE, *_MEMBER))
ACTS: frozenset[str] = frozenset((*_UNIT, *_COURSE, *_MEMBER, *_FILES, *_ANY))
"""The acts of units, of people and of cases by their public names; each has its Chinese name in the words."""

MEETINGS = (
    "branch_assembly", "committee_meeting", "cell_meeting", "party_lecture", "theme_party_day",
    "organizational_life", "democratic_appraisal", "duty_review",
)  # fmt: skip
"""The types of meetings, which recurring duties count."""

TALKS = ("talk_in_committee", "talk_with_member", "talk_among_members")
"""谈心谈话 by who talked: committee members among themselves, one with a member, members among themselves."""

LECTURES = ("secretary_lecture",)
"""党课 by who gave it: the secretary of the day."""

DOCUMENTS = (
    "annual_plan", "quarterly_plan", "monthly_plan", "summary", "budget", "notice", "instruction_request",
    "work_report", "education_report", "branch_survey",
)  # fmt: skip
"""文件 by kind: those that have a word; a duty may count any of them."""

TEAM_IN_CONTACT = "team_in_contact"
"""联系点: from when until when everybody of the leading body kept contact with a branch."""

COUNTED = (*MEETINGS, *LECTURES, *TALKS, *DOCUMENTS, TEAM_IN_CONTACT)
"""What recurring duties may count besides acts."""
