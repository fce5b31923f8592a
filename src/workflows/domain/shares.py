"""Per cents as whole numbers: rules compare these, so that nothing is rounded over a boundary."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal


def parts_of(percent: float) -> tuple[int, int]:
    """Return a per cent as (parts, of how many): 90 is 90 of 100, 89.99 is 8999 of 10000."""
    told = Decimal(str(percent)).normalize()
    exponent = told.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return int(told.scaleb(places)), int(Decimal(100).scaleb(places))


def whole(number: float, places: int = 0) -> int:
    """Return how many whole units (tenths, hundredths) are reached: 89.99 has reached 89."""
    return int(Decimal(str(number)).scaleb(places).to_integral_value(ROUND_FLOOR))
