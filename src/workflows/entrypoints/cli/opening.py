"""Opens everything on a database for one call of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from workflows.application.amending import Amending
    from workflows.application.importing.shapes import Report
    from workflows.application.importing.undo import Undone
    from workflows.application.ports import Log
    from workflows.application.recording import Recording
    from workflows.entrypoints.cli.frame import Frame
    from workflows.kernel.clock import Clock
    from workflows.policies.rules import Rules
    from workflows.projections.answers import Answering

Progress = Callable[[int, int], None]


class Scheduling(Protocol):
    """What the command line asks of the scheduler."""

    def start(self) -> None:
        """Tick from now on."""
        ...

    def stop(self) -> None:
        """End, and let another worker sweep."""
        ...

    def remind(self, on: date | None = None, *, dry_run: bool = False) -> dict[str, Any]:
        """Do one tick by hand."""
        ...


class App(Protocol):
    """What the command line asks of the application (see ``bootstrap``)."""

    @property
    def home(self) -> Path | None:
        """The folder of the database."""
        ...

    @property
    def log(self) -> Log:
        """The log."""
        ...

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def recording(self) -> Recording:
        """The use case of recording."""
        ...

    @property
    def amending(self) -> Amending:
        """The use case of corrections and retractions."""
        ...

    @property
    def answering(self) -> Answering:
        """Who answers the questions."""
        ...

    @property
    def scheduler(self) -> Scheduling:
        """The scheduler of this process."""
        ...

    def import_file(
        self, file: Path, *, actor: str, check: bool, rejects: Path | None, progress: Progress | None
    ) -> Report:
        """Import a workbook, the refused rows written to ``rejects``."""
        ...

    def undo_import(self, batch: UUID, *, actor: str) -> Undone:
        """Withdraw what nobody built upon of an import."""
        ...

    def demo(self, *, seed: int, years: int, full: bool, progress: Progress | None) -> dict[str, Any]:
        """Play an invented county into empty books; what was played."""
        ...

    def rebuild(self, view: str | None, *, progress: Progress | None) -> Iterable[dict[str, Any]]:
        """Rebuild one view or all; rows ``{"view", "rows", "equal"}``."""
        ...

    def verify(self) -> dict[str, Any]:
        """Check the chain; at least ``{"events": count}``.

        Raises:
            NotWhole: an event was changed.
        """
        ...

    def close(self) -> None:
        """Finish what was begun and close the database."""
        ...


def opened(frame: Frame) -> App:
    """Return the application on the database told by the options; it is made if it is missing."""
    from workflows.bootstrap import Settings, open_app

    app: App = open_app(Settings.told(home=frame.home, database=frame.database))
    return app
