"""``notify.toml`` in the home: who gets mail, through which server, at which hours.

```toml
names = "masked"                      # names of people in mails: "masked" (李某, the default) or "full"

[office]                              # working days only; mail goes at no other time
start = 08:30:00
end = 17:30:00

[smtp]
url = "smtp+starttls://zhibu@mail.example.org:587"       # smtp:// (plain), smtp+starttls://, smtps://
sender = "zhibu@example.org"
password_env = "ZHIBU_SMTP_PASSWORD"  # the password itself never stands in this file

[recipients]                          # by unit; "*" for units that have none of their own
"*" = ["zuzhiyuan@example.org"]
"甲支部" = ["jia@example.org"]
```
"""

from __future__ import annotations

import os
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from workflows.adapters.notify.smtp import Security, Server
from workflows.kernel.errors import WrongUsage

FILE = "notify.toml"
EVERYBODY = "*"
SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$"

MailAddress = Annotated[str, Field(pattern=ADDRESS)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Office(_Strict):
    """Local time of day, ``start`` included, ``end`` not."""

    start: time = time(8, 30)
    end: time = time(17, 30)


class Smtp(_Strict):
    """A server for outgoing mail."""

    url: str
    sender: MailAddress
    password_env: str | None = None
    ca_file: str | None = None
    timeout_s: float = Field(default=30.0, gt=0, le=300)

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise ValueError(f"one of {', '.join(f'{scheme}://' for scheme in SCHEMES)} and a host is wanted")
        if parts.password is not None:
            raise ValueError("the password belongs into an environment variable: password_env")
        return url

    def server(self) -> Server:
        """Return the server."""
        parts = urlsplit(self.url)
        security, port = SCHEMES[parts.scheme]
        return Server(
            host=parts.hostname or "",
            port=parts.port or port,
            security=security,
            sender=self.sender,
            user=unquote(parts.username) if parts.username else None,
            password=lambda: os.environ.get(self.password_env or "", ""),
            ca_file=self.ca_file,
            timeout_s=self.timeout_s,
        )


class NotifySettings(_Strict):
    """What stands in the file; without one, nothing leaves the house."""

    names: Literal["masked", "full"] = "masked"
    office: Office = Office()
    smtp: Smtp | None = None
    recipients: dict[str, tuple[MailAddress, ...]] = {}

    @model_validator(mode="after")
    def _reachable(self) -> NotifySettings:
        if self.recipients and self.smtp is None:
            raise ValueError("recipients without [smtp]")
        return self

    def addresses(self, unit: str) -> tuple[str, ...]:
        """Return the mail addresses of a unit by its name."""
        return self.recipients.get(unit, self.recipients.get(EVERYBODY, ()))


def read_settings(home: Path) -> NotifySettings:
    """Read ``notify.toml`` of a home; the defaults where there is none.

    Raises:
        WrongUsage: ``settings-unreadable``; what is wrong, without the values.
    """
    path = home / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return NotifySettings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsage("settings-unreadable", file=FILE, detail=str(error)) from error
    try:
        return NotifySettings.model_validate(table)
    except ValidationError as error:
        flaws = [f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}" for flaw in error.errors()]
        raise WrongUsage("settings-unreadable", file=FILE, detail="; ".join(flaws)) from error
