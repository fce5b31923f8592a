"""What was filled in, read into the fields of a command; what cannot be is told at its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from workflows.application import rough_days
from workflows.application.rough_days import Told
from workflows.domain.act import Command
from workflows.entrypoints.details import explained
from workflows.entrypoints.web.forms.fields import (
    HAND_WRITTEN,
    LONGEST_LIST,
    LONGEST_TEXT,
    NO,
    ON,
    OTHER,
    TWIN,
    YES,
    Field,
    names_in,
)
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.words import CATALOGUE, WORDING
from workflows.kernel.approximate import LONGEST, read_approximate
from workflows.kernel.errors import WrongUsage

_PLACE = re.compile(r"(?:at `\$\.|required field `)(\w+)")
_REAL = re.compile(r"-?\d{1,6}(\.\d{1,4})?")
_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")
NOT_ON_THE_LIST = "不在名单里，请重新选"


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be chosen: the name behind each id, by field; the units and the steps of the packs."""

    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Filled:
    """A form filled in: values in JSON form, what each says in words, and what is wrong, all by field."""

    values: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def command(self, name: str) -> Command | None:
        """Return the command, None where something is wrong; what the command refuses is put at its field."""
        made = self.roughly(name, latest=date.max)
        return None if made is None else made.command

    def roughly(self, name: str, *, latest: date, of_case: bool = False) -> Told | None:
        """Return the command with its days known only roughly, which lay behind by ``latest``.

        ``of_case``: a case's is meant where two commands bear the name.
        """
        if self.wrong:
            return None
        given = {key: value for key, value in self.values.items() if key != ON}
        try:
            on = _day_or_words(self.values[ON])
            return rough_days.told(name, given, on, latest=latest, of_case=of_case)
        except WrongUsage as problem:
            self.refuse(problem)
            return None

    def refuse(self, problem: WrongUsage) -> None:
        """Put what a use case says about the request at the field it is about."""
        detail = str(problem.facts.get("detail") or "")
        if problem.code == "command-field":
            place = _PLACE.search(detail)
            self.wrong[place[1] if place else ON] = explained(detail.partition(" - at ")[0], WORDING)
            return
        what, why, remedy = WORDING.problem(problem)
        name = "to_unit" if problem.code.startswith("unit-") and "to_unit" in self.values else ON
        name = "other" if problem.code.startswith("person-") and "other" in self.told else name
        name = "subject" if problem.code.startswith("subject-") and "subject" in self.told else name
        self.wrong[name] = "，".join(part for part in (why or what, remedy) if part)


