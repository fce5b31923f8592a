"""What became of what was posted together, kept for the page that shows it; names nobody, holds no record."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

MOST_KEPT = 50


class Results:
    """Why some of those posted together were refused, by the form and by the person.

    What was recorded stands in the books; a refusal stands nowhere, and is kept while the program runs.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, Mapping[str, Sequence[str]]] = OrderedDict()

    def keep(self, form: str, refused: Mapping[str, Sequence[str]]) -> None:
        """Keep why each was refused under the id of the form; the oldest forms are forgotten."""
        with self._lock:
            self._kept[form] = refused
            self._kept.move_to_end(form)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def told(self, form: str) -> Mapping[str, Sequence[str]]:
        """Return why each was refused, {} for a form forgotten."""
        with self._lock:
            return self._kept.get(form, {})
