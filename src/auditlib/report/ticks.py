"""Make an axis copy its first tick instead of building every tick from nothing.

A tick is two lines, a grid line and two labels, each set up with some dozen settings that
matplotlib looks up, checks, and then overwrites with those of the axis' first tick. Copies
of that first tick are the same ticks for a tenth of the work.
"""

# mypy: allow-untyped-calls
# because matplotlib's ticks carry no types

from copy import copy
from typing import Any

from matplotlib.axes import Axes

PARTS = ("tick1line", "tick2line", "gridline", "label1", "label2")


def copy_ticks(axes: Axes) -> None:
    """Let both axes of a picture copy their ticks."""
    for axis in (axes.xaxis, axes.yaxis):
        _copy_ticks(axis)


def _copy_ticks(axis: Any) -> None:
    build = axis._get_tick

    def tick(major: bool) -> Any:
        ticks = axis.majorTicks if major else axis.minorTicks
        return _copied(ticks[0]) if ticks else build(major)

    axis._get_tick = tick
    axis._copy_tick_props = lambda first, other: None  # copies look like the first already


def _copied(tick: Any) -> Any:
    """Return a tick that looks like another, with lines and labels of its own."""
    new = copy(tick)
    for name in PARTS:
        setattr(new, name, copy(getattr(tick, name)))
    for label in (new.label1, new.label2):
        label.set_fontproperties(label.get_fontproperties().copy())
        vars(label).pop("_get_layout", None)  # kept by `charts` for each label's own words
    return new
