"""Pack an office document anew so that the same content gives the same bytes."""

import io
import re
import zipfile

from auditlib.files.writing import CREATED

PACKED = (1980, 1, 1, 0, 0, 0)


def repack(content: bytes) -> bytes:
    """Return a document with fixed dates: those of its parts and that of its last change."""
    moment = CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)",
                    rb"\g<1>" + moment + rb"\g<2>",
                    part,
                )
            new.writestr(zipfile.ZipInfo(name, PACKED), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
