"""Set the texts of pictures letter by letter: every letter of a size is looked up and drawn once.

Matplotlib shapes every text anew, with HarfBuzz, once to measure and once to draw it. What
that does for Chinese, digits and Latin letters is to set one after the other; only the
kerning of Latin pairs, less than a dot at these sizes, is lost.

Letters are kept by the files of their fonts, since a forked process opens all fonts anew.
"""

# mypy: allow-untyped-calls
# because matplotlib's renderers carry no types

from functools import cache
from string import ascii_letters, digits
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import fontManager, get_font
from matplotlib.ft2font import RenderMode

ONE = 0x10000
"""The number one as FreeType writes it in a matrix."""


Fonts = tuple[str, ...]
"""Files of a font and of those that stand in for it."""


class Letter(NamedTuple):
    """A letter of a font in one size; lengths in dots."""

    fonts: Fonts
    glyph: int
    advance: int
    top: float
    bottom: float


class Shape(NamedTuple):
    """A letter as it is drawn: how much ink on each dot, and where that is from its origin."""

    ink: Any
    left: int
    below: int


class Heights(NamedTuple):
    """What a line of a font takes above and below its foot, and to the next; in dots.

    None where the font has no table of them; matplotlib then looks elsewhere.
    """

    ascent: float | None
    descent: float | None
    gap: float | None


TURNED = {0.0: (1, 0), 90.0: (0, 1), 180.0: (-1, 0), 270.0: (0, -1)}
"""Cosine and sine of the turns whose letters are kept; at others the words are drawn by Agg."""


class Renderer(RendererAgg):
    """Draws as Agg does, but sets letters itself."""

    def _letters(self, words: str, prop: Any) -> list[Letter]:
        """Return the letters of a line, none where a sign is not set as one."""
        line = words, prop, self.dpi
        letters = _LINES.get(line)
        if letters is None:
            fonts, size = _fonts(prop), prop.get_size_in_points()
            found = [_letter(fonts, size, self.dpi, sign) for sign in words]
            letters = [] if None in found else [letter for letter in found if letter]
            _LINES[words, prop.copy(), self.dpi] = letters
        return letters

    def _get_font_height_metrics(self, prop: Any) -> Heights:
        """Return what a line of a font takes; else matplotlib asks the font, in every process.

        A hook that matplotlib calls temporary: without it, only time is lost.
        """
        return _heights(_fonts(prop), prop.get_size_in_points(), self.dpi)

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
            shape = _shape(letter.fonts, size, self.dpi, letter.glyph, (across, along))
            low = int(self.height) - up - at * along + shape.below
            self._renderer.draw_text_image(shape.ink, left + at * across + shape.left, low, 0, gc)
            at += letter.advance


OFTEN: dict[float, str] = {
    7: f"{digits} ×/",
    7.5: f"{digits} -/会大委子新村河龙",
    8: (
        f"{digits} {ascii_letters}"
        "%,-./=·×–“”、一三上下不与个中为也乡二于五亡人仅仍从他众估似低住何供侧值偏入全"
        "六共关其内准出分划列判别到前加区单卡参发取口可右各合同名后否员和四回因困图圆在均坐基外多"
        "大太头如学完定实小少差已幅平底度建归当形得心态成或截户房才抽拒拟按据接推搬教数整断无日时"
        "是显最有期未本机权村条查柱标样核格档概模橙次款正此步母法浅消深演灰点率现理生用由界留疑病"
        "登的相示离种稳立答算箭类粉红线组细结给综绿缺群者脱至色菱蓝虚行表角计认记论设访证读调贫超"
        "辍达过近还进远连退送选逾部采重鉴错镇门问间际限随非项须题黑（），：；没波动以空首轮复括号百县占比"
    ),
    9: f"{digits} /–≥一三严二估侧则单四方更机案点界简规计随（），",
    9.5: f"{digits} %(),-–./;+=≤≥→不于人众低侧加单发口可合困度权求漏率生界综群脱要认评贫退错高，；",
    10: (
        f"{digits} {ascii_letters}"
        "%()-.=°÷–上下不与两为义九乡人从众估似位住作例供保偏入全公内农出初到力加务动化区"
        "医千占卡卫县及发取受口可吃合含告和困固国均基大好委安完定实审室家容宽对小展工巩差市带平年"
        "床应度建开恰愁成户房报抽按排接提收改政教数整普有未本机权村来查标样核档概每比水波漏率生申"
        "电界疑疗的盖省真硬确稳穿立答级纬纯线组经结络综网群育能脱自行覆认议评请象貌贫距路达过远退"
        "通道部里错镇门问间限除随障非题饮验黑（），"
    ),
    13: (
        f"{digits} {ascii_letters}"
        "·、一不与个中乡了些以们众会似位何全公共准分别到务县变各同吗否员和哪善四国图在均坏基多大"
        "天好如完定少差市常平应异得成户抽指按换据接改施族时是有服朝未本机村果查标样步每没治法清率"
        "疑白的础种答级结脱自被计认论设读调贫赉走达近这退都配错镇长问集项题额骤鲜，？复核首轮相比"
    ),
}
"""Signs that pictures of a round in Chinese are mostly written with, by size in points.

To be drawn once for all kernels; others are drawn when needed.
"""

_LINES: dict[tuple[str, Any, float], list[Letter]] = {}
"""Letters of lines set before: each is measured, drawn, and often stands in many pictures."""


def _fonts(prop: Any) -> Fonts:
    """Return the files of what a text is set in."""
    return tuple(fontManager._find_fonts_by_props(prop))


@cache
def _heights(fonts: Fonts, size: float, dpi: float) -> Heights:
    """Read a line's height from a font, as matplotlib does."""
    font: Any = get_font(fonts)
    table = font.get_sfnt_table("OS/2")
    if table is None:
        return Heights(None, None, None)
    scale = 1 / font.get_sfnt_table("head")["unitsPerEm"] * size * dpi / 72
    gap, ascent, descent = (table[f"sTypo{part}"] for part in ("LineGap", "Ascender", "Descender"))
    return Heights(ascent * scale, -descent * scale, gap * scale)


@cache
def _letter(fonts: Fonts, size: float, dpi: float, sign: str) -> Letter | None:
    """Look a letter up in a font, or in the font that stands in for it."""
    font: Any = get_font(fonts)
    font.set_size(size, dpi)
    index = font.get_char_index(ord(sign))
    if not index:
        items = font._layout(sign, flags=get_hinting_flag())
        if len(items) != 1:
            return None
        font, index = items[0].ft_object, items[0].glyph_index
        fonts = (font.fname,)
    glyph = font.load_glyph(index, flags=get_hinting_flag())
    _, bottom, _, top = glyph.bbox
    return Letter(fonts, index, round(glyph.horiAdvance / 64), top / 64, bottom / 64)


@cache
def _shape(fonts: Fonts, size: float, dpi: float, glyph: int, turn: tuple[int, int]) -> Shape:
    """Draw a letter of a size, turned; at whole dots, where hinting sees it anyway."""
    cos, sin = turn
    font: Any = get_font(fonts)
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
