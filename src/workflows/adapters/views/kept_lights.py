"""How kept limits stand on a day, as the database says it of those whose days alone say it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case

from workflows.projections.deadlines import BYGONE_DAYS
from workflows.projections.lights import BYGONE, COME_BACK, ENDING, OK, OVER, SOON, TERM_AHEAD


def light_of(columns: Any, on: date) -> Any:
    """Return the light of a limit: see ``deadlines.light_on``."""
    c = columns
    long_over = and_(c.said.in_(COME_BACK), c.last_on < on - timedelta(days=BYGONE_DAYS))
    return case((long_over, BYGONE), (c.last_on < on, OVER), (c.open_until < on, SOON), else_=OK)


def term_of(columns: Any, on: date) -> Any:
    """Return whether a limit is the end of a term that is near or over: see ``lights.term_on``."""
    c = columns
    is_near = and_(c.rule.in_(sorted(ENDING)), c.last_on <= on + TERM_AHEAD)
    return case((and_(is_near, c.last_on < on), OVER), (is_near, SOON), else_="")
