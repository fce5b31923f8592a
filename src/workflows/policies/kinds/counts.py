"""Numbers against numbers: counts, shares, quorums, majorities, quotas, bands."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from workflows.policies.facts import Fact
from workflows.policies.findings import UNKNOWN, Calc, Finding, Verdict
from workflows.policies.kinds.rates import AsTold
from workflows.policies.rule import Act, DatedValue, Rule


def fraction(text: Any) -> Fraction:
    """Read a share written ``1/2`` or ``4/5``.

    Raises:
        ValueError: not a share between 0 and 10 (candidates to seats may exceed 1).
    """
    if not isinstance(text, str):
        raise ValueError(f"a share is written as text, such as 1/2, not {text!r}")
    return _read(text)


@lru_cache(maxsize=256)
def _read(text: str) -> Fraction:
    share = Fraction(text)
    if not 0 <= share <= 10:  # noqa: PLR2004
        raise ValueError(f"{text} is no share")
    return share


def _shown(number: int, whole: int) -> str:
    """Return a number of parts as one reads it: 9, or 7.5."""
    return str(number // whole) if number % whole == 0 else f"{number / whole:g}"


class Count(AsTold):
    """``count``: a number (or the length of a list) lies between ``min`` and ``max``, both included.

    ``any_of``: one of several counts suffices (three days *or* 24 hours). ``needs``: the act without which
    there is nothing to count.
    """

    kind_name: ClassVar[str] = "count"
    reads_day: ClassVar[bool] = False
    kind: Literal["count"]
    of: str | None = None
    any_of: tuple[str, ...] = Field(default=(), strict=False)
    needs: str | None = None

    def accept(self, value: Any) -> None:
        """Accept ``{min, max}`` with whole numbers, or with ``any_of`` a table of minima by fact."""
        if not isinstance(value, dict) or not value:
            raise ValueError(f"{self.id}: a count is a table")
        allowed = set(self.any_of) if self.any_of else {"min", "max"}
        if set(value) - allowed or not all(isinstance(n, int) for n in value.values()):
            raise ValueError(f"{self.id}: a count has whole numbers under {', '.join(sorted(allowed))}")

    def fact_names(self) -> tuple[str, ...]:
        """Return what is counted."""
        return self.any_of or ((self.of,) if self.of else ())

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare the count with its bounds; what is not said is missing in a live record, else unknown."""
        if self.needs and not act.book.done(self.needs) and act.command != self.needs:
            if not act.book.course_known:
                return []
            return [self.finding(act, value, Verdict.INCOMPLETE, missing=(self.needs,))]
        names = self.fact_names()
        numbers = [act.book.number(name) for name in names]
        if numbers.count(None) == len(numbers):
            if not act.book.complete:
                return []
            return [self.finding(act, value, Verdict.INCOMPLETE, missing=names)]
        if self.any_of:
            return self._any_of(act, value, dict(zip(names, numbers, strict=True)))
        number = numbers[0] or 0
        low, high = value.value.get("min"), value.value.get("max")
        if low is not None and number < low:
            return [self.broken(act, value, calc=(Calc(str(number), "<", str(low)),))]
        if high is not None and number > high:
            return [self.broken(act, value, calc=(Calc(str(number), ">", str(high)),))]
        bound = Calc(str(number), ">=", str(low)) if low is not None else Calc(str(number), "<=", str(high))
        return [self.finding(act, value, Verdict.OK, calc=(bound,))]

    def _any_of(self, act: Act, value: DatedValue, numbers: dict[str, int | None]) -> list[Finding]:
        """Return whether one of the numbers suffices; one not told (``?``) may, but in a live record."""
        told = [(name, numbers.get(name), low) for name, low in value.value.items()]
        calc = tuple(
            Calc(
                UNKNOWN if n is None else str(n),
                "<" if n is not None and n < low else ">=",
                str(low),
                unit=n_,
            )
            for n_, n, low in told
        )
        if any(n is not None and n >= low for _, n, low in told):
            return [self.finding(act, value, Verdict.OK, calc=calc)]
        if not act.book.complete and any(n is None for _, n, _ in told):
            return []
        return [self.broken(act, value, calc=calc)]

    def tightens(self, mine: Any, other: Any) -> bool:
        """A higher minimum and a lower maximum ask more."""
        low = all(mine.get(k, 0) >= v for k, v in other.items() if k != "max")
        return low and mine.get("max", 10**9) <= other.get("max", 10**9)


