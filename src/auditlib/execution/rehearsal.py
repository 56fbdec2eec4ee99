"""Do once, in the template process, what every notebook would do for the first time.

The font is found, a picture is drawn, the package is digested, and the forms of the
records are built, the round's parameters are read; the kernels inherit it all. A file
that changes later is read again. No setting of matplotlib stays changed.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

import matplotlib as mpl

from auditlib.errors import AuditError
from auditlib.files.writing import prepare
from auditlib.params import load_round
from auditlib.pipeline import RECORDS
from auditlib.pipeline.store import code_digest
from auditlib.report.charts import rehearse

ROUND = "AUDITLIB_ROUND"
"""Names for the rehearsal folder and name of the round's parameters, as a JSON list."""


def play() -> None:
    """Draw, digest, build and read."""
    code_digest()
    for record in RECORDS:
        prepare(record)
    with mpl.rc_context():
        rehearse()
    if ROUND in os.environ:
        folder, round = json.loads(os.environ.pop(ROUND))
        with suppress(AuditError):  # the notebooks will tell
            load_round(Path(folder), round)
