"""Where things lie: told on the command line, in the environment, or the usual folders of the user."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

DATA = ("LOCALAPPDATA", "AppData/Local"), ("XDG_DATA_HOME", ".local/share")
CONFIGURATION = ("APPDATA", "AppData/Roaming"), ("XDG_CONFIG_HOME", ".config")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie: ``home`` (database, key store), the database, the master key outside the home."""

    home: Path
    database_url: str
    master_key: Path
    actor: str

    @classmethod
    def of(cls, home: Path | None = None, database: str | None = None, actor: str | None = None) -> Settings:
        """Return settings from the command line, else the environment, else the user's folders."""
        place = home or Path(os.environ.get("ZHIBU_HOME") or _folder(*DATA) / "zhibu")
        place = place.expanduser().absolute()
        url = database or os.environ.get("ZHIBU_DATABASE_URL") or f"sqlite:///{place / 'zhibu.db'}"
        key = os.environ.get("ZHIBU_MASTER_KEY_FILE")
        master = Path(key).expanduser() if key else _folder(*CONFIGURATION) / "zhibu" / "master.key"
        return cls(place, url, master, actor or _system_user())


def _folder(on_windows: tuple[str, str], elsewhere: tuple[str, str]) -> Path:
    """Return a folder of the user: the variable's, else the usual one below the user's own."""
    variable, usual = on_windows if sys.platform == "win32" else elsewhere
    return Path(os.environ.get(variable) or Path.home() / usual)


def _system_user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "local"
