"""One round as a job: what to run and how, in plain values that any worker understands.

A project on this machine, or on a disk that all machines share, is worked on where it
lies. One behind a URL is fetched county by county into a folder of the moment, and every
finished notebook is sent back at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from auditlib.errors import AuditError
from auditlib.execution.county import CountyRun, run_county
from auditlib.execution.events import Watch
from auditlib.execution.kept import Kernels
from auditlib.execution.log import RUN_LOG
from auditlib.execution.mirror import Mirror, is_url
from auditlib.execution.places import KernelKind, Limits, Place, site_of
from auditlib.files.stages import numbered
from auditlib.params import load_round

RESULTS = "outputs"


@dataclass(frozen=True)
class Job:
    """A round to run.

    Attributes
    ----------
    project
        The project's folder, or its URL.
    outputs
        Folder of results below the project, or a URL.
    params, round
        Folder of the parameter files, and name of the round.
    stages
        To run, in their order.
    kernel, limits
        How every notebook gets its kernel, and what it may use.
    force
        Run what is already done as well.
    """

    project: str
    outputs: str
    params: str
    round: str
    stages: tuple[str, ...]
    kernel: KernelKind
    limits: Limits
    force: bool

    @property
    def remote(self) -> bool:
        """Whether project or results lie behind a URL."""
        return is_url(self.project) or is_url(self.outputs)

    @contextmanager
    def open(self) -> Iterator[tuple[Place, Mirror | None]]:
        """Hold a place to work in: the project itself, or a folder that mirrors it."""
        if not self.remote:
            yield Place(Path(self.project), self.params, self.outputs, self.round), None
            return
        with TemporaryDirectory(prefix="auditlib-") as scratch:
            mirror = Mirror(self.project, self.results, Path(scratch), RESULTS)
            mirror.fetch(f"{self.params}/rounds/{self.round}.yaml", "notebooks")
            mirror.fetch_beside(self.params, ".yaml")
            yield Place(Path(scratch), self.params, RESULTS, self.round), mirror

    @property
    def results(self) -> str:
        """Where the results of all rounds lie."""
        return self.outputs if is_url(self.outputs) else f"{self.project}/{self.outputs}"


def run_job(job: Job, kernels: Kernels, county: str, watch: Watch) -> CountyRun:
    """Run one county of a job; where it is remote, fetch it first and send back each result."""
    kernels = replace(kernels, limits=job.limits)
    with job.open() as (place, mirror):
        if mirror:
            fetch_county(mirror, place, county)

        def keep(stage: str) -> None:
            if mirror:
                publish_stage(mirror, place, county, stage)

        site = site_of(place.open_round(county))
        return run_county(
            place, kernels, site, county, job.stages, force=job.force, watch=watch, keep=keep
        )


def fetch_county(mirror: Mirror, place: Place, county: str) -> None:
    """Fetch what one county needs: parameters, inputs, secrets, and earlier results."""
    mirror.fetch(f"{place.params}/counties/{county}.yaml")
    try:
        record = load_round(place.root / place.params, place.round)[1]
    except AuditError:
        return  # its notebooks will tell
    mirror.fetch(f"{record.inputs.folder}/{county}", record.pseudonym_key)
    mirror.fetch(f"secrets/{place.round}")
    mirror.fetch_results(f"{place.round}/{county}", f"{place.round}/site/{county}")


def publish_stage(mirror: Mirror, place: Place, county: str, stage: str) -> None:
    """Send back all that a stage left; the note that it is done goes last."""
    name = numbered(stage)
    mirror.publish(
        f"{place.round}/{county}/{name}.ipynb",
        f"{place.round}/site/{county}/{name}.html",
        f"{place.round}/{county}/{name}",
    )


def fetch_round(mirror: Mirror, place: Place) -> None:
    """Fetch what the consolidated report and the start page need of every county."""
    mirror.fetch(f"{place.params}/counties")
    mirror.fetch_results(place.round, only=_of_the_round)


def publish_round(mirror: Mirror, place: Place) -> None:
    """Send back what was made for the round as a whole."""
    mirror.publish(
        *(
            str(path.relative_to(place.root / RESULTS))
            for path in sorted(place.folder.rglob("*"))
            if path.is_file() and _whole(str(path.relative_to(place.folder)))
        )
    )


def _whole(name: str) -> bool:
    """Say whether a file of the round belongs to no county; `name` is below the round's folder."""
    top = name.partition("/")[0]
    below = name.removeprefix("site/")
    return top.startswith("consolidated") or below.startswith("assets/") or "/" not in below


def _of_the_round(name: str) -> bool:
    """Say whether the content of a file is needed for the whole; of others, that it is there."""
    return (_whole(name) or "/08_report" in f"/{name}") and name != RUN_LOG  # ours goes on
