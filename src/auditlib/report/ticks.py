"""Axes that copy their first tick instead of building every tick from nothing.

A tick is two lines, a grid line and two labels, each set up with some dozen settings that
matplotlib looks up, checks, and then overwrites with those of the axis' first tick. Copies
of that first tick are the same ticks for a tenth of the work. Of the small ticks between,
which no picture of ours has, matplotlib builds one all the same; here none is.
"""

# mypy: allow-untyped-calls
# because matplotlib's ticks carry no types

from copy import copy
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis

PARTS = ("tick1line", "tick2line", "gridline", "label1", "label2")


class _None:
    """No ticks until some are asked for."""

    def __get__(self, axis: Any, owner: Any = None) -> Any:
        if axis is not None:
            axis.minorTicks = []
            return axis.minorTicks
        return self


class _Copying:
    """An axis that copies its ticks."""

    minorTicks: Any = _None()  # noqa: N815 - matplotlib's name

    def _get_tick(self, major: bool) -> Any:
        own: Any = self
        ticks = own.majorTicks if major else own.minorTicks
        parent: Any = super()
        return _copied(ticks[0]) if ticks else parent._get_tick(major)

    def _copy_tick_props(self, first: Any, other: Any) -> None:
        """Do nothing: copies look like the first already."""


class _X(_Copying, XAxis):
    pass


class _Y(_Copying, YAxis):
    pass


class QuickAxes(Axes):
    """Matplotlib's axes, whose two axes copy their ticks."""

    def _init_axis(self) -> None:
        parent: Any = super()
        parent._init_axis()
        self.xaxis.__class__, self.yaxis.__class__ = _X, _Y


def _copied(tick: Any) -> Any:
    """Return a tick that looks like another, with lines and labels of its own."""
    new = copy(tick)
    for name in PARTS:
        setattr(new, name, copy(getattr(tick, name)))
    for label in (new.label1, new.label2):
        label.set_fontproperties(label.get_fontproperties().copy())
        vars(label).pop("_get_layout", None)  # kept by `charts` for each label's own words
    return new
