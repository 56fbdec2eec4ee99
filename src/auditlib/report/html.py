"""Executed notebooks as pages: code folded, contents at the side, one style, no network."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from nbconvert import Exporter, HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from auditlib.language import Language
from auditlib.report.font import font_face

HERE = Path(str(files("auditlib.report")))


@dataclass(frozen=True)
class Link:
    """A link in the list of stages."""

    href: str
    text: str
    here: bool = False


def stylesheet() -> str:
    """Return the style of all pages, with the font in it: pages need nothing else."""
    face = font_face()
    code = HtmlFormatter(style="default").get_style_defs(".highlight")
    return face + (HERE / "templates" / "audit.css").read_text("utf-8") + code + "\n"


_NUMBERED = re.compile(r"&#(\d{4,6});")
"""A Chinese character as its number, which is how headings come from Markdown."""


_HEADING = re.compile(r'<h([1-3]) id="(.*?)">(.*?)<a')

CELLS = 1024
"""Cells kept as HTML: the notebooks of all counties say the same but in their results."""


class _Uncopied(Exporter):
    """What takes a notebook in, without the copy that preprocessors could change: there are none."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> Any:
        """Return the notebook as it is, and the resources."""
        untyped: Any = self
        return nb, untyped._init_resources(resources)


class _PageExporter(HTMLExporter, _Uncopied):
    """nbconvert's exporter of HTML, without the passes that our template has no use for.

    nbconvert parses every finished page again, to give pictures a text and its own template's
    cells a place in the order of the tab key. Our template gives the text itself, has none of
    these cells, and to parse a page takes twice as long as to make it.
    """

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> Any:
        """Return a notebook as HTML, and the resources."""
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        untyped: Any = super(HTMLExporter, self)  # what HTMLExporter itself adds is left out
        untyped.register_filter("highlight_code", partial(_coloured_cell, lexer=lexer))
        page, resources = untyped.from_notebook_node(nb, resources, **kw)
        return _NUMBERED.sub(lambda found: chr(int(found[1])), str(page)), resources or {}

    @jinja2.pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return the words of a cell as HTML."""
        if context["cell"].get("attachments"):
            return str(super().markdown2html(context, source))
        return _words(source)


def _coloured_cell(source: str, *, metadata: Any, lexer: str | None) -> str:
    return _coloured(source, lexer, metadata.get("magics_language"))


@lru_cache(CELLS)
def _coloured(source: str, lexer: str | None, magics: str | None) -> str:
    """Return code as HTML, with its colours."""
    highlight: Any = Highlight2HTML
    return str(highlight(lexer)(source, metadata={"magics_language": magics} if magics else {}))


@lru_cache(CELLS)
def _words(source: str) -> str:
    """Return Markdown as HTML."""
    return markdown2html_mistune(source)


@cache
def _exporter() -> _PageExporter:
    made: Any = _PageExporter  # nbconvert carries no types
    exporter: _PageExporter = made(
        template_name="audit",
        extra_template_basedirs=[str(HERE / "templates")],
        default_preprocessors=[],  # nothing to take out, nothing to fetch
    )
    exporter.exclude_input_prompt = True
    return exporter


def notebook_page(
    notebook: NotebookNode,
    *,
    language: Language,
    where: str,
    mark: str,
    links: Sequence[Link],
    up: str,
) -> str:
    """Return an executed notebook as a page.

    Parameters
    ----------
    notebook
        With its outputs.
    language
        Of the page's own words.
    where
        County, for the side.
    mark
        Mark of synthetic data, shown at the top; empty for real data.
    links
        The other pages of the county.
    up
        Way from the page to the site's folder: `../` or empty.
    """
    zh = language == "zh"
    headings = _headings(notebook)
    title = headings[0]["text"] if headings else where
    page: dict[str, Any] = {
        "language": "zh-CN" if zh else "en",
        "title": f"{title} · {where}",
        "where": where,
        "mark": mark,
        "home": "← 首页" if zh else "← home",
        "code": "代码" if zh else "code",
        "not_run": "未运行：前面的单元格失败。" if zh else "Not run: a cell before it failed.",
        "links": [asdict(link) for link in links],
        "headings": headings[1:],
        "up": up,
    }
    body, _ = _exporter().from_notebook_node(notebook, resources={"page": page})
    return str(body).rstrip() + "\n"


def _headings(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return the headings with the anchors that nbconvert gives them."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for level, anchor, inner in _HEADING.findall(_words(cell.source)):
                text = re.sub("<.*?>", "", inner)
                found.append({"level": int(level), "anchor": anchor, "text": text})
    return found


def site_page(**values: Any) -> str:
    """Return the page that leads to all others."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True
    )
    return environment.get_template("site.html.j2").render(**values).rstrip() + "\n"


def first_picture(notebook: NotebookNode) -> tuple[str, str]:
    """Return the first picture of a notebook as base64 and its text; empty if it has none."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                return data["image/png"].replace("\n", ""), str(data.get("text/plain", ""))
    return "", ""
