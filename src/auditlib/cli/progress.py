"""Show how a round goes: a bar where there is a terminal, plain lines where there is none."""

import sys
from collections.abc import Callable
from threading import Lock

from tqdm import tqdm

from auditlib.execution.events import Event
from auditlib.language import Language


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
        self.failed = 0
        self.now: list[str] = []
        self._lock = Lock()
        self._bar = tqdm(
            total=0, unit="notebook", disable=not self.terminal, file=sys.stderr, smoothing=0.1
        )

    def __call__(self, event: Event) -> None:
        """Show an event; it may come from any thread."""
        with self._lock:
            getattr(self, f"_{event.state}")(event, f"{event.county or '–'} {event.stage}")
            self._say_now()

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()

    def _planned(self, event: Event, _: str) -> None:
        self._bar.total = event.notebooks

    def _started(self, event: Event, name: str) -> None:
        self.now.append(name)
        self._tell(f"started {name}{self._why(event)}", quiet=True)

    def _done(self, event: Event, name: str) -> None:
        self._end(name)
        self._tell(f"done {name} ({event.seconds:.1f} s)", quiet=True)

    def _failed(self, event: Event, name: str) -> None:
        self._end(name)
        self.failed += 1
        cell = f", cell {event.cell}" if event.cell else ""
        self._tell(f"failed {name}{cell}{self._why(event)}")

    def _retried(self, event: Event, name: str) -> None:
        self._tell(f"trying again {name}{self._why(event)}")

    def _withdrawn(self, event: Event, name: str) -> None:
        self._tell(f"withdrawn {name}{self._why(event)}")

    def _skipped(self, event: Event, name: str) -> None:
        self._less()
        self._tell(f"skipped {name}{self._why(event)}", quiet=True)

    def _left(self, event: Event, name: str) -> None:
        self._less()
        self._tell(f"left {name}", quiet=True)

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

    def _tell(self, line: str, *, quiet: bool = False) -> None:
        """Write a line; beside a bar only what went wrong."""
        if not self.terminal:
            print(line, file=sys.stderr, flush=True)
        elif not quiet:
            tqdm.write(line, file=sys.stderr)

    def _say_now(self) -> None:
        wrong = f"{self.failed} failed · " if self.failed else ""
        self._bar.set_postfix_str(wrong + ", ".join(self.now), refresh=True)


def interruptible(run: Callable[[], int]) -> int:
    """Run, and say on Ctrl-C what is kept; the exit code is then 130."""
    from auditlib.execution.rounds import StoppedRoundError

    try:
        return run()
    except (KeyboardInterrupt, StoppedRoundError):
        told = "Stopped. Finished notebooks are kept; the same command goes on from here."
        print(told, file=sys.stderr)
        return 130
