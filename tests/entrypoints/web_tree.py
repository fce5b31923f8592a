"""The county of the pages after its tree changed: a branch renamed, one merged into it, one split off."""

from __future__ import annotations

from datetime import date

from tests.entrypoints.web_county import BRANCH, COMMITTEE, TODAY, County, county
from workflows.kernel.clock import moment_of

RENAMED, SMALL, NEW = "向阳新村党支部", "河湾村党支部", "东坡党支部"
RENAMED_ON, MERGED_ON, SPLIT_ON = "2026-07-01", "2026-09-01", "2026-10-12"


def changed_county() -> County:
    """Return the county with a rename, a merger and a split in the autumn of 2026."""
    made = county()
    late = {"recorded": str(TODAY)}
    made.act("2012-03-01", "establish_unit", {"name": SMALL, "kind": "village"}, superior=COMMITTEE, **late)
    for number in range(3):
        told = {"name": f"河湾{number}", "born_on": f"197{number}-02-01", "full_since": "2010-07-01"}
        made.act("2012-03-01", "register_member", told, unit=SMALL, **late)
    made.act(RENAMED_ON, "rename_unit", {"name": RENAMED, "document": "青组〔2026〕7号"}, unit=BRANCH, **late)
    made.act(MERGED_ON, "merge_units", {"units": [SMALL]}, unit=BRANCH, **late)
    going = [str(made.people[f"党员{number:02d}"]) for number in range(1, 5)]
    made.act(SPLIT_ON, "split_unit", {"into": [{"name": NEW, "members": going}]}, unit=BRANCH, **late)
    with made.log.read() as reading:
        made.units |= {entry.name: entry.id for entry in reading.directory.units()}
    made.clock.put(moment_of(date(2026, 12, 4), 9))
    return made
