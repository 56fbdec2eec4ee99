"""Make the small Chinese font from Noto Sans CJK: `python make_font.py NotoSansCJK-Regular.ttc`.

Kept are GB2312, the names of all townships and villages, and the signs used in
the pages. The name is changed, so that it is never taken for the whole font.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
NAME = "Auditlib Sans SC"
SIGNS = "–—‘’“”…‰→←↑↓↔≤≥≠≈×÷±−√∑π·•■□▲△▼▽◆◇○●◎★☆✓✗✔✘½¼¾²³⁰¹"
SIGNS += "①②③④⑤⑥⑦⑧⑨⑩〔〕《》「」、。，；：？！（）％＋＝〇"


def wanted() -> set[str]:
    """Return every character that the font must have."""
    pairs = (bytes([a, b]) for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF))
    characters = {c for pair in pairs for c in pair.decode("gb2312", "ignore")}
    divisions = HERE.parent.parent / "files" / "divisions_2018.csv"
    characters |= set(divisions.read_text("utf-8"))
    return characters | set(SIGNS) | {chr(i) for i in range(0x20, 0x17F)} | set("αβγδθλμπρσφχΣΔΩ")


def make(collection: str) -> None:
    """Write the font as OTF (pictures) and WOFF2 (pages)."""
    fonts = TTCollection(collection).fonts
    source = next(f for f in fonts if "CJK SC" in (f["name"].getDebugName(1) or ""))
    path = HERE / "AuditlibSansSC-Regular.otf"
    source.save(path)
    options = subset.Options(
        hinting=False,
        desubroutinize=False,
        name_IDs=["*"],
        layout_features=["kern"],
        drop_tables=["DSIG", "vhea", "vmtx", "VORG", "BASE"],
        notdef_outline=True,
    )
    font = TTFont(path, recalcTimestamp=False)
    chosen = subset.Subsetter(options)
    chosen.populate(text="".join(sorted(wanted())))
    chosen.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = NAME if record.nameID in (1, 3, 4, 16) else NAME.replace(" ", "")
    font["CFF "].cff.fontNames[0] = NAME.replace(" ", "")
    font["head"].modified = font["head"].created
    font.save(path)
    font.flavor = "woff2"
    font.save(HERE / "AuditlibSansSC-Regular.woff2")


if __name__ == "__main__":
    make(sys.argv[1])
