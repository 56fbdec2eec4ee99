"""What happens while a round runs, told as it happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from auditlib.language import Words

NOTHING = Words("", "")

State = Literal[
    "planned", "started", "stock", "done", "skipped", "failed", "retried", "withdrawn", "left"
]


@dataclass(frozen=True)
class Event:
    """Something to show.

    Attributes
    ----------
    county
        Code; empty for the consolidated report.
    stage
        Name of the stage, or `consolidated`.
    state
        `planned` once; `started`, then `done`, `failed` or `retried`; or `skipped`; `stock`
        is a notebook that a stock kernel ran where a forked one was wanted;
        `withdrawn` is an earlier result that no longer holds, `left` a stage after one
        that failed.
    reason
        Why: of a start, what changed; of a skip, that nothing did; of a failure, its sentence.
    cell
        Of a failure, the number of the cell.
    seconds, cpu
        Time of the notebook, and processor time of its kernel where known.
    peak
        Most memory that its kernel held, in bytes, where known.
    notebooks, counties
        Of the plan, the most that can run.
    """

    county: str
    stage: str
    state: State
    reason: Words = NOTHING
    cell: int | None = None
    seconds: float = 0.0
    cpu: float | None = None
    peak: int | None = None
    notebooks: int = 0
    counties: int = 0


Watch = Callable[[Event], None]


class StoppedRoundError(Exception):
    """The run was stopped before its end; what is finished is kept."""
