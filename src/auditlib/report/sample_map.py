"""The villages of the frame on a map: points where they lie, or tiles where nobody knows.

On the map of points thin lines join the villages of a township, and the township's name
stands beside one of them, where it covers no village and no other name.
"""

from collections.abc import Iterator, Sequence
from math import ceil, cos, hypot, radians, sqrt
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from auditlib.report.charts import BLUE, ORANGE, SKY, YELLOW, Picture, canvas, finish
from auditlib.report.page import Page
from auditlib.sampling.design import DIRECT
from auditlib.sampling.summary import Sampling, VillageChance

KINDS = {
    "poor-remote": ("贫困·偏远", "poor, remote", BLUE),
    "poor-other": ("贫困·其他", "poor, other", SKY),
    "nonpoor-remote": ("非贫困·偏远", "not poor, remote", ORANGE),
    "nonpoor-other": ("非贫困·其他", "not poor, other", YELLOW),
}
WIDE, LOW, TALL = 8.0, 2.6, 7.4  # of the map itself, in inches
LEFT, BELOW, ABOVE = 0.75, 1.0, 0.85  # margins around it, in inches
POINT = 72  # to the inch
SIZE = 8.0  # of a name, in points
CLEAR = 6.5  # from the middle of a village to the next name, in points


def drawn_word(page: Page, record: Sampling) -> str:
    """Return what marks a village on a picture: it was drawn, or met by a direct draw (A25)."""
    return page.says("涉及", "met") if record.method == DIRECT else page.says("抽中", "drawn")


def map_picture(page: Page, record: Sampling) -> Picture:
    """Return a map of the sampled villages: points by coordinates, else a tile for every village."""
    placed = [c for c in record.chances if c.latitude is not None and c.longitude is not None]
    points = len(placed) == len(record.chances)
    return _points(page, record) if points else _tiles(page, record)


# ---- points ----


class Box(NamedTuple):
    """A rectangle in points, from the map's lower left corner."""

    left: Any
    low: Any
    right: Any
    high: Any

    def overlaps(self, other: "Box") -> Any:
        """Say whether two rectangles share a place; the other may be an array of many."""
        return (
            (self.left < other.right)
            & (other.left < self.right)
            & (self.low < other.high)
            & (other.low < self.high)
        )

    def within(self, width: float, height: float) -> bool:
        """Say whether the rectangle lies on a map of this size."""
        return self.left >= 0 and self.low >= 0 and self.right <= width and self.high <= height


def _points(page: Page, record: Sampling) -> Picture:
    """Draw every village where it lies; degrees are scaled so that distances look right."""
    x = [c.longitude or 0.0 for c in record.chances]
    y = [c.latitude or 0.0 for c in record.chances]
    figure, axis, place = _sheet(x, y)
    where = {c.village: (c.longitude or 0.0, c.latitude or 0.0) for c in record.chances}
    towns = {t.township: [c.village for c in _in(record, t.township)] for t in record.townships}
    axis.add_collection(LineCollection(_spokes(towns, where), colors="#C8C8C8", lw=0.7, zorder=1))
    for kind, (zh, en, colour) in KINDS.items():
        own = [where[c.village] for c in record.chances if c.kind == kind]
        style: dict[str, Any] = {
            "color": colour,
            "ms": 6,
            "mec": "#555555",
            "mew": 0.4,
            "label": page.says(zh, en),
        }
        axis.plot([p[0] for p in own], [p[1] for p in own], "o", **style)
    if record.state == "revealed":
        own = [where[c.village] for c in record.chances if c.drawn]
        ring: dict[str, Any] = {
            "mfc": "none",
            "mec": "black",
            "ms": 10,
            "mew": 1.5,
            "label": drawn_word(page, record),
        }
        axis.plot([p[0] for p in own], [p[1] for p in own], "o", **ring)
    at = {village: place(*point) for village, point in where.items()}
    names = {t: page.area(t).split()[0] for t in towns}
    size = figure.get_figwidth() - LEFT - 0.25, figure.get_figheight() - BELOW - ABOVE
    for town, (box, anchor) in place_names(
        {names[t]: [at[v] for v in villages] for t, villages in towns.items()},
        list(at.values()),
        width=size[0] * POINT,
        height=size[1] * POINT,
    ).items():
        _write_name(axis, town, box, anchor)
    axis.set_xlabel(page.says("经度（°）", "longitude (°)"))
    axis.set_ylabel(page.says("纬度（°）", "latitude (°)"))
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5, fontsize=8)
    how = page.says("按坐标，细线连到同一乡镇的中心", "by coordinates; lines join a township")
    return _finish_map(page, figure, record, how)


