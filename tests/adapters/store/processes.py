"""Other processes on the database of a test."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")


class Child:
    """A process that does one thing to the database."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def hear(self) -> str:
        """Return the next line it says."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def go(self) -> None:
        """Let it go on."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def end(self) -> str:
        """Wait until it has ended by itself; return what it said on stderr."""
        return self._process.communicate(timeout=60)[1]

    @property
    def exit_code(self) -> int | None:
        """How it ended."""
        return self._process.returncode

    def kill(self) -> list[str]:
        """Kill it as a failing machine would, and return the whole lines not yet heard."""
        assert self._process.stdout is not None
        self._process.kill()
        lines = self._process.stdout.readlines()
        self._process.wait()
        return [line.rstrip("\n") for line in lines if line.endswith("\n")]


class Children:
    """Starts processes on one database."""

    def __init__(self, folder: Path, url: str, stack: ExitStack) -> None:
        self._arguments = [url, str(folder / "keys.db"), str(folder / "master.key")]
        self._stack = stack

    def start(self, count: int, what: str, *rest: str) -> list[Child]:
        """Start some at once, and wait until all say that they are ready."""
        processes = []
        for _ in range(count):
            process = self._stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(CHILD), what, *self._arguments, *rest],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            self._stack.callback(process.kill)
            processes.append(process)
        found = [Child(process) for process in processes]
        assert [child.hear() for child in found] == ["ready"] * count
        return found
