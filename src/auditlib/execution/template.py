"""The template of this project's kernels: what it imports, and how it is begun.

Nothing heavy is imported here, so that the template is on its way before its owner has
read its own modules: two seconds side by side instead of one after the other.
"""

import json
from pathlib import Path

from auditlib.execution.kernels import Template, can_fork

PUT_OFF = "auditlib.execution.later"
"""To be imported before anything else that is heavy."""

MODULES = (
    PUT_OFF,
    "auditlib.pipeline",
    "auditlib.report.sampling",
    "auditlib.report.sampled",
    "auditlib.report.fieldwork",
    "auditlib.report.findings",
    "auditlib.report.indicators",
    "auditlib.report.checks",
    "auditlib.report.procedure",
    "auditlib.report.rectification",
    "auditlib.report.county",
    "auditlib.report.consolidated",
)
"""What every notebook needs, imported once before the first kernel is forked."""

REHEARSALS = (
    "auditlib.execution.kernels.rehearsal:show_table",
    "auditlib.execution.rehearsal:play",  # draws pictures as ours are drawn
)

ERRANDS = ("auditlib.execution.rehearsal:write", "scipy.optimize", f"{PUT_OFF}:import_seaborn")
"""What only later stages need: done while the first kernels are at work."""

ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1546300800",
    # Kernels side by side share the cores, and a sum must not depend on how many there are.
    "OPENBLAS_NUM_THREADS": "1",
    # glibc gives the memory of a picture back as soon as it is drawn, and every page of it has to
    # be fetched anew for the next one; a kernel lives too short for that to be worth it.
    "GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=67108864:glibc.malloc.trim_threshold=134217728",
}
"""What every kernel of a run finds set, forked or stock."""

ROUND = "AUDITLIB_ROUND"
"""Names for the rehearsal folder and name of the round's parameters, as a JSON list."""


def begin_template(spares: int, params: Path | None = None, round: str = "") -> Template | None:
    """Begin the template of all kernels, without waiting for it; None where none can be forked.

    Parameters
    ----------
    spares
        Kernels kept ready ahead of need.
    params, round
        Folder of the parameters and name of the round, to be read once for all kernels.
    """
    if not can_fork():
        return None
    env = dict(ENVIRONMENT)
    if params:
        env[ROUND] = json.dumps([str(params.absolute()), round])
    known = {"modules": MODULES, "rehearsals": REHEARSALS, "errands": ERRANDS}
    return Template(**known, spares=spares, env=env).start()
