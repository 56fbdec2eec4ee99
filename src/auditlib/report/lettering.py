"""Set the texts of pictures letter by letter: every letter of a size is looked up and drawn once.

Matplotlib shapes every text anew, with HarfBuzz, once to measure and once to draw it. What
that does for Chinese, digits and Latin letters is to set one after the other; only the
kerning of Latin pairs, less than a dot at these sizes, is lost.
"""

# mypy: allow-untyped-calls
# because matplotlib's renderers carry no types

from functools import cache
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.ft2font import RenderMode

ONE = 0x10000
"""The number one as FreeType writes it in a matrix."""


class Letter(NamedTuple):
    """A letter of a font in one size; lengths in dots."""

    font: Any
    glyph: int
    advance: int
    top: float
    bottom: float


class Shape(NamedTuple):
    """A letter as it is drawn: how much ink on each dot, and where that is from its origin."""

    ink: Any
    left: int
    below: int


TURNED = {0.0: (1, 0), 90.0: (0, 1), 180.0: (-1, 0), 270.0: (0, -1)}
"""Cosine and sine of the turns whose letters are kept; at others the words are drawn by Agg."""


class Renderer(RendererAgg):
    """Draws as Agg does, but sets letters itself."""

    def _letters(self, words: str, prop: Any) -> list[Letter]:
        """Return the letters of a line, none where a sign is not set as one."""
        line = words, prop, self.dpi
        letters = _LINES.get(line)
        if letters is None:
            font, size = self._prepare_font(prop), prop.get_size_in_points()
            found = [_letter(font, size, self.dpi, sign) for sign in words]
            letters = [] if None in found else [letter for letter in found if letter]
            _LINES[words, prop.copy(), self.dpi] = letters
        return letters

    def get_text_width_height_descent(
        self, s: str, prop: Any, ismath: Any
    ) -> tuple[float, float, float]:
        """Return width, height and descent of a line, in dots."""
        letters = [] if ismath else self._letters(s, prop)
        if not letters:
            return super().get_text_width_height_descent(s, prop, ismath)
        bottom = min(letter.bottom for letter in letters)
        top = max(letter.top for letter in letters)
        return sum(letter.advance for letter in letters), top - bottom, -bottom

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a line of text from (x, y), turned by an angle in degrees."""
        letters = [] if ismath or angle % 360 not in TURNED else self._letters(s, prop)
        if not letters:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        size, at = prop.get_size_in_points(), 0
        across, along = TURNED[angle % 360]
        left, up = round(x), round(self.height - y)
        for letter in letters:
            shape = _shape(letter.font, size, self.dpi, letter.glyph, (across, along))
            low = int(self.height) - up - at * along + shape.below
            self._renderer.draw_text_image(shape.ink, left + at * across + shape.left, low, 0, gc)
            at += letter.advance


_LINES: dict[tuple[str, Any, float], list[Letter]] = {}
"""Letters of lines set before: each is measured, drawn, and often stands in many pictures."""


@cache
def _letter(font: Any, size: float, dpi: float, sign: str) -> Letter | None:
    """Look a letter up in a font, or in the font that stands in for it."""
    font.set_size(size, dpi)
    index = font.get_char_index(ord(sign))
    if not index:
        items = font._layout(sign, flags=get_hinting_flag())
        if len(items) != 1:
            return None
        font, index = items[0].ft_object, items[0].glyph_index
    glyph = font.load_glyph(index, flags=get_hinting_flag())
    _, bottom, _, top = glyph.bbox
    return Letter(font, index, round(glyph.horiAdvance / 64), top / 64, bottom / 64)


@cache
def _shape(font: Any, size: float, dpi: float, glyph: int, turn: tuple[int, int]) -> Shape:
    """Draw a letter of a size, turned; at whole dots, where hinting sees it anyway."""
    cos, sin = turn
    font.set_size(size, dpi)
    font._set_transform([[ONE * cos, -ONE * sin], [ONE * sin, ONE * cos]], [0, 0])
    drawn = font._render_glyph(glyph, get_hinting_flag(), RenderMode.NORMAL)
    ink = drawn.buffer
    return Shape(ink, drawn.left, ink.shape[0] - drawn.top)


class Canvas(FigureCanvasAgg):
    """The canvas of our pictures."""

    def get_renderer(self) -> RendererAgg:
        """Return the one renderer of the canvas, which lays out and draws."""
        if not hasattr(self, "renderer"):
            self.renderer = Renderer(*self.get_width_height(), self.figure.dpi)
        return self.renderer
