"""Show how a round goes: a bar where there is a terminal, plain lines where there is none."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from tqdm import tqdm

from auditlib.execution.events import Event, StoppedRoundError
from auditlib.language import Language

SIDE_BY_SIDE = 25
"""Counties of which every notebook has its own lines; of more, every county has one."""

NAMES = 4
"""Notebooks at work that are named beside the bar; of more, the number."""


class Progress:
    """What runs now, how long the rest will take, and what went wrong.

    Parameters
    ----------
    language
        Of the sentences.
    terminal
        Whether to draw a bar; by default where the standard error is a terminal.
    """

    def __init__(self, *, language: Language, terminal: bool | None = None) -> None:
        self.language = language
        self.terminal = sys.stderr.isatty() if terminal is None else terminal
        self.failed = self.ran = 0
        self.now: list[str] = []
        self._lock = Lock()
        self._round = _Counties()
        self._skips: Counter[str] = Counter()
        self._stocks: set[str] = set()
        self._bar = tqdm(
            total=0, unit="notebook", disable=not self.terminal, file=sys.stderr, smoothing=0.1
        )

    def __call__(self, event: Event) -> None:
        """Show an event; it may come from any thread."""
        with self._lock:
            if event.state != "skipped":
                self._say_skips()
            getattr(self, f"_{event.state}")(event, f"{event.county or '–'} {event.stage}")
            self._say_now()

    def close(self) -> None:
        """Leave the bar as it is."""
        self._say_skips()
        self._bar.close()

    @property
    def kept(self) -> str:
        """How much is finished, in words."""
        whole = f", {self._round.whole} of {self._round.all} counties whole"
        return f"{self.ran} notebooks run{whole if self._round.all else ''}"

    def _planned(self, event: Event, _: str) -> None:
        self._bar.total = event.notebooks
        self._round = _Counties(event)

    def _started(self, event: Event, name: str) -> None:
        self.now.append(name)
        self._tell_small(f"started {name}{self._why(event)}")

    def _done(self, event: Event, name: str) -> None:
        self._end(name)
        self.ran += 1
        self._tell_small(f"done {name} ({event.seconds:.1f} s)")
        self._count(event)

    def _failed(self, event: Event, name: str) -> None:
        self._end(name)
        self.failed += 1
        cell = f", cell {event.cell}" if event.cell else ""
        self._tell(f"failed {name}{cell}{self._why(event)}")

    def _stock(self, event: Event, _: str) -> None:
        """Say once why stock kernels run, which take longer for the same bytes."""
        reason = event.reason[self.language]
        if reason not in self._stocks:
            self._stocks.add(reason)
            self._tell(f"Stock kernels are used: {reason}")

    def _retried(self, event: Event, name: str) -> None:
        self._tell(f"trying again {name}{self._why(event)}")

    def _withdrawn(self, event: Event, name: str) -> None:
        self._tell(f"withdrawn {name}{self._why(event)}")

    def _skipped(self, event: Event, name: str) -> None:
        self._less()
        if self._round.large and event.county:
            self._skips[event.reason[self.language]] += 1
        else:
            self._tell(f"skipped {name}{self._why(event)}", quiet=True)
        self._count(event)

    def _left(self, event: Event, name: str) -> None:
        self._less()
        self._tell_small(f"left {name}")

    def _why(self, event: Event) -> str:
        reason = event.reason[self.language]
        return f": {reason}" if reason else ""

    def _end(self, name: str) -> None:
        if name in self.now:
            self.now.remove(name)
        self._bar.update()

    def _less(self) -> None:
        """Count what need not run out of the whole, so that the time left is right."""
        self._bar.total -= 1

    def _count(self, event: Event) -> None:
        """Count a notebook that is done; of a large round say when a county that ran is whole."""
        if self._round.add(event) and self._round.large:
            self._tell(f"done {event.county}: {self._round.left()}", quiet=True)

    def _say_skips(self) -> None:
        """Say how many notebooks of a large round were skipped since the last line, and why."""
        for reason, number in sorted(self._skips.items()):
            self._tell(f"skipped {number:,} notebooks: {reason}", quiet=True)
        self._skips.clear()

    def _tell_small(self, line: str) -> None:
        """Write a line on one notebook, in a round whose notebooks have lines of their own."""
        if not self._round.large:
            self._tell(line, quiet=True)

    def _tell(self, line: str, *, quiet: bool = False) -> None:
        """Write a line; beside a bar only what went wrong."""
        if not self.terminal:
            print(line, file=sys.stderr, flush=True)
        elif not quiet:
            tqdm.write(line, file=sys.stderr)

    def _say_now(self) -> None:
        wrong = f"{self.failed} failed · " if self.failed else ""
        more = len(self.now) - NAMES
        names = ", ".join(self.now[:NAMES]) + (f" and {more} more" if more > 0 else "")
        self._bar.set_postfix_str(wrong + names, refresh=True)


class _Counties:
    """Which counties of a round are whole, and how long the others will take."""

    def __init__(self, planned: Event | None = None) -> None:
        self.all = planned.counties if planned else 0
        self.stages = (planned.notebooks - 1) // self.all if planned and self.all else 0
        self.whole = self.made = 0
        self._began = time.monotonic()
        self._done: Counter[str] = Counter()
        self._ran: set[str] = set()

    @property
    def large(self) -> bool:
        """Whether the round has too many counties for a line a notebook."""
        return self.all > SIDE_BY_SIDE

    def add(self, event: Event) -> bool:
        """Count a notebook done or skipped; say whether a county that ran is now whole."""
        if not event.county:
            return False
        if event.state == "done":
            self._ran.add(event.county)
        self._done[event.county] += 1
        if self._done[event.county] < self.stages:
            return False
        del self._done[event.county]
        self.whole += 1
        ran = event.county in self._ran
        self._ran.discard(event.county)
        self.made += ran
        return ran

    def left(self) -> str:
        """Return how many counties are whole, and about how long the rest will take."""
        each = (time.monotonic() - self._began) / max(self.made, 1)
        minutes = each * (self.all - self.whole) / 60
        return f"{self.whole} of {self.all} counties, about {minutes:,.0f} min left"


def interruptible(run: Callable[[], int], progress: Progress) -> int:
    """Run, and say on Ctrl-C what is kept; the exit code is then 130."""
    try:
        return run()
    except (KeyboardInterrupt, StoppedRoundError):
        print(
            f"Stopped: {progress.kept}. "
            "Finished notebooks are kept; the same command goes on from here.",
            file=sys.stderr,
        )
        return 130
