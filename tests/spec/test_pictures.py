"""Pictures: same bytes on every run, white paper, the colours of the house, own font."""

import io
import os
import subprocess
import sys
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image, ImageChops, ImageStat

from auditlib.report import charts, lettering
from auditlib.report.arrangement import arrange
from auditlib.report.charts import BLUE, ORANGE, Picture, canvas, finish
from auditlib.report.lettering import Renderer

PAGE: Any = SimpleNamespace(
    name={"zh": "试县"}, language="zh", mark="合成数据，仅供演示 · synthetic data"
)


def _picture() -> Picture:
    figure, (axis,) = canvas(6, 3)
    axis.bar(["甲村", "乙村", "丙村"], [3, 1, 2], color=[BLUE, ORANGE, BLUE])
    axis.set(ylabel="户数")
    axis.text(0, 2, "3 / 4\n≤ 1", color="white", ha="center", rotation=90)
    axis.legend(["户"])
    return finish(PAGE, figure, title="哪村最多？", note="n = 6")


def test_a_picture_comes_out_the_same_again() -> None:
    assert _picture().png == _picture().png


def test_a_picture_is_small_and_keeps_white_paper_and_its_colours() -> None:
    image = Image.open(io.BytesIO(_picture().png))

    assert image.mode == "P"
    assert image.size == (720, 360)
    assert round(image.info["dpi"][0]) == 120
    seen = {colour for _, colour in image.convert("RGB").getcolors(256) or []}
    assert image.convert("RGB").getpixel((719, 0)) == (255, 255, 255)
    assert {(0, 0x72, 0xB2), (0xE6, 0x9F, 0)} <= seen


def test_texts_that_keep_their_layout_are_drawn_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = _picture().png
    monkeypatch.setattr(charts, "_lay_out_once", lambda text: None)

    assert _picture().png == kept


def _grid(**how: Any) -> Figure:
    figure, axes = canvas(9, 5, rows=2, columns=2, heights=(3, 2))
    figure.set(**how)
    for k, axis in enumerate(axes):
        axis.plot([0, 10 ** (k + 1)], [0, 10 ** (2 * k)])
        axis.set(title=f"图{k}", xlabel="户数", ylabel="应答率（%）")
    axes[1].text(1.01, 0.5, "600 / 600", transform=axes[1].transAxes)
    axes[3].legend(["户"], loc="upper center", bbox_to_anchor=(0.5, -0.3))
    return figure


def test_axes_are_placed_as_by_constrained_layout() -> None:
    ours, theirs = _grid(), _grid(layout_engine="constrained")
    for figure in (ours, theirs):
        figure.text(0.01, 1, "试县 · 哪村最多？", va="top", fontsize=13)
    theirs.texts[0].remove()
    theirs.suptitle("试县 · 哪村最多？", fontsize=13)
    theirs.draw_without_rendering()

    arrange(ours, RendererAgg(1080, 600, 120))

    for one, other in zip(ours.axes, theirs.axes, strict=True):
        assert one.get_position().extents == pytest.approx(other.get_position().extents, abs=0.03)


def test_nothing_of_a_picture_is_cut_off() -> None:
    figure = _grid()
    renderer = RendererAgg(1080, 600, 120)
    arrange(figure, renderer)

    for axes in figure.axes:
        box = axes.get_tightbbox(renderer)
        assert box is not None
        assert min(box.x0, box.y0, 1080 - box.x1, 600 - box.y1) >= 0
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))  # type: ignore[union-attr,arg-type]


WORDS = (
    "n = 30个村；绿色为达到，红色为未达到",
    "lifted households in remote villages",
    "1,044 / 1,053",
    "AVATAR Total 97.5 %",
    "●◐ 村",
)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("size", [7, 10, 13])
def test_letters_set_one_by_one_take_the_room_of_a_shaped_text(words: str, size: float) -> None:
    canvas(1, 1)  # makes our font known
    prop = FontProperties(family=[charts._family(), charts.SECOND], size=size)

    ours = Renderer(720, 360, 120).get_text_width_height_descent(words, prop, ismath=False)
    shaped = RendererAgg(720, 360, 120).get_text_width_height_descent(words, prop, ismath=False)

    assert ours[0] == pytest.approx(shaped[0], rel=0.03, abs=1.5)
    assert ours[1:] == pytest.approx(shaped[1:], abs=1)


