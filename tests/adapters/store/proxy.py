"""A man in the middle between client and PostgreSQL, who can fall silent at a word."""

import contextlib
import select
import socket
import threading
from types import TracebackType

from sqlalchemy import make_url

CHUNK = 65_536


class Proxy:
    """Passes bytes on between a TCP port of its own and the server's socket."""

    def __init__(self, url: str) -> None:
        self._target = make_url(url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._word: bytes | None = None
        self._lets_word_through = False
        self._frozen = False
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """The SQLAlchemy URL by which clients come through here."""
        host, port = self._listening.getsockname()
        return f"postgresql+psycopg://{self._target.username}@{host}:{port}/{self._target.database}"

    def freeze_at(self, word: bytes, *, let_through: bool) -> None:
        """Fall silent, both ways, as soon as a client says ``word``; which may still reach the server."""
        with self._lock:
            self._word, self._lets_word_through = word, let_through

    def thaw(self) -> None:
        """Serve new connections; those that were frozen are cut."""
        with self._lock:
            self._word, self._frozen = None, False
            self._cut()

    def close(self) -> None:
        """Cut everything and listen no more."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for clients
        self._listening.close()
        with self._lock:
            self._cut()

    def _cut(self) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._sockets.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{self._target.query['host']}/.s.PGSQL.5432")
            with self._lock:
                self._sockets += [client, server]
            thread = threading.Thread(target=self._pass_on, args=(client, server), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for source in ready:
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    self._deliver(data, source is client, server if source is client else client)

    def _deliver(self, data: bytes, from_client: bool, target: socket.socket) -> None:
        with self._lock:
            if self._frozen:
                return
            if from_client and self._word is not None and self._word in data:
                self._frozen = True
                if not self._lets_word_through:
                    return
        target.sendall(data)

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
        for thread in self._threads:
            thread.join(5)
