"""案卷: which kinds of cases there are, and what each is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from workflows.application.ports import FileEntry
from workflows.domain.campaign import confirmed as campaign_confirmed
from workflows.domain.campaign import decide as campaign_decide
from workflows.domain.campaign import sampled as campaign_sampled
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_acts import FileOpened
from workflows.domain.case_files import CaseFile
from workflows.domain.inspection import decide as inspection_decide
from workflows.domain.inspection.state import Inspection
from workflows.domain.listing import decide as listing_decide
from workflows.domain.listing.state import Listing
from workflows.domain.rectification import closing as rectification_closing
from workflows.domain.rectification import decide as rectification_decide
from workflows.domain.rectification.state import Rectification
from workflows.domain.site import decide as site_decide
from workflows.domain.site.state import Site
from workflows.kernel.events import Event

FILES: Mapping[str, type[CaseFile]] = {
    kind.kind: kind for kind in (Campaign, Inspection, Rectification, Listing, Site)
}
"""The state of each kind of case; the name of a kind is also the first part of its stored events' names."""

DECIDING = (
    campaign_decide,
    campaign_confirmed,
    campaign_sampled,
    inspection_decide,
    rectification_closing,
    rectification_decide,
    listing_decide,
    site_decide,
)
"""Importing these makes every decision of a case known."""


OPENINGS: tuple[type[FileOpened], ...] = tuple(FileOpened.__subclasses__())
"""The events that open a case, one a kind."""


def file_kind_of(topic: str) -> str | None:
    """Return the kind of case whose event has this stored name, None of a unit's or a person's."""
    kind = topic.partition(".")[0]
    return kind if kind in FILES else None


def opened_as(stream_id: UUID, event: Event) -> FileEntry | None:
    """Return how the directory lists the case that an event opens, None of any other event."""
    kind = file_kind_of(event.topic())
    if kind is None or not isinstance(event, FileOpened):
        return None
    return FileEntry(stream_id, kind, event.subject, event.of_unit)


def listed_as(state: Any) -> FileEntry | None:
    """Return a case as the directory lists it; None of one that is not on the books (any more)."""
    told = state.opened if isinstance(state, CaseFile) else None
    return None if told is None else FileEntry(state.id, type(state).kind, told.subject, told.of_unit)