def test_a_text_that_is_not_set_sign_by_sign_is_shaped_by_matplotlib(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    figure, (axis,) = canvas(3, 2)
    axis.set_title("图 5 %")
    kept = charts._png(figure)
    monkeypatch.setattr(lettering, "_letter", lambda *_: None)
    shaped, (axis,) = canvas(3, 2)
    axis.set_title("图 5 %")

    a, b = (Image.open(io.BytesIO(png)).convert("L") for png in (kept, charts._png(shaped)))

    # letters of our own stand at whole dots; without the title the difference is 4
    assert ImageStat.Stat(ImageChops.difference(a, b)).mean[0] < 1.5


@pytest.mark.parametrize("angle", [0.0, 90.0, 180.0, 270.0, 30.0])
def test_letters_of_a_turned_text_are_drawn_where_matplotlib_draws_them(angle: float) -> None:
    canvas(1, 1)
    prop = FontProperties(family=[charts._family()], size=10)
    drawn = []
    for kind in (Renderer, RendererAgg):
        renderer = kind(300, 300, 120)
        ink = renderer.new_gc()
        renderer.draw_text(ink, 150.0, 150.0, "试县12个村", prop, angle)
        drawn.append(Image.fromarray(np.asarray(renderer.buffer_rgba()).copy()).getchannel("A"))

    ours, theirs = drawn

    assert ours.getbbox() is not None
    assert ImageChops.difference(ours, theirs).getextrema()[1] <= 1


FORKED = """
import os
from matplotlib import font_manager
from auditlib.report import charts, lettering
charts.rehearse()
before = lettering._letter.cache_info().misses, lettering._shape.cache_info().misses
child = os.fork()
if child == 0:
    figure, (axis,) = charts.canvas(3, 2)
    axis.set_xlabel("村 n = 12（%）")
    charts._png(figure)
    after = lettering._letter.cache_info().misses, lettering._shape.cache_info().misses
    os._exit(2 * (after != before) + (font_manager._get_font.cache_info().currsize > 0))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_forked_process_draws_with_the_letters_drawn_before_and_opens_no_font() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=True
    )

    assert done.stdout == "0\n"


def test_signs_to_be_drawn_beforehand_are_in_our_font() -> None:
    assert set("".join(lettering.OFTEN.values())) <= set(map(chr, charts._characters()))


def _many_ticks() -> bytes:
    figure, (left, right) = canvas(9, 4, columns=2)
    left.bar(range(30), range(30))
    left.set_xticks(range(30), [f"村{i}" for i in range(30)], rotation=90, fontsize=7.5)
    left.set_title("很高的题目\n" * 8)  # so that the places, and with them the ticks, change
    right.plot([0, 1], [0, 1000])
    right.tick_params(axis="y", labelsize=6)
    right.grid(visible=False, axis="x")
    return finish(PAGE, figure, title="哪村？", note="n = 30").png


def test_copied_ticks_are_drawn_as_built_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = _many_ticks()
    monkeypatch.setattr(charts, "QuickAxes", Axes)

    assert _many_ticks() == copied


def test_the_same_words_are_laid_out_once_and_others_anew() -> None:
    """What the place of a line depends on is part of what it is known by."""
    figure, (axis,) = canvas(9, 4)
    differing: list[dict[str, Any]] = [
        {},
        {"fontsize": 7},
        {"rotation": 90},
        {"ha": "right"},
        {"va": "top"},
        {"linespacing": 3},
        {"fontfamily": "DejaVu Sans"},
        {"multialignment": "right"},
    ]
    texts = [axis.text(0.5, 0.5, "12 村\n1", **setting) for setting in differing]
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    stock: list[Any] = [text._get_layout(renderer) for text in texts]  # type: ignore[attr-defined]
    for text in texts:
        charts._lay_out_once(text)

    for _ in range(2):
        kept = [text._get_layout(renderer) for text in texts]  # type: ignore[attr-defined]
        assert [repr(layout) for layout in kept] == [repr(layout) for layout in stock]