def _sheet(x: Sequence[float], y: Sequence[float]) -> tuple[Figure, Axes, Any]:
    """Return a figure whose map has one scale both ways, and what turns degrees into points."""
    middle = (max(y) + min(y)) / 2
    narrow = max(cos(radians(middle)), 0.1)  # of a degree of longitude against one of latitude
    across = max((max(x) - min(x)) * narrow, 1e-3) * 1.16
    along = max(max(y) - min(y), 1e-3) * 1.16
    height = min(max(WIDE * along / across, LOW), TALL)
    scale = max(across / WIDE, along / height)  # degrees of latitude to the inch
    size = WIDE + LEFT + 0.25, height + BELOW + ABOVE
    figure, (axis,) = canvas(*size)
    axis.set_position((LEFT / size[0], BELOW / size[1], WIDE / size[0], height / size[1]))
    centre = (max(x) + min(x)) / 2
    west, south = centre - scale * WIDE / 2 / narrow, middle - scale * height / 2
    axis.set_xlim(west, west + scale * WIDE / narrow)
    axis.set_ylim(south, south + scale * height)

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        return (
            (longitude - west) * narrow / scale * POINT,
            (latitude - south) / scale * POINT,
        )

    return figure, axis, place


def _spokes(
    towns: dict[str, list[str]], where: dict[str, tuple[float, float]]
) -> list[list[tuple[float, float]]]:
    """Return a line from every village to the middle of its township's villages."""
    lines = []
    for villages in towns.values():
        own = [where[v] for v in villages]
        middle = sum(p[0] for p in own) / len(own), sum(p[1] for p in own) / len(own)
        lines += [[middle, point] for point in own]
    return lines


def place_names(
    towns: dict[str, list[tuple[float, float]]],
    villages: Sequence[tuple[float, float]],
    *,
    width: float,
    height: float,
) -> dict[str, tuple[Box, tuple[float, float]]]:
    """Return where every township's name stands, and the village beside which it stands.

    The first place is taken that covers no village and no name before it and lies on the map;
    where there is none, the place that covers least.

    Parameters
    ----------
    towns
        Villages of every township by its name, in points.
    villages
        All villages.
    width, height
        Of the map, in points.
    """
    x, y = np.reshape(villages, (-1, 2)).T
    around = Box(x - CLEAR, y - CLEAR, x + CLEAR, y + CLEAR)  # all villages at once
    placed: dict[str, tuple[Box, tuple[float, float]]] = {}
    for name, own in towns.items():
        taken = [box for box, _ in placed.values()]
        best: tuple[int, Box, tuple[float, float]] | None = None
        for box, anchor in _places(name, own):
            covered = int(np.count_nonzero(box.overlaps(around)))
            covered += 10 * sum(box.overlaps(each) for each in taken)
            covered += 100 * (not box.within(width, height))
            if best is None or covered < best[0]:
                best = covered, box, anchor
            if covered == 0:
                break
        if best:
            placed[name] = best[1:]
    return placed


def _places(
    name: str, own: Sequence[tuple[float, float]]
) -> Iterator[tuple[Box, tuple[float, float]]]:
    """Yield places for a name, nearest first: around its villages, the middle ones first."""
    wide = sum(SIZE if ord(sign) > 0x2E7F else 0.6 * SIZE for sign in name) + 2
    x_mean, y_mean = sum(p[0] for p in own) / len(own), sum(p[1] for p in own) / len(own)
    order = sorted(own, key=lambda p: (hypot(p[0] - x_mean, p[1] - y_mean), p))
    for away in (CLEAR, 2 * CLEAR, 4 * CLEAR, 7 * CLEAR):
        for x, y in order:
            for right, up in _SIDES:
                low = y + up * (away + SIZE / 2) - SIZE / 2 - 1
                left = x + right * (away + wide / 2) - wide / 2
                yield Box(left, low, left + wide, low + SIZE + 2), (x, y)


_SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))


def _write_name(axis: Axes, name: str, box: Box, anchor: tuple[float, float]) -> None:
    """Write a township's name in its box, with a halo; a line leads to a village far off."""
    middle = (box.left + box.right) / 2, (box.low + box.high) / 2
    near = min(max(anchor[0], box.left), box.right), min(max(anchor[1], box.low), box.high)
    far = hypot(near[0] - anchor[0], near[1] - anchor[1]) > 2.5 * CLEAR
    axis.annotate(
        name,
        xy=anchor,
        xycoords="axes points",
        xytext=middle,
        textcoords="axes points",
        fontsize=SIZE,
        color="#333333",
        ha="center",
        va="center",
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
        arrowprops={"arrowstyle": "-", "color": "#333333", "lw": 0.5} if far else None,
        zorder=5,
    )


# ---- tiles ----


def _tiles(page: Page, record: Sampling) -> Picture:
    """Draw a block of tiles for every township, a tile a village; places are schematic."""
    towns = record.townships
    columns = ceil(sqrt(len(towns) * 1.6))
    side = max(ceil(sqrt(t.villages)) for t in towns)
    pitch = side + 1.5
    tall = max(ceil(t.villages / side) for t in towns) + 2.0
    rows = ceil(len(towns) / columns)
    figure, (axis,) = canvas(9, 1.6 + 8.2 * rows * tall / (columns * pitch))
    for i, town in enumerate(towns):
        left, top = (i % columns) * pitch, -(i // columns) * tall
        name = page.area(town.township).split()[0]
        axis.text(left, top + 0.25, name, fontsize=8, va="bottom", ha="left")
        for j, chance in enumerate(_in(record, town.township)):
            corner = left + j % side, top - 1 - j // side
            colour = KINDS[chance.kind][2]
            axis.add_patch(Rectangle(corner, 0.9, 0.9, fc=colour, ec="none", alpha=0.75))
            if chance.drawn:
                middle = corner[0] + 0.45, corner[1] + 0.45
                axis.plot(*middle, "o", color="black", ms=min(6.0, 42 / side))
    axis.set_xlim(-0.5, columns * pitch)
    axis.set_ylim(-rows * tall + 1.0, 1.6)
    axis.set_aspect("equal")
    axis.axis("off")
    handles: list[Any] = [
        Patch(color=colour, alpha=0.75, label=page.says(zh, en))
        for zh, en, colour in KINDS.values()
    ]
    if record.state == "revealed":
        handles += axis.plot([], [], "o", color="black", label=drawn_word(page, record))
    axis.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5, fontsize=8)
    return _finish_map(page, figure, record, _why_tiles(page, record))


def _why_tiles(page: Page, record: Sampling) -> str:
    """Say of how many villages coordinates are known; some are not enough for points."""
    known = sum(c.latitude is not None and c.longitude is not None for c in record.chances)
    if not known:
        return page.says("没有坐标，示意：一格一村", "no coordinates: one tile a village")
    return page.says(
        f"仅{known}个村有坐标，示意：一格一村",
        f"coordinates of {known} villages only: one tile a village",
    )


def _in(record: Sampling, township: str) -> list[VillageChance]:
    return [c for c in record.chances if c.township == township]


def _finish_map(page: Page, figure: Any, record: Sampling, how: str) -> Picture:
    shown = record.state == "revealed"
    what = "直抽涉及" if record.method == DIRECT else "抽中"
    return finish(
        page,
        figure,
        title=page.says(
            f"{what}的村在哪些{page.areas}？", f"Where the sampled villages lie, by {page.areas}"
        )
        if shown
        else page.says(
            f"各{page.areas}有哪些村？（名单封存）", "The villages of the frame (sample sealed)"
        ),
        note=page.says(
            f"n = {record.villages}个村，共{record.villages_listed}个；{how}；四（三）",
            f"n = {record.villages} of {record.villages_listed} villages; {how}; 四（三）",
        ),
    )
