"""Pictures that come out the same everywhere: own font, fixed size, no time stamp.

Colours are the colour-blind safe ones of Okabe and Ito. Every picture has a
title that asks its question, axes with units, n and the clause.
"""

import io
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from auditlib.report.page import Page

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PINK, YELLOW, GREY = "#56B4E9", "#CC79A7", "#F0E442", "#767676"

DPI = 120


@cache
def _family() -> str:
    """Register the font that comes with the package and return its name."""
    with as_file(files("auditlib.report") / "fonts" / "AuditlibSansSC-Regular.otf") as path:
        font_manager.fontManager.addfont(path)
        return font_manager.FontProperties(fname=path).get_name()


def _style() -> dict[Any, Any]:
    return {
        "font.family": [_family(), "DejaVu Sans"],
        "font.size": 10,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#E5E5E5",
        "figure.facecolor": "white",
        "svg.hashsalt": "auditlib",
        "legend.frameon": False,
    }


@dataclass(frozen=True)
class Picture:
    """A finished picture: PNG bytes and a text that says what it shows."""

    png: bytes
    alt: str

    @property
    def digest(self) -> str:
        """SHA-256 of the PNG."""
        return sha256(self.png).hexdigest()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"image/png": self.png, "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


def canvas(
    width: float = 9,
    height: float = 4,
    *,
    rows: int = 1,
    columns: int = 1,
    heights: tuple[float, ...] = (),
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure, in inches, and its axes in reading order."""
    mpl.rcParams.update(_style())
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    ratios = {"height_ratios": heights} if heights else {}
    axes = figure.subplots(rows, columns, squeeze=False, gridspec_kw=ratios)
    return figure, [axis for row in axes for axis in row]


def rehearse() -> None:
    """Draw a small picture with all fonts, so that the next is drawn faster."""
    figure, (axis,) = canvas(4, 3)
    axis.plot([0, 1], [0.5, 1], "o", label="0 %")
    axis.set(title="题目 title", xlabel="x（%）", ylabel="y")
    axis.legend()
    figure.suptitle("题目 title")
    figure.savefig(io.BytesIO(), format="png", dpi=DPI)


def finish(page: Page, figure: Figure, *, title: str, note: str, alt: str = "") -> Picture:
    """Return the finished picture.

    Parameters
    ----------
    page
        County, language, and the mark of synthetic data, which is printed into the picture.
    figure
        Made by `canvas`.
    title
        The question that the picture answers.
    note
        n, clause and source, set small below.
    alt
        What the picture shows, for those who do not see it; the title if empty.
    """
    figure.suptitle(f"{page.name[page.language]} · {title}", x=0.01, ha="left", fontsize=13)
    small = "\n".join(filter(None, [note, page.mark]))
    figure.supxlabel(small, x=0.01, ha="left", fontsize=8, color=GREY)
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)
        figure.set_layout_engine("none")  # else savefig draws everything twice to lay it out
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None}, dpi=DPI)
    return Picture(buffer.getvalue(), alt or f"{page.name[page.language]} · {title}. {note}")
