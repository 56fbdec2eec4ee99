"""Run the stages of one county in order, until one fails."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditlib.errors import AuditError
from auditlib.execution import resume
from auditlib.execution.events import Event, Watch
from auditlib.execution.kept import Kernels, run_notebook
from auditlib.execution.places import Place
from auditlib.files.stages import STAGES
from auditlib.language import Words
from auditlib.pipeline import Audit
from auditlib.report.consolidated import Failure
from auditlib.report.site import SiteRound

UNREADABLE = Words("参数无法读取", "parameters cannot be read")


@dataclass(frozen=True)
class CountyRun:
    """How a county went: notebooks run and skipped, and its failure if it failed."""

    county: str
    ran: int
    skipped: int
    failure: Failure | None


def run_county(
    place: Place,
    kernels: Kernels,
    site: SiteRound,
    county: str,
    stages: Sequence[str],
    *,
    force: bool,
    watch: Watch,
    keep: Callable[[str], None] = lambda stage: None,
) -> CountyRun:
    """Run the stages of a county that are not done, in their order.

    Where one fails, those after it are left; what an earlier run made of them is
    withdrawn if it no longer holds. `keep` is told every stage whose results changed.
    """
    ran = skipped = 0
    kernels.go_on()
    audit = _open(place, county, kernels.drawer)
    for i, stage in enumerate(stages):
        kernels.go_on()
        why = resume.why_again(place, audit, stage) if audit else UNREADABLE
        if why is None and not force:
            skipped += 1
            watch(Event(county, stage, "skipped", resume.UNCHANGED))
            continue
        origin = _origin(place, audit, stage)
        run = run_notebook(
            place, kernels, site, county=county, stage=stage, watch=watch, why=why or resume.WANTED
        )
        ran += 1
        if not run.ok:
            for later in stages[i + 1 :]:
                watch(Event(county, later, "left"))
            keep(stage)
            for later in _withdraw(place, audit, county, stage, watch):
                keep(later)
            return CountyRun(county, ran, skipped, Failure(stage, run.cell, run.reason))
        if origin:
            resume.mark_done(place, county, stage, origin)
        keep(stage)
    return CountyRun(county, ran, skipped, None)


def _open(place: Place, county: str, drawer: Path) -> Audit | None:
    """Return the audit; None if its parameters cannot be read, which its notebook will tell."""
    try:
        return place.open_county(county, drawer)
    except AuditError:
        return None


def _origin(place: Place, audit: Audit | None, stage: str) -> resume.Made | None:
    try:
        return resume.origin_of(place, audit, stage) if audit else None
    except AuditError:
        return None


def _withdraw(
    place: Place, audit: Audit | None, county: str, failed: str, watch: Watch
) -> Iterator[str]:
    """Take away what an earlier run made of later stages, where it no longer holds."""
    names = list(STAGES)
    for stage in names[names.index(failed) + 1 :]:
        why = resume.why_again(place, audit, stage) if audit else UNREADABLE
        if why and resume.withdraw(place, county, stage):
            watch(Event(county, stage, "withdrawn", why))
            yield stage
