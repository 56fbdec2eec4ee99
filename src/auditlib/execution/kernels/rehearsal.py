"""Do once, in the template process, what every notebook would do for the first time.

The first table and the first figure of a process load further modules, look
for fonts and fill caches. Done before the kernels are forked, this is paid
once. Nothing of it stays visible: no figure is left open, no setting changed,
no random number drawn.
"""

import sys
from importlib import import_module
from io import BytesIO


def rehearse() -> None:
    """Show a small table and draw a small figure, as far as their libraries are loaded."""
    if "pandas" in sys.modules:
        show_table()
    if "matplotlib.pyplot" in sys.modules:
        draw_figure()


def show_table() -> None:
    """Make a table, compute with it, and show it as a notebook does."""
    import pandas as pd

    table = pd.DataFrame({"name": ["a", "b", "a"], "count": [1, 2, 3], "share": [0.5, 0.25, 0.125]})
    grouped = table.groupby("name").agg(n=("count", "size"), mean=("share", "mean"))
    joined = table.merge(grouped.reset_index(), on="name").sort_values("count")
    for each in (joined, grouped, table.describe()):
        repr(each)
        each.to_html()
        each.to_dict("list")


def draw_figure() -> None:
    """Draw a figure with text as a PNG, the way the inline backend does."""
    import_module("IPython.core.pylabtools")  # which the inline backend will need; not the
    # backend itself, because it must find a shell when it is imported
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1.5))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.bar(["a", "b"], [1, 2], label="bars")
    axes.plot([0, 1], [0.5, 1], label="line")
    axes.set(title="title", xlabel="x", ylabel="y")
    axes.legend()
    figure.savefig(BytesIO(), format="png", bbox_inches="tight")
