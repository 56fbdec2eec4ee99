"""Office documents: reports, result sheets, letters and notices as Word files.

A document is a title and a row of blocks (`blocks`); `form` makes the page that
Chinese offices use, `writing` fills it. The same blocks give the same bytes.
"""

from auditlib.report.documents.blocks import (
    Block,
    Facts,
    Figure,
    Grid,
    Heading,
    Note,
    OfficeDocument,
    Signature,
    Text,
)
from auditlib.report.documents.writing import docx_bytes

__all__ = [
    "Block",
    "Facts",
    "Figure",
    "Grid",
    "Heading",
    "Note",
    "OfficeDocument",
    "Signature",
    "Text",
    "docx_bytes",
]
