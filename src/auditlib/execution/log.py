"""Note how a round goes in a file of its own, `run-log.jsonl`, which no comparison reads.

One JSON line for every event but skips, which are only counted, and a last one that
sums up; a further run adds its lines below.
"""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import psutil

from auditlib.execution.events import Event, Watch

RUN_LOG = "run-log.jsonl"

MIB = 2**20


class RunLog:
    """Writes every event down and passes it on.

    Every line has `at`, the seconds since the run began, and of this process `parent_cpu`,
    its processor seconds, and `parent_mib`, the memory that it holds. A notebook's line has
    its own `seconds`, and `cpu` and `mib` of its kernel where they are known.

    Parameters
    ----------
    path
        Of the log; lines are added to one that exists.
    watch
        Is told every event as well.
    """

    def __init__(self, path: Path, watch: Watch) -> None:
        self._path = path
        self._watch = watch
        self._lock = Lock()
        self._began = time.perf_counter()
        self._self = psutil.Process()
        self._skipped = 0

    def __call__(self, event: Event) -> None:
        """Note an event; it may come from any thread."""
        self._watch(event)
        if event.state == "planned":
            self._began, self._skipped = time.perf_counter(), 0
            began = datetime.now(UTC).isoformat(timespec="seconds")
            self._write(state="planned", began=began, notebooks=event.notebooks)
        elif event.state == "skipped":
            self._skipped += 1
        else:
            self._write(
                state=event.state,
                county=event.county,
                stage=event.stage,
                reason=event.reason.en,
                cell=event.cell,
                seconds=round(event.seconds, 3),
                cpu=event.cpu and round(event.cpu, 3),
                mib=event.peak and round(event.peak / MIB),
            )

    def close(self, *, ran: int, skipped: int, failed: int) -> None:
        """Sum the run up."""
        self._write(state="finished", ran=ran, skipped=skipped, failed=failed)

    def stopped(self) -> None:
        """Note that the run was stopped before its end."""
        self._write(state="stopped", skipped=self._skipped)

    def _write(self, **values: Any) -> None:
        told = {
            "at": round(time.perf_counter() - self._began, 2),
            **{name: value for name, value in values.items() if value not in (None, "", 0.0)},
            "parent_cpu": round(time.process_time(), 2),
            "parent_mib": round(self._self.memory_info().rss / MIB),
        }
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
