"""What an office document is made of: headings, sentences, tables, pictures, a signature.

Blocks hold plain text; nothing in them is markup, and whatever looks like it is
printed as it stands.
"""

import re
from dataclasses import dataclass
from datetime import date

from auditlib.language import Language
from auditlib.report.charts import Picture
from auditlib.report.page import Page, Sentence
from auditlib.report.tables import Shown, Stack


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、), 2 （（一）） or 3 (1.); the words bear their own number.

    One with `new_page` is of level 1 and begins a page.
    """

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph of the body, its first line indented by two letters."""

    text: str


@dataclass(frozen=True)
class Note:
    """A small remark below a table or picture; `tone` is `plain`, `good`, `warn` or `bad`."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Grid:
    """A table with borders and a caption; `columns` picks some of its columns by place."""

    table: Shown
    columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Facts:
    """A table of two columns without headings: what, and how it stands."""

    rows: tuple[tuple[str, str], ...]
    tones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture over the whole width, with its caption below."""

    picture: Picture
    caption: str


@dataclass(frozen=True)
class Signature:
    """Lines at the right, to be signed and sealed; `above` is text that stays on their page."""

    lines: tuple[str, ...]
    above: str = ""


Block = Heading | Text | Note | Grid | Facts | Figure | Signature


@dataclass(frozen=True)
class OfficeDocument:
    """One document.

    Attributes
    ----------
    title
        On the first page; every line of it is centred.
    number
        Document number, as `〔2019〕　号`, its place left blank for the office; empty for none.
    running
        Stands at the top of every page, before the mark.
    mark
        Mark of synthetic data, at the top and the foot of every page; empty for real data.
    author
        The institution, for the properties of the file.
    language, as_of
        Of the round; the second is the only date in the properties of the file.
    blocks
        In their order.
    """

    title: str
    number: str
    running: str
    mark: str
    author: str
    language: Language
    as_of: date
    blocks: tuple[Block, ...]


def number_of(page: Page, *, prefix: str = "") -> str:
    """Return the document number with its place left blank for the office."""
    year = page.as_of.year
    return page.says(f"{prefix}〔{year}〕　　号", f"{prefix} [{year}] No. ____".strip())


def texts(sentence: Sentence) -> tuple[Text | Note, ...]:
    """Return the lines of a sentence as paragraphs; one with a digest is set small."""
    return tuple(
        Note(line) if re.search("[0-9a-f]{64}", line) else Text(line) for line in sentence.lines
    )


def shown(view: Shown | Stack | Sentence, *columns: int) -> tuple[Block, ...]:
    """Return what a view of a notebook shows as blocks; `columns` of a table, all if none."""
    match view:
        case Shown():
            return _grid(view, columns)
        case Stack():
            return tuple(block for each in view.tables for block in _grid(each, columns))
        case _:
            return texts(view)


def _grid(view: Shown, columns: tuple[int, ...]) -> tuple[Block, ...]:
    """Return a table; of one that folds the rows that stand first, and how many there are."""
    if not view.rows:
        return ()
    if not view.folds:
        return (Grid(view, columns),)
    top = view.top
    told = f"{len(top.rows)} / {len(view.rows):,}（附表 XLSX 全列 · the workbook has all）"
    return Grid(top, columns), Note(told)
