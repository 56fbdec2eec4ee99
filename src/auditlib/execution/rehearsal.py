"""Do once, in the template process, what every notebook would do for the first time.

The font is found, a picture is drawn, the package is digested, the forms of the records
are built, the round's parameters are read, a document is written; the kernels inherit it
all. A file that changes later is read again. No setting of matplotlib stays changed.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

import matplotlib as mpl

from auditlib.errors import AuditError
from auditlib.execution.template import ROUND
from auditlib.files.writing import prepare
from auditlib.params import load_round
from auditlib.pipeline import RECORDS
from auditlib.pipeline.store import code_digest, digest_of_plan
from auditlib.report import charts
from auditlib.report.documents import writing as documents


def play() -> None:
    """Draw, digest, build, read and write."""
    code_digest()
    for record in RECORDS:
        prepare(record)
    with mpl.rc_context():
        charts.rehearse()
    if ROUND in os.environ:
        folder, round = json.loads(os.environ.pop(ROUND))
        with suppress(AuditError):  # the notebooks will tell
            plan, opened, _ = load_round(Path(folder), round)
            digest_of_plan(plan)
            documents.rehearse(opened.language)