def _day_or_words(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def fill(fields: Sequence[Field], posted: Posted, lists: Lists) -> Filled:
    """Return what was posted for the fields, each checked by its own kind."""
    found = Filled()
    for one in fields:
        if one.kind in ("people", "words", "lines", "several", "counted"):
            _several(one, posted, lists, found)
            continue
        text = posted.one(one.name)
        if (one.kind in HAND_WRITTEN or one.rough) and (other := posted.one(one.name + OTHER)):
            _by_hand(one, other, found)
            continue
        if not text:
            if one.required:
                found.wrong[one.name] = f"请填写{one.label}"
            continue
        _single(one, text, lists, found)
    return found


def _keep(found: Filled, one: Field, value: Any, told: str) -> None:
    found.values[one.name], found.told[one.name] = value, told


def _single(one: Field, text: str, lists: Lists, found: Filled) -> None:  # one branch a kind
    limit = one.most if one.kind == "text" and one.most else LONGEST_TEXT
    if len(text) > limit:
        found.wrong[one.name] = f"不能多于 {limit} 个字，现在有 {len(text)} 个字"
        return
    match one.kind:
        case "day":
            try:
                _keep(found, one, date.fromisoformat(text).isoformat(), text)
            except ValueError:
                found.wrong[one.name] = "不是一个日期，应写作 2026-06-30"
        case "number":
            _number(one, text, found)
        case "real":
            _real(one, text, found)
        case "money":
            try:
                _keep(found, one, str(Decimal(text)), f"{text} 元")
            except InvalidOperation:
                found.wrong[one.name] = "不是一个金额，应写作 12.50"
        case "month":
            if _MONTH.fullmatch(text):
                _keep(found, one, text, text)
            else:
                found.wrong[one.name] = "不是一个月份，应写作 2026-07"
        case "yes" | "choice":
            words = dict(one.choices)
            if text not in words:
                found.wrong[one.name] = NOT_ON_THE_LIST
            else:
                _keep(found, one, text == YES if one.kind == "yes" else text, words[text])
        case "person":
            _chosen(one, text, lists.people.get(one.name, {}), found)
        case "unit":
            _chosen(one, text, lists.units, found)
        case "step":
            _chosen(one, text, lists.steps, found)
        case _:
            _keep(found, one, text, text)


def _number(one: Field, text: str, found: Filled) -> None:
    if not (text.isascii() and text.isdigit()):
        found.wrong[one.name] = "请填一个整数，如 12"
        return
    least, most = one.least or 0, one.most if one.most is not None else 10**9
    number = int(text[:20])
    if not least <= number <= most:
        found.wrong[one.name] = f"应在 {least} 到 {most} 之间"
    else:
        _keep(found, one, number, str(number))


def _real(one: Field, text: str, found: Filled) -> None:
    if not _REAL.fullmatch(text):
        found.wrong[one.name] = "请填一个数，如 92.5"
        return
    number = float(text)
    _keep(found, one, int(number) if number.is_integer() else number, text)


def _chosen(one: Field, text: str, known: Mapping[str, str], found: Filled) -> None:
    if text not in known:
        found.wrong[one.name] = NOT_ON_THE_LIST
    else:
        _keep(found, one, text, known[text])


def _by_hand(one: Field, text: str, found: Filled) -> None:
    """Take what was written by hand: a name not on the list, a unit not on the books, a day in words."""
    if one.rough:
        if len(text) > LONGEST:
            found.wrong[one.name] = f"不能多于 {LONGEST} 个字"
        elif read_approximate(text, earliest=date.min, latest=date.max) is None:
            found.wrong[one.name] = (
                "看不懂的日期，应写作 1998年、1998年3月、约2003年春；知道是哪一天的，请选上面的日期"
            )
        else:
            _keep(found, one, text, f"{text}（大概的日期）")
        return
    if len(text) > (one.most or LONGEST_TEXT):
        found.wrong[one.name] = f"不能多于 {one.most or LONGEST_TEXT} 个字"
    elif one.name == TWIN[1]:  # of several of one name only the id tells who is meant
        _keep(found, one, text, text)
    elif _is_id(text):
        found.wrong[one.name] = "请写名称，不写编号"
    else:
        _keep(found, one, text, f"{text}（{'不在本系统' if one.kind == 'unit' else '名册外'}）")
        if one.kind == "unit":
            found.values["outside"] = True


def _several(one: Field, posted: Posted, lists: Lists, found: Filled) -> None:
    known = lists.people.get(one.name, {}) if one.kind == "people" else dict(one.choices)
    chosen = [] if one.kind == "lines" else list(dict.fromkeys(posted.all(one.name)))
    place = one.name if one.kind == "lines" else one.name + OTHER
    text = posted.one(place)
    if one.kind == "counted" and (text or chosen == [YES] or chosen == [NO]):
        _counted(one, chosen, text, found)
        return
    written = (
        [part.strip() for part in text.split("\n") if part.strip()] if one.kind == "lines" else names_in(text)
    )
    if any(text not in known for text in chosen):
        found.wrong[one.name] = NOT_ON_THE_LIST
    elif len(written) + len(chosen) > max(LONGEST_LIST, len(known)):
        found.wrong[one.name] = f"最多写 {max(LONGEST_LIST, len(known))} 项"
    elif any(len(text) > LONGEST_TEXT or _is_id(text) for text in written):
        found.wrong[one.name] = "写得太长，或者写的是编号，请写名称"
    elif not chosen and not written:
        if one.required:
            found.wrong[one.name] = f"请选{one.label}"
    else:
        named = [known[text] for text in chosen] + [
            f"{text}（名册外）" if one.kind == "people" else text for text in written
        ]
        _keep(found, one, [*chosen, *written], CATALOGUE.listed(named))


def _counted(one: Field, chosen: Sequence[str], text: str, found: Filled) -> None:
    """Take how many they are, or a yes or no where one alone is meant."""
    if text and chosen:
        found.wrong[one.name] = "勾选的和数目只能写一样"
    elif not text:
        _keep(found, one, chosen == [YES], dict(one.choices).get(chosen[0], chosen[0]))
    elif text.isascii() and text.isdigit():
        _keep(found, one, int(text[:7]), f"{int(text[:7])} 个")
    else:
        found.wrong[one.name] = "请填一个整数，如 12"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
