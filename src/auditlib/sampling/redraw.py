"""Redraw a published sample from its own files, and name every difference.

A stranger needs the frame file, the design file, the seed and the published
rows. `redraw.html` does the same in a browser, in a second implementation.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from auditlib.errors import SelectionError
from auditlib.language import Language
from auditlib.sampling.commitment import Draw, make_seed, nonce_digest
from auditlib.sampling.county import Selected, draw_county
from auditlib.sampling.design import Design
from auditlib.sampling.imported import OfficeList, list_digest, read_office_list
from auditlib.sampling.published import digest, read_design, read_frame
from auditlib.sampling.villages import other_villages

ROW = ("stage", "within", "rank", "role", "unit", "ticket", "probability")
SLOT = "/*PUBLISHED*/null"
FONT = "/*FONT*/"


@dataclass(frozen=True)
class Difference:
    """One thing in which a published sample differs from the sample drawn again.

    `field` is a column of the rows, `row` for a whole row, or `digest`.
    """

    stage: str
    unit: str
    field: str
    published: str
    redrawn: str

    def says(self, language: Language) -> str:
        """Return the sentence in `zh` or `en`."""
        place = " ".join(filter(None, (self.stage, self.unit)))
        if language == "zh":
            return f"{place}：{self.field} 公布为“{self.published}”，重抽为“{self.redrawn}”。"
        return (
            f"{place}: {self.field} is {self.published!r} as published, {self.redrawn!r} redrawn."
        )


def published_row(row: Selected) -> dict[str, str]:
    """Return a row of the sample as text, as it is published."""
    chances = "" if row.probability is None else str(row.probability)
    values = row.stage, row.within, str(row.rank), row.role, row.unit, row.ticket, chances
    return dict(zip(ROW, values, strict=True))


def redraw(
    frame: bytes,
    design: bytes,
    rows: Sequence[Mapping[str, str]],
    *,
    draw: Draw,
    nonce: str,
    imported: bytes = b"",
) -> tuple[Difference, ...]:
    """Return every difference between a published sample and the same drawn again.

    Parameters
    ----------
    frame, design
        The published files.
    rows
        The published rows, as `published_row` writes them.
    draw, nonce
        The entry of the register, and the nonce revealed.
    imported
        The published list of villages, where the office drew them.

    Returns
    -------
    tuple of Difference
        Empty if all is the same: digests first, then rows in the order of the draw. Only
        digests where an altered file can no longer be drawn from.

    Raises
    ------
    SelectionError
        A file that has its digest cannot be read, or the seed is too short.
    """
    differences = [
        Difference(what, "", "digest", published, found)
        for what, published, found in (
            ("frame", draw.frame_digest, digest(frame)),
            ("design", draw.design_digest, digest(design)),
            ("nonce", draw.nonce_digest, nonce_digest(nonce)),
        )
        if published != found
    ]
    try:
        return (*differences, *_drawn_again(frame, design, rows, draw, nonce, imported))
    except SelectionError:
        if differences:  # what was altered says why it cannot be drawn again
            return tuple(differences)
        raise


def _drawn_again(
    frame: bytes,
    design: bytes,
    rows: Sequence[Mapping[str, str]],
    draw: Draw,
    nonce: str,
    imported: bytes,
) -> tuple[Difference, ...]:
    """Return the differences between published rows and those that the files give."""
    listed, planned = read_frame(frame), read_design(design)
    others = other_villages(listed, planned)
    if others:
        return tuple(Difference("design", c, "villages", str(w), str(n)) for c, w, n in others)
    office, unlike_list = _office(planned, imported, nonce)
    seed = make_seed(draw.public_number, nonce)
    sample = draw_county(listed, planned, seed, office=office)
    found = row_differences(rows, [published_row(r) for r in sample.rows])
    return (*unlike_list, *found)


def _office(
    design: Design, imported: bytes, nonce: str
) -> tuple[OfficeList | None, tuple[Difference, ...]]:
    """Return the office's list where the design has one, and whether it is the one digested."""
    told = design.rules.get("imported")
    if not isinstance(told, dict):
        return None, ()
    wanted, found = str(told["digest"]), list_digest(imported, nonce)
    unlike = () if wanted == found else (Difference("imported", "", "digest", wanted, found),)
    return read_office_list(imported, str(told["source"])), unlike


def row_differences(
    published: Sequence[Mapping[str, str]], redrawn: Sequence[Mapping[str, str]]
) -> tuple[Difference, ...]:
    """Return the differences between two lists of rows, whose own order plays no part."""
    told = {(row["stage"], row["unit"]): row for row in published}
    found = {(row["stage"], row["unit"]): row for row in redrawn}
    differences = []
    for key in (*found, *(key for key in told if key not in found)):
        if key not in told:
            differences.append(Difference(*key, "row", "", found[key]["role"]))
        elif key not in found:
            differences.append(Difference(*key, "row", told[key]["role"], ""))
        else:
            differences += [
                Difference(*key, name, told[key][name], found[key][name])
                for name in ROW
                if told[key][name] != found[key][name]
            ]
    if not differences and len(told) != len(published):
        differences.append(Difference("rows", "", "number", str(len(published)), str(len(redrawn))))
    return tuple(differences)


def redraw_page(
    frame: bytes,
    design: bytes,
    rows: Sequence[Mapping[str, str]],
    *,
    draw: Draw,
    nonce: str,
    imported: bytes = b"",
    mark: str = "",
    font: str = "",
) -> str:
    """Return the page that redraws this sample in any browser, without a network.

    `mark` is the mark of synthetic data, empty for real data; `font` a CSS rule that
    holds a font with Chinese characters.
    """
    published = {
        "frame": frame.decode(),
        "design": design.decode(),
        "frame_digest": draw.frame_digest,
        "design_digest": draw.design_digest,
        "nonce_digest": draw.nonce_digest,
        "public_number": draw.public_number,
        "nonce": nonce,
        "imported": imported.decode(),
        "mark": mark,
        "rows": [[row[name] for name in ROW] for row in rows],
    }
    text = json.dumps(published, ensure_ascii=False, separators=(",", ":"))
    template = resources.files("auditlib.sampling").joinpath("redraw.html").read_text("utf-8")
    template = template.replace(FONT, font)
    return template.replace(SLOT, text.replace("<", "\\u003c"))
