"""E-mail over SMTP: one message a recipient, so that one refusal is one recipient's and is known as such."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import ClassVar, Literal

from workflows.adapters.notify.channels import Answer, Digest
from workflows.kernel.clock import Clock

TIMEOUT_S = 30.0
GOOD = 2
PERMANENT = 500
LONGEST_DETAIL = 200

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in; ``password`` is asked for at each use and shown nowhere."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: Callable[[], str] | None = None
    ca_file: str | None = None
    timeout_s: float = TIMEOUT_S


class SmtpChannel:
    """Hands mail to one server."""

    leaves_house: ClassVar[bool] = True

    def __init__(self, server: Server, clock: Clock) -> None:
        """Use ``server``; ``clock`` dates the mails."""
        self._server, self._clock = server, clock

    def deliver(self, digest: Digest) -> Answer:
        """Send one mail.

        Before the text is handed over a failure is a failure; a connection that breaks after it leaves open
        whether the mail was taken.
        """
        try:
            connection = self._connected()
        except smtplib.SMTPResponseException as error:  # our settings, or a busy server: it may pass
            return Answer("retry", str(error.smtp_code), _words(error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            return Answer("retry", "", type(error).__name__)
        try:
            return self._handed_over(connection, digest)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context(cafile=server.ca_file) if server.security != "none" else None
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_s, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password())
        except BaseException:
            connection.close()
            raise
        return connection

    def _handed_over(self, connection: smtplib.SMTP, digest: Digest) -> Answer:
        letter = letter_of(digest, self._server.sender, self._clock)
        try:
            connection.ehlo_or_helo_if_needed()
            for code, words in (connection.mail(self._server.sender), connection.rcpt(digest.recipient)):
                if not _is_good(code):
                    return _refusal(code, words)
        except (smtplib.SMTPException, OSError) as error:
            return Answer("retry", "", type(error).__name__)
        try:
            code, words = connection.data(letter.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:  # refused at the word DATA: nothing was handed over
            return _refusal(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Answer("unknown", "", type(error).__name__)
        return Answer("accepted", str(code), _words(words)) if _is_good(code) else _refusal(code, words)


def letter_of(digest: Digest, sender: str, clock: Clock) -> EmailMessage:
    """Return the mail; control characters in what came from users cannot begin a header of their own."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = one_line(digest.subject)
    letter["From"] = Address("党务提醒", addr_spec=sender)
    letter["To"] = Address(addr_spec=digest.recipient)
    letter["Date"] = clock.now()
    letter["Message-ID"] = f"<{digest.message_id}@zhibu.invalid>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["Content-Language"] = "zh-CN"
    letter.set_content(digest.body, charset="utf-8", cte="base64")
    return letter


def one_line(text: str) -> str:
    """Return text without control characters and line ends of any kind."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_good(code: int) -> bool:
    return code // 100 == GOOD


def _refusal(code: int, words: bytes | str) -> Answer:
    return Answer("refused" if code >= PERMANENT else "retry", str(code), _words(words))


def _words(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return one_line(text)[:LONGEST_DETAIL]
