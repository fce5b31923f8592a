"""Sums of money: so much per cent of the whole base, or a fixed sum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar, Literal

from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule

_SUM = re.compile(r"\d+(\.\d{1,2})?")
_PERCENT = re.compile(r"\d+(\.\d+)?")
FEN_PER_YUAN = 100


@lru_cache(maxsize=512)
def fen(yuan: float | str) -> int:
    """Read a sum of yuan, a number or text such as ``"0.20"``, as whole fen.

    Raises:
        ValueError: no sum of money.
    """
    if isinstance(yuan, bool) or not _SUM.fullmatch(str(yuan)):
        raise ValueError(f'a sum is written in yuan, 3000 or "0.20", not {yuan!r}')
    return int(Fraction(str(yuan)) * FEN_PER_YUAN)


@lru_cache(maxsize=128)
def per_cent(text: float | str) -> Fraction:
    """Read a rate in per cent, ``1.5`` or ``"1.5"``, as a share of 1.

    Raises:
        ValueError: no rate between 0 and 100.
    """
    if isinstance(text, bool) or not _PERCENT.fullmatch(str(text)) or Fraction(str(text)) > 100:  # noqa: PLR2004
        raise ValueError(f'a rate is written in per cent, 1 or "1.5", not {text!r}')
    return Fraction(str(text)) / 100


def in_yuan(number: int) -> str:
    """Return whole fen as yuan with two decimals: ``30.00``."""
    return f"{number // FEN_PER_YUAN}.{number % FEN_PER_YUAN:02d}"


def part_of(base: int, rate: Fraction) -> int:
    """Return a part of a base in fen, rounded to the fen, a half upwards (``conv-fen``)."""
    return int(base * rate + Fraction(1, 2))


class Rate(Rule):
    """``rate``: at least so much of a base is to be paid, or a fixed sum; paying less breaks the rule.

    Value: a list of ``{over, up_to, percent}`` in yuan: the rate of the band counts for the whole base, not
    for the slice (``over`` itself is not in the band, ``up_to`` is; either may be left out). Or a table
    ``{least, most}``: so much, whatever the base; more than ``most`` is for a person to decide. ``of`` and
    ``paid`` are facts in fen. ``cap`` names a ``count`` rule whose ``max`` (in fen) limits what is due.
    Every finding tells what is due, in yuan: ``{"due": "30.00"}``.
    """

    kind_name: ClassVar[str] = "rate"
    reads_day: ClassVar[bool] = False
    kind: Literal["rate"]
    of: str | None = None
    paid: str
    cap: str | None = None

    def accept(self, value: Any) -> None:
        """Accept a list of bands, or one range of fixed sums."""
        if isinstance(value, dict):
            if "least" not in value or set(value) - {"least", "most"}:
                raise ValueError(f"{self.id}: a fixed sum has least, and most where there is one")
            if fen(value["least"]) > fen(value.get("most", value["least"])):
                raise ValueError(f"{self.id}: least is more than most")
            return
        if not isinstance(value, list) or not value or self.of is None:
            raise ValueError(f"{self.id}: a rate is a list of bands of a base (of), or a table with least")
        for band in value:
            form = set(band) if isinstance(band, dict) else set()
            if "percent" not in form or form - {"over", "up_to", "percent"}:
                raise ValueError(f"{self.id}: a band has percent, and over or up_to")
            per_cent(band["percent"])
            if fen(band.get("over", 0)) >= fen(band.get("up_to", 10**12)):
                raise ValueError(f"{self.id}: over is not below up_to")

    def fact_names(self) -> tuple[str, ...]:
        """Return the base, where there is one, and what was paid."""
        return (self.of, self.paid) if self.of else (self.paid,)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say what is due and compare it with what was paid; [] for a base in no band of this rule.

        Where the base is missing from a live record, the rule whose bands begin at nothing says so: of
        several rules of one band each only one speaks.
        """
        if isinstance(value.value, dict):
            least, most = fen(value.value["least"]), value.value.get("most")
            return self._compare(act, value, least, None if most is None else fen(most), {}, ())
        base = act.book.number(self.of or "")
        if base is None:
            starts = any("over" not in band for band in value.value)
            missing = tuple(name for name in self.fact_names() if act.book.number(name) is None)
            said = starts and act.book.complete
            return [self.finding(act, value, Verdict.INCOMPLETE, missing=missing)] if said else []
        bands = [band for band in value.value if _covers(band, base)]
        if len(bands) != 1:
            rates = [f"{band['percent']}%" for band in bands]
            return [self.finding(act, value, Verdict.REFER, facts={"levels": rates})] if bands else []
        due = computed = part_of(base, per_cent(bands[0]["percent"]))
        lines = [Calc(in_yuan(base), "*", f"{bands[0]['percent']}%", in_yuan(due))]
        more = {}
        limit = self._limit(act)
        if limit is not None and due > limit:
            lines.append(Calc(in_yuan(due), ">", in_yuan(limit)))
            due, more = limit, {"computed": in_yuan(computed), "cap": in_yuan(limit)}
        return self._compare(act, value, due, None, more, tuple(lines))

    def _compare(
        self,
        act: Act,
        value: DatedValue,
        due: int,
        most: int | None,
        more: Mapping[str, Any],
        lines: tuple[Calc, ...],
    ) -> list[Finding]:
        facts, paid = {"due": in_yuan(due), **more}, act.book.number(self.paid)
        if paid is None:
            if not act.book.complete:
                return [self.finding(act, value, Verdict.OK, facts=facts, calc=lines)]
            return [
                self.finding(act, value, Verdict.INCOMPLETE, missing=(self.paid,), facts=facts, calc=lines)
            ]
        facts["paid"] = in_yuan(paid)
        if paid < due:
            lines = (*lines, Calc(in_yuan(paid), "<", in_yuan(due)))
            return [self.broken(act, value, facts=facts, calc=lines)]
        if most is not None and paid > most:
            lines = (*lines, Calc(in_yuan(paid), ">", in_yuan(most)))
            facts["most"] = in_yuan(most)
            return [self.finding(act, value, Verdict.REFER, facts=facts, calc=lines)]
        return [self.finding(act, value, Verdict.OK, facts=facts, calc=lines)]

    def _limit(self, act: Act) -> int | None:
        """Return the cap in fen that holds on the day of the act; None where there is none."""
        found = act.held_value(self.cap) if self.cap else None
        most = found.value.get("max") if found is not None and isinstance(found.value, dict) else None
        return most if isinstance(most, int) else None

    def flaws(self, value: DatedValue) -> list[tuple[str, str, str]]:
        """Return the gaps and overlaps between neighbouring bands in yuan: (gap or overlap, from, to)."""
        if isinstance(value.value, dict):
            return []
        found = []
        bands = sorted(value.value, key=lambda band: fen(band.get("over", 0)))
        for low, high in pairwise(bands):
            ends, begins = fen(low.get("up_to", 10**12)), fen(high.get("over", 0))
            if ends != begins:
                what = "gap" if ends < begins else "overlap"
                found.append((what, in_yuan(min(ends, begins)), in_yuan(max(ends, begins))))
        return found

    def tightens(self, mine: Any, other: Any) -> bool:
        """Higher rates for the same bands ask more, and so does a higher least sum."""
        if isinstance(mine, dict) and isinstance(other, dict):
            return fen(mine["least"]) >= fen(other["least"])
        if not isinstance(mine, list) or not isinstance(other, list) or len(mine) != len(other):
            return False
        return all(
            (ours.get("over"), ours.get("up_to")) == (its.get("over"), its.get("up_to"))
            and per_cent(ours["percent"]) >= per_cent(its["percent"])
            for ours, its in zip(mine, other, strict=True)
        )


def _covers(band: Mapping[str, Any], base: int) -> bool:
    over, up_to = band.get("over"), band.get("up_to")
    return (over is None or base > fen(over)) and (up_to is None or base <= fen(up_to))
