"""Opens everything on a database for one call of the command line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from workflows.kernel.errors import Problem, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from workflows.bootstrap import App
    from workflows.entrypoints.cli.frame import Frame


class Unreachable(Problem):
    """The server of the database does not answer; code ``database-unreachable``."""

    exit_code = 1


def opened(frame: Frame) -> App:
    """Return the application on the database told by the options; it is made if it is missing.

    Who did not ask for a new one is told, since the place may be mistyped.

    Raises:
        WrongUsage: the folder or the address of the database cannot be used.
        Unreachable: the database does not answer.
    """
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

    from workflows.bootstrap import Settings, open_app

    settings = Settings.of(frame.home, frame.database, frame.actor)
    try:
        return open_app(settings, on_new=None if frame.begins else partial(_tell_new, frame, settings.home))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise WrongUsage("database-url") from error
    except OperationalError as error:
        raise Unreachable("database-unreachable") from error
    except OSError as error:
        raise WrongUsage("home-unusable", home=str(settings.home)) from error


def _tell_new(frame: Frame, home: Path, database: str) -> None:
    place = str(home) if database.startswith("sqlite:") and str(home) in database else database
    click.echo(frame.wording.say("new-place", place=place), err=True)  # a path is not to be broken
