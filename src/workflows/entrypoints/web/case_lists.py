"""Lists of cases at the horizon of a desk: light rows of all to find and count by, whole ones of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from workflows.entrypoints.masking import as_shown, mask_text
from workflows.entrypoints.web.desk import Answer, Desk


def light_rows(
    desk: Desk, kind: str, unit_id: UUID | None = None, *, withheld: bool = False
) -> list[dict[str, Any]]:
    """Return the cases of a kind in light rows, of all or of a unit and all below, the most urgent first.

    ``withheld``: the unannounced inspections whose day has not come, and no others.
    """
    horizon, answering = desk.horizon, desk.app.answering

    def ask() -> Answer:
        asked = (kind, unit_id, horizon.as_of, horizon.known_on)
        rows = answering.case_outlines(*asked, withheld=withheld)["rows"]
        return {"rows": [{**row, "subject": mask_text(row["subject"])} for row in rows]}

    return desk.kept_rows("light_rows", ask, kind, unit_id, withheld)


def whole_rows(desk: Desk, kind: str, light: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of some light ones with all they tell, in the same order."""
    horizon, answering = desk.horizon, desk.app.answering
    among, day, known = [UUID(row["file_id"]) for row in light], horizon.as_of, horizon.known_on

    def ask() -> Answer:
        return as_shown(answering.cases(kind, None, day, known, among=among))

    return desk.kept_rows("whole_rows", ask, kind, *among)
