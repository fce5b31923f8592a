"""E-mail against a real SMTP server: what it accepts, refuses, puts off, and what when it is not there."""

import email
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from workflows.adapters.notify.channels import Digest
from workflows.adapters.notify.settings import Smtp
from workflows.adapters.notify.smtp import Server, SmtpChannel, letter_of, one_line
from workflows.kernel.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 3, 10, 1, 0, tzinfo=UTC))
SENDER = "zhibu@example.org"


class Office:
    """A mail server that refuses some, puts off others, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient or not."""
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        if address.startswith("full"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a text or not."""
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 refused by content"
        if envelope.rcpt_tos[0].startswith("later"):
            return "451 4.3.0 try again later"
        self.taken.append(envelope)
        return "250 taken as 4711"


@pytest.fixture
def office() -> Iterator[tuple[Office, int]]:
    handler = Office()
    with running(handler) as port:
        yield handler, port


class running:  # noqa: N801
    """A server on a free port."""

    def __init__(self, handler: Any, **options: Any) -> None:
        self._handler, self._options = handler, options

    def __enter__(self) -> int:
        self._controller = Controller(self._handler, hostname="127.0.0.1", port=free_port(), **self._options)
        self._controller.start()
        return int(self._controller.port)

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def channel(port: int, **more: Any) -> SmtpChannel:
    return SmtpChannel(
        Server("127.0.0.1", port, more.pop("security", "none"), SENDER, timeout_s=5, **more), CLOCK
    )


def digest(recipient: str, subject: str = "党务提醒：2项（2026-03-10）") -> Digest:
    return Digest("abc123", recipient, subject, "1. 甲支部：本届任期届满。\n2. 党员大会。\n", ())


def read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_chinese_mail_arrives_whole(office: tuple[Office, int]) -> None:
    answer = channel(office[1]).deliver(digest("jia@example.org"))
    assert (answer.said, answer.code, answer.detail) == ("accepted", "250", "taken as 4711")
    (envelope,) = office[0].taken
    message = read(envelope)
    assert message["Subject"] == "党务提醒：2项（2026-03-10）"
    assert message["Message-ID"] == "<abc123@zhibu.invalid>"
    assert message["Date"].datetime == CLOCK.now()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "1. 甲支部：本届任期届满。\r\n2. 党员大会。\r\n"
    assert envelope.rcpt_tos == ["jia@example.org"]


@pytest.mark.parametrize(
    ("recipient", "said", "code"),
    [
        ("nobody@example.org", "refused", "550"),
        ("full@example.org", "retry", "452"),
        ("spam@example.org", "refused", "554"),
        ("later@example.org", "retry", "451"),
    ],
)
def test_a_refusal_is_never_called_sent(
    office: tuple[Office, int], recipient: str, said: str, code: str
) -> None:
    answer = channel(office[1]).deliver(digest(recipient))
    assert (answer.said, answer.code) == (said, code)
    assert answer.detail
    assert office[0].taken == []


def test_a_server_that_is_down_is_tried_again() -> None:
    assert channel(free_port()).deliver(digest("jia@example.org")).said == "retry"


def test_a_server_that_hangs_up_after_the_text_leaves_the_outcome_open() -> None:
    class HangsUp(Office):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            assert server.transport is not None
            server.transport.close()
            return "250 nobody hears this"

    with running(HangsUp()) as port:
        assert channel(port).deliver(digest("jia@example.org")).said == "unknown"


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        server = Server("127.0.0.1", mute.getsockname()[1], "none", SENDER, timeout_s=0.2)
        assert SmtpChannel(server, CLOCK).deliver(digest("jia@example.org")).said == "retry"


@pytest.mark.parametrize("word", ["right", "wrong"])
def test_encrypted_and_signed_in(word: str, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == b"right", handled=False)

    handler = Office()
    options = {
        "tls_context": context,
        "authenticator": known,
        "auth_required": True,
        "require_starttls": True,
    }
    with running(handler, **options) as port:
        answer = channel(
            port, security="starttls", user="zhibu", password=lambda: word, ca_file=str(certificate)
        ).deliver(digest("jia@example.org"))
        plain = channel(port).deliver(digest("jia@example.org"))
        unknown_ca = channel(port, security="starttls").deliver(digest("jia@example.org"))
    assert answer.said == ("accepted" if word == "right" else "retry")
    assert (len(handler.taken), plain.said == "accepted", unknown_ca.said) == (
        int(word == "right"),
        False,
        "retry",
    )


def test_line_ends_in_a_name_begin_no_header_of_their_own() -> None:
    evil = "提醒\r\nBcc: other@example.org\x00\u2028x"
    letter = letter_of(digest("jia@example.org", evil), SENDER, CLOCK)
    assert letter["Bcc"] is None
    assert letter["Subject"] == "提醒 Bcc: other@example.org x"
    assert one_line("a\nb\tc") == "a b c"


def test_the_address_of_a_server_is_read_from_one_line() -> None:
    server = Smtp(url="smtp+starttls://zhi%40bu@mail.example.org", sender=SENDER).server()
    assert (server.host, server.port, server.security, server.user) == (
        "mail.example.org", 587, "starttls", "zhi@bu",
    )  # fmt: skip
    assert Smtp(url="smtps://mail.example.org:2465", sender=SENDER).server().port == 2465
    for url in ("http://mail", "smtp://", "smtp://user:secret@mail"):
        with pytest.raises(ValueError, match="url"):
            Smtp(url=url, sender=SENDER)


def self_signed(folder: Path) -> tuple[Path, Path]:
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    begin = datetime.combine(date(2020, 1, 1), datetime.min.time(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(UUID(int=1).int)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
