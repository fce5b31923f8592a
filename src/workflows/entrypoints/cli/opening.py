"""Opens everything on a database for one call of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.kernel.errors import Problem, WrongUsage

if TYPE_CHECKING:
    from workflows.bootstrap import App
    from workflows.entrypoints.cli.frame import Frame


class Unreachable(Problem):
    """The server of the database does not answer; code ``database-unreachable``."""

    exit_code = 1


def opened(frame: Frame) -> App:
    """Return the application on the database told by the options; only a command that begins data makes it.

    Raises:
        WrongUsage: the folder or the address of the database cannot be used, or nothing was begun there.
        Unreachable: the database does not answer.
    """
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

    from workflows.bootstrap import Settings, open_app

    settings = Settings.of(frame.home, frame.database, frame.actor)
    try:
        return open_app(settings, create=frame.begins)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise WrongUsage("database-url") from error
    except OperationalError as error:
        raise Unreachable("database-unreachable") from error
    except OSError as error:
        raise WrongUsage("home-unusable", home=str(settings.home)) from error
