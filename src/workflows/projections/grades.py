"""等次: what campaigns decided about a unit, over the years, and what the plans say that comes of it.

Read from the campaigns alone, as of a day and as known on a day. A grade holds until the same plan, held by
the same unit, decides again or takes it away. Which class it stands for, and what follows from it, is said by
rules of that plan; where none does, it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain.act import OnBooks, step_of
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.state import Campaign
from workflows.policies.findings import Source
from workflows.policies.kinds.grades import Grades, Meant
from workflows.policies.rules import Rules
from workflows.projections import plates
from workflows.projections.naming import Naming

Row = dict[str, Any]

CLASSES = ("advanced", "middle", "backward")
"""先进、中间、后进, in the order in which a ledger lists them."""


class Use(NamedTuple):
    """What one rule of the plan says of a grade."""

    rule: str
    label: str
    clause: str
    confidence: str
    meant: Meant


class Grade(msgspec.Struct, frozen=True):
    """One word about the grade of a unit: decided, kept, taken away, or not passed at the first review.

    ``step`` is the act; ``version``: since when the plan is as it was then, ``title`` what
    it is called. ``final`` is False of what takes
    no earlier grade away: one that was kept, a review not passed that may still be made good. ``holds``:
    nothing final and later of the same plan took its place. ``void``: what voided the round in which it was
    confirmed; a grade of that kind holds no longer and stands for nothing. It is ``pending`` (待重新审定)
    until the same plan decides again or it is revoked. ``plate`` is the one hung for this decision, ``now``
    what the unit holds by the plan of the grade.
    """

    file_id: UUID
    subject: str
    holder: UUID | None
    scheme: str | None
    year: int | None
    on: date
    step: str
    source: Source
    version: date | None = None
    title: str | None = None
    grade: str | None = None
    passed: bool | None = None
    score: float | None = None
    satisfaction: float | None = None
    reason: str | None = None
    use: tuple[Use, ...] = ()
    final: bool = True
    holds: bool = False
    void: OnBooks | None = None
    pending: bool = False
    now: plates.Held = plates.NOTHING
    plate: plates.Plate | None = None

    @property
    def unit_class(self) -> str | None:
        """Return advanced, middle or backward; None where no rule of the plan tells."""
        return next((use.meant.unit_class for use in self.use if use.meant.unit_class), None)

    @property
    def gets_plate(self) -> bool:
        """Say whether the plan puts up a plate for the grade."""
        return any(use.meant.plate for use in self.use)

    @property
    def plan(self) -> tuple[UUID | None, str]:
        """Return what tells one series of grades from another: who holds it, by which plan."""
        return self.holder, self.scheme or self.subject


class Words(NamedTuple):
    """What one campaign says of the units, read once: what was decided, who did not pass, what was found.

    ``surveys`` and ``scored`` (its own assessments, the reviews) are those about a unit, as ``plates``;
    ``rechecks`` those of the whole; ``void``: by the event of a grade, what voided its round.
    """

    file: Campaign
    start: ev.CampaignOpened | None
    criteria: tuple[ev.FrozenCriterion, ...]
    decided: dict[UUID, list[OnBooks]]
    failed: dict[UUID, OnBooks]
    surveys: dict[UUID, list[OnBooks]]
    rechecks: list[OnBooks]
    scored: dict[UUID, list[OnBooks]]
    void: dict[UUID, OnBooks]
    plates: dict[UUID, list[OnBooks]]

    @classmethod
    def of(cls, file: Campaign) -> Words:
        """Return the words of a campaign, which is as of the day asked for."""
        found = cls(file, file.start, file.criteria, {}, {}, {}, [], {}, {}, {})
        for act in file.acts:
            event = act.event
            if isinstance(event, ev.RatingConfirmed | ev.RatingRevoked | ev.RatingKept):
                found.decided.setdefault(event.about, []).append(act)
            elif isinstance(event, ev.MassesSurveyed):
                found.surveys.setdefault(event.about, []).append(act)
            elif isinstance(event, ev.PlateHung | ev.PlateTakenDown):
                found.plates.setdefault(event.about, []).append(act)
            elif isinstance(event, ev.Rechecked):
                found.rechecks.append(act)
            elif isinstance(event, ev.RoundVoided):
                found.failed.clear()
                for one in (one for acts in found.decided.values() for one in acts):
                    if isinstance(one.event, ev.RatingConfirmed):
                        found.void.setdefault(one.source.event_id, act)
            elif isinstance(event, ev.SelfAssessed):
                found.scored.setdefault(event.about, []).append(act)
            elif isinstance(event, ev.Reviewed):
                if event.about is not None:
                    found.scored.setdefault(event.about, []).append(act)
                if event.about is not None and event.passed is False:
                    found.failed[event.about] = act
                for unit in _passed(event):
                    found.failed.pop(unit, None)
        return found


def _passed(event: ev.Reviewed) -> tuple[UUID, ...]:
    """Return the units that a review says have passed."""
    told = event.passing.units if event.passing is not None else ()
    return (*told, event.about) if event.about is not None and event.passed else told


def campaigns(books: Books, on: date) -> Iterator[Campaign]:
    """Yield the campaigns opened by a day, whoever holds them, cut at that day."""
    for entry in books.files_of(Campaign.kind, books.below(None)):
        cut = books.file_state(entry.id).at(on)
        if isinstance(cut, Campaign) and cut.start is not None:
            yield cut


def words_of(books: Books, on: date) -> list[Words]:
    """Return what every campaign opened by a day says of the units, as of that day."""
    return [Words.of(file) for file in campaigns(books, on)]


def history(books: Books, unit_id: UUID, on: date, told: Iterable[Words] | None = None) -> list[Grade]:
    """Return every word about the grades of a unit by a day, in the order of the days.

    ``told``: the campaigns as of that day, where they were read already.
    """
    words = words_of(books, on) if told is None else told
    found = [grade for one in words for grade in of_campaign(one, unit_id, books)]
    found.sort(key=lambda grade: (grade.on, grade.source.position))
    last = {grade.plan: place for place, grade in enumerate(found) if grade.final}
    stand = [_as_it_stands(grade, last.get(grade.plan) == place) for place, grade in enumerate(found)]
    now = {plan: plates.Held(stand[place].grade, stand[place].pending) for plan, place in last.items()}
    return [
        grade
        if grade.plate is None
        else msgspec.structs.replace(grade, now=now.get(grade.plan, plates.NOTHING))
        for grade in stand
    ]


def _as_it_stands(grade: Grade, is_last: bool) -> Grade:
    """Return a grade with whether it holds; the last one of a voided round is pending instead."""
    is_void = grade.void is not None
    holds = is_last and grade.grade is not None and not is_void
    return msgspec.structs.replace(grade, holds=holds, pending=is_last and is_void)


def of_campaign(words: Words, unit_id: UUID, books: Books) -> Iterator[Grade]:
    """Yield what one campaign decided about a unit; where nothing was, that it did not pass."""
    decided, hung = words.decided.get(unit_id, []), plates.plates_of(words.plates.get(unit_id, ()))
    for act in decided:
        grade = _decided(words, act, books.rules_for(unit_id, act.on))
        is_grade = isinstance(act.event, ev.RatingConfirmed)
        plate = plates.of_decision(hung, decided, act) if hung and is_grade else None
        yield grade if plate is None else msgspec.structs.replace(grade, plate=plate)
    failed = words.failed.get(unit_id)
    if failed is not None and not any(act.on >= failed.on for act in decided):
        rules = books.rules_for(unit_id, failed.on)
        told = msgspec.structs.replace(_told(words, failed), passed=False, final=words.file.is_over)
        yield msgspec.structs.replace(told, **_said(words, rules, failed.on, None))


def _told(words: Words, act: OnBooks) -> Grade:
    file, start = words.file, words.start
    return Grade(
        file_id=file.id,
        subject=file.subject,
        holder=file.unit_id,
        scheme=start.scheme if start else None,
        year=start.year if start else None,
        on=act.on,
        step=step_of(act.event),
        source=act.source,
        score=getattr(act.event, "score", None),
        reason=getattr(act.event, "reason", None) or None,
    )


def _decided(words: Words, act: OnBooks, rules: Rules) -> Grade:
    event = act.event
    told = _told(words, act)
    if isinstance(event, ev.RatingKept):
        return msgspec.structs.replace(told, final=False)
    if not isinstance(event, ev.RatingConfirmed):
        return told
    void = words.void.get(act.source.event_id)
    said = _said(words, rules, act.on, event.grade)
    if void is not None:
        said["use"] = ()
    return msgspec.structs.replace(
        told, grade=event.grade, satisfaction=event.satisfaction, void=void, **said
    )


def _said(words: Words, rules: Rules, on: date, grade: str | None) -> dict[str, Any]:
    """Return what the plan of a campaign says of a grade, or (None) of who did not pass."""
    scheme = words.start.scheme if words.start else None
    pack = next((pack for pack in rules.packs if scheme in (pack.id, pack.title)), None)
    passed = None if grade is not None else False
    return {
        "version": pack.issued_on if pack is not None else None,
        "title": pack.title if pack is not None else None,
        "use": tuple(uses(rules, scheme, on, grade, passed)),
    }


def uses(
    rules: Rules,
    scheme: str | None,
    on: date,
    grade: str | None,
    passed: bool | None = None,
    about: str = "campaign",
) -> Iterator[Use]:
    """Yield what each rule of a plan says of a grade, or of who passed or did not, on a day.

    Without a ``scheme`` those of the only plan there is; of several nobody knows which is meant.
    """
    packs = [pack for pack in rules.packs if any(_is_about(rule, about) for rule in pack.own_rules)]
    if scheme is not None:
        packs = [pack for pack in packs if scheme in (pack.id, pack.title)]
    elif len({pack.id for pack in packs}) > 1:
        return
    for rule_id in dict.fromkeys(r.id for pack in packs for r in pack.own_rules if _is_about(r, about)):
        for rule in rules.rules_named(rule_id):
            value = rule.value_on(on) if isinstance(rule, Grades) else None
            meant = rule.of(value, grade, passed) if isinstance(rule, Grades) and value else None
            if meant is not None:
                confidence = rule.clause_on(on).confidence
                yield Use(rule.id, rule.label, rule.cite(on), confidence, meant)


def _is_about(rule: object, about: str) -> bool:
    return isinstance(rule, Grades) and rule.about == about


def standing(grades: Sequence[Grade]) -> list[Grade]:
    """Return the grades that hold, the latest last."""
    return [grade for grade in grades if grade.holds]


def wants_plate(grade: Grade, grades: Iterable[Grade]) -> bool:
    """Say whether the plan puts up a plate for a grade that holds, and none of that grade hangs."""
    if not grade.holds or not grade.gets_plate:
        return False
    hung = (one.plate for one in grades if one.plan == grade.plan and one.plate is not None)
    return not any(plate.standing(plates.Held(grade.grade)) == "hangs" for plate in hung)


def class_of(grades: Sequence[Grade]) -> Grade | None:
    """Return the grade by which a unit is of a class: the latest that holds and stands for one."""
    return next((grade for grade in reversed(grades) if grade.holds and grade.unit_class), None)


# --- rows ------------------------------------------------------------------------------------------------


def rows(grades: Sequence[Grade], naming: Naming) -> list[Row]:
    """Return the history in JSON form, the earliest first."""
    return [
        {
            "on": grade.on.isoformat(),
            "step": grade.step,
            "grade": grade.grade,
            "passed": grade.passed,
            "class": grade.unit_class,
            "score": grade.score,
            "satisfaction": grade.satisfaction,
            "reason": grade.reason,
            "holds": grade.holds,
            "pending": grade.pending,
            "void_on": grade.void.on.isoformat() if grade.void is not None else None,
            "subject": grade.subject,
            "holder": naming.unit(grade.holder),
            "scheme": grade.scheme,
            "plan": grade.title or grade.scheme,
            "version": grade.version.isoformat() if grade.version else None,
            "year": grade.year,
            "use": uses_as_rows(grade.use),
            "plate": plates.as_row(grade.plate, grade.now, naming.unit(grade.holder)),
            "plate_due": wants_plate(grade, grades),
            "file_id": str(grade.file_id),
            "event_id": str(grade.source.event_id),
        }
        for grade in grades
    ]


def uses_as_rows(told: Iterable[Use]) -> list[Row]:
    """Return what rules say of a grade in JSON form: only what each says."""
    found = []
    for use in told:
        said = use.meant._asdict()
        said["class"] = said.pop("unit_class")
        head = {"rule": use.rule, "label": use.label, "clause": use.clause, "confidence": use.confidence}
        found.append({**head, **{name: word for name, word in said.items() if word is not None}})
    return found


def by_class(books: Books, naming: Naming, units: Sequence[UUID], on: date) -> list[Row]:
    """Return the branches of a day by class (先进、中间、后进, then those of none), by name within each.

    The order says nothing of who is better within a class.
    """
    told_of = words_of(books, on)
    found = []
    for unit_id in units:
        told = books.unit(unit_id, on)
        if told is None or told.level != "branch" or not books.unit_state(unit_id).exists_on(on):
            continue
        grades = history(books, unit_id, on, told_of)
        held = class_of(grades) or next(reversed(standing(grades)), None)
        pending = next((grade for grade in reversed(grades) if grade.pending), None)
        if pending is not None and (held is None or held.on <= pending.on):
            held = pending
        found.append(_classed(unit_id, held, naming))
    return sorted(found, key=lambda row: (_place(row["class"]), row["unit"] or ""))


def _place(unit_class: str | None) -> int:
    return CLASSES.index(unit_class) if unit_class in CLASSES else len(CLASSES)


def _classed(unit_id: UUID, held: Grade | None, naming: Naming) -> Row:
    use = next((use for use in held.use if use.meant.unit_class), None) if held else None
    return {
        "unit": naming.unit(unit_id),
        "class": held.unit_class if held else None,
        "grade": held.grade if held and not held.pending else None,
        "pending": held.grade or "" if held and held.pending else None,
        "rated_on": held.on.isoformat() if held else None,
        "year": held.year if held else None,
        "subject": held.subject if held else None,
        "scheme": held.scheme if held else None,
        "rule": use.rule if use else None,
        "clause": use.clause if use else None,
        "use": uses_as_rows(held.use) if held else [],
        "unit_id": str(unit_id),
        "file_id": str(held.file_id) if held else None,
    }
