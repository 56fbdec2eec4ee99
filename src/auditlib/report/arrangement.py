"""Give the axes of a picture all the room that titles, labels and notes leave.

Does what matplotlib's constrained layout does for a plain grid, but looks at every label
once where that is enough: twice only where the ticks change with the new places, or where
the first guess was far off.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

PAD = 3 / 72
"""Free space around the axes with their labels, in inches."""

GUESS = {"left": 0.75, "right": 0.15, "top": 0.32, "bottom": 0.8}
"""Margins in inches before anything is measured."""

NEAR = 0.15
"""By which share of the figure the guess may be wrong before labels are looked at again."""


def guess(width: float, height: float) -> dict[str, float]:
    """Return first places of a grid of axes, in shares of a figure's width and height."""
    share = {
        side: min(inches / (width if side in ("left", "right") else height), 0.4)
        for side, inches in GUESS.items()
    }
    return share | {"right": 1 - share["right"], "top": 1 - share["top"]}


def arrange(figure: Figure, renderer: RendererAgg) -> None:
    """Place all axes of a figure that stand in its grid; others have been placed already.

    The figure's own texts hang from its top or stand on its bottom edge.
    """
    above, below = (_taken(figure, renderer, edge) for edge in ("top", "bottom"))
    grid = [axes for axes in figure.axes if axes.get_in_layout()]
    for _ in range(2 if grid else 0):
        ticks = _ticks(grid)
        places = _places(figure, grid, renderer, above=above, below=below)
        off = max(_off(axes, place) for axes, place in zip(grid, places, strict=True))
        for axes, place in zip(grid, places, strict=True):
            axes.set_position(place)
        if off < NEAR and ticks == _ticks(grid):
            break


def _taken(figure: Figure, renderer: RendererAgg, edge: str) -> float:
    """Return the height that the texts at an edge take, with free space around, in dots."""
    heights = [
        text.get_window_extent(renderer).height
        for text in figure.texts
        if text.get_verticalalignment() == edge
    ]
    return max(heights) + 2 * PAD * figure.dpi if heights else 0.0


def _ticks(grid: Sequence[Axes]) -> list[list[float]]:
    return [list(ticks) for axes in grid for ticks in (axes.get_xticks(), axes.get_yticks())]


def _off(axes: Axes, place: Bbox) -> float:
    """Return by how much a place differs from the present one, in shares of the figure."""
    present = axes.get_position(original=True)
    return max(abs(present.width - place.width), abs(present.height - place.height))


def _places(
    figure: Figure, grid: Sequence[Axes], renderer: RendererAgg, *, above: float, below: float
) -> list[Bbox]:
    """Return the place of every axes of a grid, in shares of the figure."""
    cells = [_cell(axes) for axes in grid]
    pad = PAD * figure.dpi
    rows, columns = (max(numbers) + 1 for numbers in zip(*cells, strict=True))
    left, right, top, bottom = ([0.0] * n for n in (columns, columns, rows, rows))
    for axes, (row, column) in zip(grid, cells, strict=True):
        own = axes.get_position(original=True).transformed(figure.transFigure)
        box = axes.get_tightbbox(renderer, for_layout_only=True) or own
        left[column] = max(left[column], own.x0 - box.x0)
        right[column] = max(right[column], box.x1 - own.x1)
        top[row] = max(top[row], box.y1 - own.y1)
        bottom[row] = max(bottom[row], own.y0 - box.y0)
    across = _spans(figure.bbox.width, left, right, [1] * columns, pad=pad)
    spec = grid[0].get_subplotspec()
    assert spec is not None
    ratios = np.asarray(spec.get_gridspec().get_height_ratios(), float).tolist()
    along = _spans(figure.bbox.height - above - below, top, bottom, ratios, pad=pad)
    inner = figure.bbox.height - above
    return [
        Bbox.from_extents(
            across[column][0], inner - along[row][1], across[column][1], inner - along[row][0]
        ).transformed(figure.transFigure.inverted())
        for row, column in cells
    ]


def _cell(axes: Axes) -> tuple[int, int]:
    """Return row and column of axes in their grid."""
    spec = axes.get_subplotspec()
    assert spec is not None
    return spec.rowspan.start, spec.colspan.start


def _spans(
    whole: float,
    before: Sequence[float],
    after: Sequence[float],
    ratios: Sequence[float],
    *,
    pad: float,
) -> list[tuple[float, float]]:
    """Return start and end of every column, or row, between what stands before and after it."""
    free = whole - sum(before) - sum(after) - 2 * pad * len(before)
    spans, at = [], 0.0
    for first, last, ratio in zip(before, after, ratios, strict=True):
        start = at + pad + first
        end = start + free * ratio / sum(ratios)
        spans.append((start, end))
        at = end + last + pad
    return spans
