"""Pictures that come out the same everywhere: own font, fixed size, no time stamp.

Colours are the colour-blind safe ones of Okabe and Ito. Every picture has a
title that asks its question, axes with units, n and the clause.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from hashlib import sha256
from importlib.resources import as_file, files
from typing import Any, TypeVar, cast

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from PIL import Image

from auditlib.report.arrangement import PAD, arrange, guess
from auditlib.report.lettering import OFTEN, Canvas
from auditlib.report.page import Page, for_both
from auditlib.report.ticks import QuickAxes

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PINK, YELLOW, GREY = "#56B4E9", "#CC79A7", "#F0E442", "#767676"

PALEST = 252
"""What is paler than this level of red, green or blue has all of it."""

P = TypeVar("P")

DPI = 120
FONT = "AuditlibSansSC-Regular.otf"
BELOW = 4.6
"""Where a small legend stands below ticks and their label, in its own font size from the axis."""


SECOND = "DejaVu Sans"
"""Has some signs that our own font lacks; comes with matplotlib."""


@cache
def _characters() -> frozenset[int]:
    """Return the characters that our own font has, and the line end."""
    with as_file(files("auditlib.report") / "fonts" / FONT) as path:
        return frozenset({*FT2Font(str(path)).get_charmap(), ord("\n")})


@cache
def _family() -> str:
    """Register the font that comes with the package and return its name."""
    with as_file(files("auditlib.report") / "fonts" / FONT) as path:
        font_manager.fontManager.addfont(path)
        return font_manager.FontProperties(fname=path).get_name()


def _style() -> dict[Any, Any]:
    return {
        "font.family": [_family()],  # a second one is looked up for every text; see `_spell`
        "font.size": 10,
        "text.hinting": "default",  # as letters are that were drawn beforehand
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.titley": 1.0,  # else it is looked for between the ticks, at every drawing
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
    """A finished picture: PNG bytes and a text that says what it shows.

    `public` is what the site shows instead, None where that is the same.
    """

    png: bytes
    alt: str
    public: Any = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the PNG."""
        return sha256(self.png).hexdigest()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return for_both({"image/png": self.png, "text/plain": self.alt}, self.public)

    def __repr__(self) -> str:
        return self.alt


def drawn_once(view: Callable[[Page, Any], P]) -> Callable[[Page, Any], P]:
    """Keep the last picture that a view drew: notebook, site and Word file show the same.

    For views that show the public what they show the team.
    """
    last: list[Any] = []

    @wraps(view)
    def shown(page: Page, record: Any) -> P:
        team = replace(page, public=False)
        if not (last and last[0] is record and last[1] == team):
            last[:] = record, team, view(page, record)
        picture: P = last[2]
        return picture

    return shown


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
    figure = Figure(figsize=(width, height), dpi=DPI)
    Canvas(figure)  # lays out and draws with one renderer, which knows its texts
    grid = guess(width, height) | ({"height_ratios": heights} if heights else {})
    kind = {"axes_class": QuickAxes}
    axes = figure.subplots(rows, columns, squeeze=False, gridspec_kw=grid, subplot_kw=kind)
    flat = [each for row in axes for each in row]
    for each in flat:
        for spine in each.spines.values():
            spine.set_in_layout(False)  # labels reach further
    return figure, flat


def rehearse() -> None:
    """Draw a picture with the letters of most pictures, so that the next is drawn faster."""
    figure, (axis,) = canvas(12, 3)
    axis.plot([0, 1], [0.5, 1], "o", label="0 %")
    axis.set(title="题目 title", xlabel="x（%）", ylabel="y")
    axis.legend()
    for size, signs in OFTEN.items():
        figure.text(0.01, 1, signs, va="top", fontsize=size)
    _spell(figure)
    _png(figure)
    opened: Any = font_manager
    # matplotlib closes all fonts in every forked process, which would first copy their memory
    opened._get_font.cache_clear()


def _texts(figure: Figure) -> Iterator[Text]:
    """Yield the texts of a figure; `findobj` would ask every line and patch for its own."""
    yield from figure.texts
    for axes in figure.axes:
        yield from axes.texts
        yield from (axes.title, axes._left_title, axes._right_title)  # type: ignore[attr-defined]
        for axis in (axes.xaxis, axes.yaxis):
            yield axis.label
            yield from (tick.label1 for tick in axis.get_major_ticks())
    for legend in (*figure.legends, *(axes.get_legend() for axes in figure.axes)):
        if legend is not None:
            yield from (legend.get_title(), *legend.get_texts())


_LAYOUTS: dict[tuple[Any, ...], Any] = {}
"""Lines and their places of texts laid out before, by all that they depend on.

All pictures have the same dots an inch, and no text of ours wraps itself.
"""


def _lay_out_once(text: Text) -> None:
    """Let a text keep its lines and their places, by its words: ticks change them.

    It is asked for them at every step of the layout and at the drawing, six times in all, and
    the same words stand in many places.
    """
    own: Any = text
    known: dict[str, Any] = {}

    def layout(renderer: Any) -> Any:
        words = own.get_text()
        if words not in known:
            sides = own.get_ha(), own.get_va(), own._get_multialignment()
            turn = own.get_rotation(), own.get_rotation_mode()
            key = words, own.get_fontproperties(), own._linespacing, *sides, *turn
            found = _LAYOUTS.get(key)
            if found is None:
                found = type(own)._get_layout(own, renderer)
                _LAYOUTS[words, own.get_fontproperties().copy(), *key[2:]] = found
            known[words] = found
        return known[words]

    own._get_layout = layout


def _spell(figure: Figure) -> None:
    """Give texts with a character that our font lacks a second font; forget empty labels."""
    own = _characters()
    for text in _texts(figure):
        if not own.issuperset(map(ord, text.get_text())):
            text.set_fontfamily([_family(), SECOND])
        _lay_out_once(text)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.label.get_text():  # else its place is worked out at every drawing
                axis.set_label_coords(0, 0)


def _png(figure: Figure) -> bytes:
    """Lay out and draw a figure, and pack it with the 256 colours that it needs most.

    `Figure.savefig` would draw everything twice, and packs four bytes a point.
    """
    canvas = cast(FigureCanvasAgg, figure.canvas)
    arrange(figure, canvas.get_renderer())
    canvas.draw()
    size = canvas.get_width_height()
    drawn = Image.frombytes("RGB", size, canvas.buffer_rgba(), "raw", "RGBX")
    packed = drawn.quantize(method=Image.Quantize.FASTOCTREE)
    means = packed.getpalette() or []  # of white paper and the palest edges of letters: 254
    packed.putpalette([255 if level > PALEST else level for level in means])
    buffer = io.BytesIO()
    packed.save(buffer, "png", dpi=(DPI, DPI), compress_level=3)
    return buffer.getvalue()


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
    edge = PAD / figure.get_figheight()
    question = f"{page.name[page.language]} · {title}"
    figure.text(0.01, 1 - edge, question, va="top", fontsize=13)
    small = "\n".join(filter(None, [note, page.mark]))
    figure.text(0.01, edge, small, va="bottom", fontsize=8, color=GREY)
    _spell(figure)
    return Picture(_png(figure), alt or f"{question}. {note}")
