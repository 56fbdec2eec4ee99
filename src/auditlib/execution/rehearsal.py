"""Do once, in the template process, what every notebook would do for the first time.

The font is found, a picture is drawn, the package is digested, and the forms of the
records are built; the kernels inherit it all. No setting of matplotlib stays changed.
"""

import matplotlib as mpl

from auditlib.files.writing import prepare
from auditlib.pipeline import RECORDS
from auditlib.pipeline.store import code_digest
from auditlib.report.charts import rehearse


def play() -> None:
    """Draw, digest and build."""
    code_digest()
    for record in RECORDS:
        prepare(record)
    with mpl.rc_context():
        rehearse()
