"""Do once, in the template process, what every notebook would do for the first time.

The font is found, a picture is drawn, the package is digested, the round's parameters are
read; then, while the first kernels work, the forms of the records are built and a document is
written. The kernels inherit it all. A file that changes later is read again. No setting of
matplotlib stays changed.
"""

import json
import os
from functools import cache
from pathlib import Path

import matplotlib as mpl

from auditlib.errors import AuditError
from auditlib.execution.template import ROUND
from auditlib.files.writing import prepare
from auditlib.params import Round, load_round
from auditlib.pipeline import RECORDS
from auditlib.pipeline.store import code_digest, digest_of_plan
from auditlib.plan import Plan
from auditlib.report import charts


def play() -> None:
    """Digest, draw and read: what every stage does."""
    code_digest()
    with mpl.rc_context():
        charts.rehearse()
    if opened := _round():
        digest_of_plan(opened[0])


def write() -> None:
    """Build the forms of the records and write a document: what later stages do."""
    from auditlib.report.documents import writing  # not above: the first kernels need no Word files

    for record in RECORDS:
        prepare(record)
    if opened := _round():
        writing.rehearse(opened[1].language)


@cache
def _round() -> tuple[Plan, Round] | None:
    """Return the plan and the round, if there is one that can be read."""
    if ROUND not in os.environ:
        return None
    folder, round = json.loads(os.environ[ROUND])
    try:
        return load_round(Path(folder), round)[:2]
    except AuditError:  # the notebooks will tell
        return None