_AS_LARGE = {"attending": ("attending", "eligible"), "full_members": ("full_members", "members")}
"""By the base of a share, the bases that are never smaller."""


class Numbers(NamedTuple):
    """What a ratio compares, with the arithmetic where the numbers told are not those compared."""

    number: int | None
    base: int | None
    calc: tuple[Calc, ...] = ()


class _Ratio(AsTold):
    """Base of the kinds that compare one number with a share of another."""

    of: str
    base: str
    strict: bool = False

    def accept(self, value: Any) -> None:
        """Accept a share such as ``1/2``."""
        fraction(value)

    def fact_names(self) -> tuple[str, ...]:
        """Return the number and its base."""
        return (self.of, self.base)

    def numbers(self, act: Act) -> Numbers:
        """Return the number and its base."""
        return Numbers(act.book.number(self.of), act.book.number(self.base))

    def compare(self, act: Act, value: DatedValue) -> tuple[bool, Calc] | None:
        """Return whether the share is reached and the arithmetic; None where a number is unknown."""
        number, base, _ = self.numbers(act)
        if number is None or base is None:
            return None
        # whole numbers on both sides: fractions cost more than all the rest of a check
        parts, whole = fraction(value.value).as_integer_ratio()
        has, wants = number * whole, base * parts
        strict = self.is_strict(value)
        reached = has > wants if strict else has >= wants
        op = (">" if strict else ">=") if reached else ("<=" if strict else "<")
        return reached, Calc(str(number), op, f"{base} × {value.value}", _shown(wants, whole))

    def unknown(self, act: Act, value: DatedValue) -> list[Finding]:
        """Return what is missing in a live record, nothing where it is merely unknown."""
        if not act.book.complete:
            return []
        missing = tuple(name for name in (self.of, self.base) if act.book.number(name) is None)
        return [self.finding(act, value, Verdict.INCOMPLETE, missing=missing)]

    def tightens(self, mine: Any, other: Any) -> bool:
        """A larger share asks more."""
        return fraction(mine) >= fraction(other)

    def asks_as_much(self, value: DatedValue, other: Rule, its: DatedValue) -> bool:
        """Say whether the share is as large, of a base as large; more than it where the other asks that."""
        if not isinstance(other, _Ratio) or self.base not in _AS_LARGE.get(other.base, (other.base,)):
            return False
        mine, theirs = self.measure(value.value), other.measure(its.value)
        if fraction(mine) == fraction(theirs) and other.is_strict(its) and not self.is_strict(value):
            return False
        return self.tightens(mine, theirs)

    def is_strict(self, value: DatedValue) -> bool:
        """Say whether more than the share is asked for, not only as much."""
        return self.strict if value.strict_share is None else value.strict_share


