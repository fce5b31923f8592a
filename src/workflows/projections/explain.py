"""Short Chinese sentences for cells and limits; whoever renders an answer may put others in their place."""

from __future__ import annotations

from workflows.policies.deadlines import Duty

ACTIVITIES = {
    "branch_assembly": "支部党员大会",
    "committee_meeting": "支部委员会会议",
    "cell_meeting": "党小组会",
    "party_lecture": "党课",
    "theme_party_day": "主题党日",
    "organizational_life": "组织生活会",
    "democratic_appraisal": "民主评议党员",
    "duty_review": "述职评议",
}


def cell_text(duty: Duty, verdict: str, recorded_days_late: int | None) -> str:
    """Return why a cell says what it says, in one sentence."""
    what = ACTIVITIES.get(duty.activity, duty.activity)
    done = "、".join(e.on.isoformat() for e in duty.evidence if e.valid)
    match verdict:
        case "exempt":
            return f"{duty.period}在建账以前，不作要求。"
        case "met" if recorded_days_late:
            return f"{done}召开{what}，期后{recorded_days_late}天才录入。"
        case "met":
            return f"{done}召开{what}。"
        case "late":
            return f"{what}到{done}才召开，应在{duty.last.isoformat()}以前。"
        case "pending":
            return f"应在{duty.last.isoformat()}以前召开{what}，本期未完。"
        case "invalid":
            held = "、".join(e.on.isoformat() for e in duty.evidence)
            return f"{held}召开的{what}不合规定，不能算数。"
        case "refer":
            return "是否适用要看的情况没有记录，请人认定。"
    count = f"{len(done.split('、')) if done else 0}次" if duty.required > 1 else "没有记录"
    return f"应召开{what}{duty.required}次，{count}。"
