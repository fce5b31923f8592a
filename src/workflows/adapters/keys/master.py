"""The master key: 32 bytes in a file of its own, outside the home and never in a backup.

It wraps the data keys of the key store; without it nothing sealed can be read, and nothing brings it back.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflows.adapters.keys.errors import KeyProblem

KEY_BYTES = 32
NONCE_BYTES = 12
FIRST_WORD = "zhibu-master-key-1"
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class MasterKey:
    """Wraps and unwraps data keys; its bytes are shown nowhere."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> MasterKey:
        """Return a fresh key."""
        return cls(os.urandom(KEY_BYTES))

    @classmethod
    def make(cls, path: Path) -> MasterKey:
        """Write a fresh key to ``path``, readable by its owner only, and return it; it is on disk by then.

        Raises:
            KeyProblem: ``master-key-exists``; a key is never written over.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = cls.new()
        text = f"{FIRST_WORD} {base64.urlsafe_b64encode(key.secret).decode()}\n"
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)  # unlike a rename it fails where a file is
            except FileExistsError as error:
                raise KeyProblem("master-key-exists", path=str(path)) from error
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return key

    @classmethod
    def load(cls, path: Path) -> MasterKey:
        """Read the key that :meth:`make` wrote.

        Raises:
            KeyProblem: ``master-key-missing``, ``master-key-open`` or ``master-key-unreadable``.
        """
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="ascii")
        except FileNotFoundError as error:
            raise KeyProblem("master-key-missing", path=str(path)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise KeyProblem("master-key-unreadable", path=str(path)) from error
        if os.name == "posix" and stat.S_IMODE(mode) & ~OWNER_ONLY:
            raise KeyProblem("master-key-open", path=str(path), mode=f"{stat.S_IMODE(mode):o}")
        word, _, encoded = text.strip().partition(" ")
        try:
            secret = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except binascii.Error:
            secret = b""
        if word != FIRST_WORD or len(secret) != KEY_BYTES:
            raise KeyProblem("master-key-unreadable", path=str(path))
        return cls(secret)

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """Return ``key`` encrypted, bound to what it is about."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, key, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes | None:
        """Return what was wrapped, None when it was not by this key, or about something else."""
        try:
            return AESGCM(self.secret).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)
        except InvalidTag:
            return None


def _sync_folder(path: Path) -> None:
    """Bring the name of a new file to disk; Windows does so by itself."""
    if os.name != "posix":
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
