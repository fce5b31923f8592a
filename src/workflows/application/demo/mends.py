"""更正 and 撤回: typing errors found days or months later, meetings entered twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, Mend, View, office_moment
from workflows.domain.unit.events import MeetingHeld
from workflows.kernel.chance import Chance

Change = Callable[[View], "tuple[str, Any] | None"]

_SHARES = {
    "hold_meeting": 0.0045,
    "register_member": 0.012,
    "hold_first_talk": 0.03,
    "receive_application": 0.02,
    "record_semiannual_review": 0.01,
}
_TWICE = 0.0016
_REASONS = {
    "attending": "录入时人数看错一行，据签到表更正",
    "held_on": "会议日期误录，据会议记录更正",
    "phone": "本人手机号码变更后核实更正",
    "full_since": "转正时间误录，据入党志愿书更正",
    "reviewed_on": "考察日期误录，据考察登记表更正",
}


def mend(agenda: Agenda, chance: Chance) -> None:
    """Put corrections and retractions on the agenda, of acts entered before."""
    for number, act in enumerate(agenda.acts()):
        if act.meant or act.at is None:
            continue
        own = chance.fork(number)
        if act.verb == "hold_meeting" and own.happens(_TWICE):
            _twice(agenda, act, own)
        elif own.happens(_SHARES.get(act.verb, 0.0)):
            _correct(agenda, act, own)


def _correct(agenda: Agenda, act: Act, chance: Chance) -> None:
    found = _change(act, chance)
    if found is None or act.at is None:
        return
    field, change = found
    at = office_moment(
        act.at.date() + timedelta(days=chance.weighted({2: 5, 20: 4, 120: 3}) + chance.number(1, 30)), chance
    )
    agenda.mend(Mend(act, at, _REASONS[field], change, evidence="原始记录", actor=act.branch.clerk))


def _twice(agenda: Agenda, act: Act, chance: Chance) -> None:
    """Enter a meeting a second time, and withdraw that some days later."""
    if act.at is None:
        return
    again = Act(act.on, act.verb, act.branch, act.fields)
    agenda.put(again, act.at + timedelta(minutes=chance.number(2, 9)), chance)
    at = office_moment(act.at.date() + timedelta(days=chance.number(2, 40)), chance)
    agenda.mend(Mend(again, at, "重复录入", actor=act.branch.clerk))


def _change(act: Act, chance: Chance) -> tuple[str, Change] | None:
    match act.verb:
        case "hold_meeting":
            return (
                ("attending", _attending) if chance.happens(0.7) else ("held_on", _shifted(act.on, "held_on"))
            )
        case "hold_first_talk":
            return "held_on", _shifted(act.on, "held_on")
        case "record_semiannual_review":
            return "reviewed_on", _shifted(act.on, "reviewed_on")
        case "receive_application":
            return "phone", _set("phone", f"1390000{chance.number(0, 9999):04d}")
        case "register_member":
            if act.who is None or act.branch.dates[act.who.key][1] is None or chance.happens(0.5):
                return "phone", _set("phone", f"1370000{chance.number(0, 9999):04d}")
            since = act.branch.dates[act.who.key][1] or act.on
            return "full_since", _set(
                "full_since", (since + timedelta(days=chance.number(1, 25))).isoformat()
            )
    return None


def _set(field: str, value: Any) -> Change:
    return lambda view: (field, value)


def _shifted(day: date, field: str) -> Change:
    """Return the change to the day before, or the day after where that leaves the month."""
    return lambda view: (field, (day - timedelta(days=1 if day.day > 1 else -1)).isoformat())


def _attending(view: View) -> tuple[str, Any] | None:
    """Return the change by one of those present, as far as the numbers allow."""
    found = view.batch.transaction.find_event(view.act.event_id) if view.act.event_id else None
    event = found.event if found else None
    if not isinstance(event, MeetingHeld) or event.attending is None or event.resolutions:
        return None
    room = event.eligible is None or event.attending < event.eligible
    return "attending", event.attending + 1 if room and event.eligible else max(event.attending - 1, 1)