class Share(_Ratio):
    """``share``: a number is at least (``strict``: more than) a share of a stated base.

    ``exempt_by`` names the ``exemption`` rule that says whether those free to stay away are in the base.
    ``rounding = "refer"``: the text does not say how a share that is no whole number is rounded, so a number
    that reaches it rounded down, but not up, is left to a person.
    """

    kind_name: ClassVar[str] = "share"
    reads_day: ClassVar[bool] = False
    kind: Literal["share"]
    exempt_by: str | None = None
    rounding: Literal["refer"] | None = None

    def numbers(self, act: Act) -> Numbers:
        """Return number and base, those free to stay away left out of both where the rule named says so."""
        told = super().numbers(act)
        held = act.held_value(self.exempt_by) if self.exempt_by else None
        free, here = act.book.number("exempt"), act.book.number("exempt_here") or 0
        if told.base is None or not free or held is None or held.value != OUT_OF_BASE:
            return told
        base = told.base - free
        line = Calc(str(told.base), "-", str(free), str(base))
        if told.number is None or not here:
            return Numbers(told.number, base, (line,))
        taken = Calc(str(told.number), "-", str(here), str(told.number - here))
        return Numbers(told.number - here, base, (line, taken))

    def fact_names(self) -> tuple[str, ...]:
        """Return the number and its base, and how many are free to stay away where that may matter."""
        return (self.of, "exempt", "exempt_here", self.base) if self.exempt_by else (self.of, self.base)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare number and share."""
        compared = self.compare(act, value)
        if compared is None:
            return self.unknown(act, value)
        reached, line = compared
        calc = (line, *self.numbers(act).calc)
        if reached:
            return [self.finding(act, value, Verdict.OK, calc=calc)]
        if self.rounding and self._reaches_less(act, value):
            return [self.finding(act, value, Verdict.REFER, calc=calc)]
        return [self.broken(act, value, calc=calc)]

    def _reaches_less(self, act: Act, value: DatedValue) -> bool:
        """Say whether the share is no whole number, and the number reaches it rounded down."""
        number, base, _ = self.numbers(act)
        least, rest = divmod(base * fraction(value.value), 1) if base is not None else (0, Fraction(0))
        return bool(rest) and number is not None and number >= least


OUT_OF_BASE = "out_of_base"
"""The word of an ``exemption`` by which those free to stay away do not count as due."""


class Quorum(Share):
    """``quorum``: who is present against who should attend; without a quorum a vote is void."""

    kind_name: ClassVar[str] = "quorum"
    reads_day: ClassVar[bool] = False
    kind: Literal["quorum"]  # type: ignore[assignment]
    exempt_by: None = None


class Majority(_Ratio):
    """``majority``: votes in favour against a base (eligible or attending).

    A vote without majority is a fact, recorded as ``not_passed``; where the minutes claim it passed
    (``claim``), it is ``block``. The engine judges by the numbers. ``each``: a list of votes judged one by
    one, so that some pass.
    """

    kind_name: ClassVar[str] = "majority"
    reads_day: ClassVar[bool] = False
    kind: Literal["majority"]
    claim: str = "passed"
    each: str | None = None

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare the votes with the share of the base, candidate by candidate with ``each``."""
        if self.each:
            votes = act.book.value(self.each) or ()
            return [f for vote in votes for f in self._judge(self._for(act, vote), value, vote)]
        return self._judge(act, value, None)

    def _for(self, act: Act, vote: Any) -> Act:
        return Act(act.command, act.on, act.book.extended({self.of: Fact(vote.votes)}), act.calendar)

    def _judge(self, act: Act, value: DatedValue, vote: Any) -> list[Finding]:
        compared = self.compare(act, value)
        if compared is None:
            return [] if vote is not None else self.unknown(act, value)
        reached, line = compared
        facts = {} if vote is None else {"item": vote.label}
        if reached:
            return [self.finding(act, value, Verdict.OK, calc=(line,), facts=facts)]
        claimed = vote is None and act.book.value(self.claim) is True
        verdict = Verdict.BLOCK if claimed else Verdict.NOT_PASSED
        return [self.finding(act, value, verdict, calc=(line,), facts=facts)]


