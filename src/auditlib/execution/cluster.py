"""Run counties on a dask cluster: one task a county, on the kernels of its worker.

The scheduler gives a county to another worker when one is lost; what the lost one had
finished is found done and skipped. dask comes with the extra `auditlib[cluster]`.
"""

import atexit
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from auditlib.errors import AuditError
from auditlib.execution.county import CountyRun
from auditlib.execution.events import Event, Watch
from auditlib.execution.job import Job, run_job
from auditlib.execution.kept import Kernels, open_kernels
from auditlib.language import Words
from auditlib.pipeline.store import code_digest
from auditlib.report.consolidated import Failure

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 30  # seconds for the scheduler to answer


@contextmanager
def connect(address: str) -> Iterator["Client"]:
    """Hold a connection to a scheduler such as `tcp://10.0.0.1:8786`.

    Raises
    ------
    AuditError
        dask is not installed, nothing answers, or a worker has other code.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise AuditError(
            Words(
                "分布式运行需要 dask，请安装 auditlib[cluster]。",
                "A run on a cluster needs dask; install auditlib[cluster].",
            )
        ) from error
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise AuditError(
            Words(
                f"调度器 {address} 没有应答，请检查地址和网络。",
                f"No scheduler answers at {address}. Check the address and the network.",
            )
        ) from error
    with client:
        _require_same_code(client)
        yield client


def run_on_cluster(
    client: "Client", job: Job, counties: Sequence[str], watch: Watch
) -> Generator[CountyRun]:
    """Yield the counties as the workers finish them; ended early, stop the workers' notebooks."""
    from distributed import KilledWorker, as_completed

    run = uuid4().hex
    topic = f"auditlib-{run}"
    client.subscribe_topic(topic, lambda message: watch(_event(message[1]["event"])))
    futures = {
        client.submit(
            work, job, county, run, code_digest(), key=f"{county}-{run}", pure=False
        ): county
        for county in counties
    }
    try:
        for future in as_completed(list(futures)):
            county = futures.pop(future)
            try:
                yield future.result()
            except KilledWorker:
                yield CountyRun(county, 0, 0, Failure("county", None, LOST))
            future.release()
    except BaseException:
        client.cancel(list(futures))
        client.run(stop, run)
        raise
    finally:
        client.unsubscribe_topic(topic)


LOST = (
    "The workers that ran the county were lost each time. Give them more memory, or fewer threads."
)


def work(job: Job, county: str, run: str, code: str) -> CountyRun:
    """Run one county on this worker."""
    from distributed import get_worker

    worker = get_worker()
    if code_digest() != code:
        raise _other_code(worker.address)
    kernels = _kernels(run, job, worker.state.nthreads)

    def tell(event: Event) -> None:
        worker.log_event(f"auditlib-{run}", {"event": asdict(event)})

    return run_job(job, kernels, county, tell)


def stop(run: str) -> None:
    """Stop the notebooks of a run on this worker."""
    if run in _OPEN:
        _OPEN[run].halt()


_OPEN: dict[str, Kernels] = {}
"""The kernels of this worker's present run."""
_HELD = ExitStack()
_LOCK = Lock()
atexit.register(_HELD.close)


def _kernels(run: str, job: Job, threads: int) -> Kernels:
    """Return the worker's kernels: one template for all its threads, new for every run."""
    with _LOCK:
        if run not in _OPEN:
            _HELD.close()
            _OPEN.clear()
            opened = open_kernels(job.kernel, job.limits, jobs=threads)
            _OPEN[run] = _HELD.enter_context(opened)
        return _OPEN[run]


def _event(values: dict[str, Any]) -> Event:
    return Event(**{**values, "reason": Words(**values["reason"])})


def _require_same_code(client: "Client") -> None:
    for address, digest in client.run(code_digest).items():
        if digest != code_digest():
            raise _other_code(address)


def _other_code(address: str) -> AuditError:
    return AuditError(
        Words(
            f"工作节点 {address} 上的 auditlib 与本机不同，请在各机安装同一版本。",
            f"The worker {address} has another auditlib than this machine. "
            "Install the same version everywhere.",
        )
    )
