"""Where a round's notebooks, inputs and results lie, and how its notebooks are run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditlib import pipeline
from auditlib.files.stages import numbered
from auditlib.report.page import SYNTHETIC
from auditlib.report.site import SiteRound

SHIPPED = Path(__file__).parents[3] / "notebooks"
"""The project's notebooks, for a round in a folder that has none of its own."""

KernelKind = Literal["forked", "stock"]


@dataclass(frozen=True)
class Limits:
    """What one notebook may use: `seconds` in all, bytes of `memory`; None for no limit."""

    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Place:
    """The places of one round: folders of parameters and results below the project's `root`."""

    root: Path
    params: str
    outputs: str
    round: str

    @property
    def folder(self) -> Path:
        """Folder of the round's results."""
        return self.root / self.outputs / self.round

    def source(self, county: str, stage: str) -> Path:
        """Return the notebook to run: the project's own, else the one shipped."""
        own = self.root / "notebooks" / f"{self._name(county, stage)}.ipynb"
        return own if own.is_file() else SHIPPED / own.name

    def kept(self, county: str, stage: str) -> Path:
        """Return where the executed notebook is kept."""
        return self.folder / county / f"{self._name(county, stage)}.ipynb"

    def page(self, county: str, stage: str) -> Path:
        """Return where the notebook's page is kept."""
        return self.folder / "site" / county / f"{self._name(county, stage)}.html"

    def parameters(self, county: str) -> dict[str, str]:
        """Return what papermill gives to a notebook."""
        given = {"round": self.round, "params": self.params, "outputs": self.outputs}
        return {"county": county, **given} if county else given

    def open_county(self, county: str, drawer: Path | None = None) -> pipeline.Audit:
        """Open the audit of one county, which shares what it reads through the drawer."""
        names = (self.round, self.params, self.outputs)
        return pipeline.open_audit(county, *names, root=self.root, drawer=drawer)

    def open_round(self, *only: str) -> pipeline.Round:
        """Open the round; if counties are named, with no other names."""
        return pipeline.open_round(self.round, self.params, self.outputs, root=self.root, only=only)

    @staticmethod
    def _name(county: str, stage: str) -> str:
        return numbered(stage) if county else stage


def site_of(opened: pipeline.Round) -> SiteRound:
    """Return what the site must know of a round."""
    return SiteRound(
        name=opened.record.round,
        language=opened.record.language,
        mark=SYNTHETIC if opened.record.synthetic else "",
        title=opened.record.title,
        counties=opened.names,
        side_by_side=opened.plan.consolidated.side_by_side,
    )