class Quota(_Ratio):
    """``quota``: a number is at most a share of a base (of those passed, of all units)."""

    kind_name: ClassVar[str] = "quota"
    reads_day: ClassVar[bool] = False
    kind: Literal["quota"]

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare number and share; more than the share breaks the rule."""
        number, base = act.book.number(self.of), act.book.number(self.base)
        if number is None or base is None:
            return self.unknown(act, value)
        parts, whole = fraction(value.value).as_integer_ratio()
        over = number * whole > base * parts
        shown = f"{base * parts / whole:g}"
        line = Calc(str(number), ">" if over else "<=", f"{base} × {value.value}", shown)
        if over:
            return [self.broken(act, value, calc=(line,))]
        return [self.finding(act, value, Verdict.OK, calc=(line,))]

    def tightens(self, mine: Any, other: Any) -> bool:
        """A smaller quota asks more."""
        return fraction(mine) <= fraction(other)

    def asks_as_much(self, value: DatedValue, other: Rule, its: DatedValue) -> bool:
        """Say whether the share is no larger, of the same base."""
        return isinstance(other, Quota) and self.base == other.base and self.tightens(value.value, its.value)


class Bands(Rule):
    """``bands``: which level a score falls into; a gap or two levels for one score is referred to a person.

    Value: a list of ``{from, to, level}``, both ends included; ``over`` in place of ``from``: the lower end
    is not; ``below`` in place of ``to``: the upper end is not. ``step`` is the smallest difference
    between two scores: without it every number is one.
    """

    kind_name: ClassVar[str] = "bands"
    reads_day: ClassVar[bool] = False
    kind: Literal["bands"]
    of: str = "score"
    step: float | None = Field(default=None, gt=0)

    def accept(self, value: Any) -> None:
        """Accept a list of bands."""
        if not isinstance(value, list) or not value:
            raise ValueError(f"{self.id}: bands are a list")
        for band in value:
            form = set(band) if isinstance(band, dict) else set()
            if form not in FORMS_OF_A_BAND:
                raise ValueError(f"{self.id}: a band has from (or over), to (or below) and level")
            is_open = "over" in band or "below" in band
            if _stops(band) < _starts(band) or (is_open and _stops(band) == _starts(band)):
                raise ValueError(f"{self.id}: a band has from <= to and level")

    def fact_names(self) -> tuple[str, ...]:
        """Return the score."""
        return (self.of,)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Return the level of the score as a fact, or refer."""
        score = act.book.value(self.of)
        if score is None:
            return []
        levels = [band["level"] for band in value.value if _covers(band, score)]
        if len(levels) == 1:
            return [self.finding(act, value, Verdict.OK, facts={"level": levels[0]})]
        return [self.finding(act, value, Verdict.REFER, facts={"levels": levels})]

    def flaws(self, value: DatedValue) -> list[tuple[str, float, float]]:
        """Return the gaps and overlaps between neighbouring bands: (gap or overlap, from, to).

        Where the next score after the end of one band is the first of the other, there is neither.
        """
        bands = sorted(value.value, key=_starts)
        found = []
        for low, high in pairwise(bands):
            ends, begins = _stops(low), _starts(high)
            apart = Fraction(str(begins)) - Fraction(str(ends))
            neither = apart == 0 and "over" in high and "below" in low
            one_open = "over" in high or "below" in low
            no_score = one_open or self.step is None or apart > Fraction(str(self.step))
            if apart < 0 or (apart == 0 and not one_open):
                found.append(("overlap", begins, ends))
            elif neither or (apart > 0 and no_score):
                found.append(("gap", ends, begins))
        return found


FORMS_OF_A_BAND = tuple({low, high, "level"} for low in ("from", "over") for high in ("to", "below"))
"""How a band may be written: each end included or not."""


def _stops(band: dict[str, Any]) -> Any:
    return band["below"] if "below" in band else band["to"]


def _starts(band: dict[str, Any]) -> Any:
    return band["over"] if "over" in band else band["from"]


def _covers(band: dict[str, Any], score: Any) -> bool:
    begun = score > band["over"] if "over" in band else score >= band["from"]
    return bool(begun and (score < band["below"] if "below" in band else score <= band["to"]))
