"""Set the texts of pictures letter by letter: every letter of a size is looked up once.

Matplotlib shapes every text anew, with HarfBuzz, once to measure and once to draw it. What
that does for Chinese, digits and Latin letters is to set one after the other; only the
kerning of Latin pairs, less than a dot at these sizes, is lost.
"""

# mypy: allow-untyped-calls
# because matplotlib's renderers carry no types

from functools import cache
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag


class Letter(NamedTuple):
    """A letter of a font in one size; lengths in dots."""

    font: Any
    glyph: int
    advance: float
    top: float
    bottom: float


class Renderer(RendererAgg):
    """Draws as Agg does, but sets letters itself."""

    def _letters(self, words: str, prop: Any) -> list[Letter]:
        """Return the letters of a text, none where a sign is not set as one."""
        font, size = self._prepare_font(prop), prop.get_size_in_points()
        letters = [_letter(font, size, self.dpi, sign) for sign in words]
        return [] if None in letters else letters  # type: ignore[return-value]

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
        letters = [] if ismath else self._letters(s, prop)
        if not letters:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        size, at, glyphs = prop.get_size_in_points(), 0.0, []
        for letter in letters:
            glyphs.append((letter.font, size, letter.glyph, 0, 1, at, 0.0))
            at += letter.advance
        self._draw_text_glyphs_and_boxes(gc, x, y, angle, glyphs, [])


@cache
def _letter(font: Any, size: float, dpi: float, sign: str) -> Letter | None:
    """Look a letter up in a font, or in the font that stands in for it."""
    font.set_size(size, dpi)
    items = font._layout(sign, flags=get_hinting_flag())
    if len(items) != 1:
        return None
    (item,) = items
    glyph = item.ft_object.load_glyph(item.glyph_index, flags=get_hinting_flag())
    _, bottom, _, top = glyph.bbox
    return Letter(item.ft_object, item.glyph_index, glyph.horiAdvance / 64, top / 64, bottom / 64)


class Canvas(FigureCanvasAgg):
    """The canvas of our pictures."""

    def get_renderer(self) -> RendererAgg:
        """Return the one renderer of the canvas, which lays out and draws."""
        if not hasattr(self, "renderer"):
            self.renderer = Renderer(*self.get_width_height(), self.figure.dpi)
        return self.renderer
