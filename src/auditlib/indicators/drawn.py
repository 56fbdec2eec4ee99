"""The design by which the completed lifted households were drawn, for their estimates."""

import pandas as pd

from auditlib.estimation import Design
from auditlib.sampling.direct import COUNTY


def lifted_design(lifted: pd.DataFrame, *, with_replacement: bool = False) -> Design:
    """Return the design of the completed lifted households.

    `with_replacement` takes the villages as drawn with replacement in their types: the
    finite county counts for nothing, and the variance is rather too large.
    """
    if drawn_directly(lifted):
        return Design.from_columns(
            units=[lifted["study_id"]],
            populations=[] if with_replacement else [lifted["listed"]],
            weights=lifted["weight"],
        )
    return Design.from_columns(
        units=[lifted["village"], lifted["study_id"]],
        strata=[lifted["kind"]],
        probabilities=[] if with_replacement else [lifted["probability"]],
        populations=[] if with_replacement else [None, lifted["listed"]],
        weights=lifted["weight"],
    )


def drawn_directly(lifted: pd.DataFrame) -> bool:
    """Say whether the households were drawn from the whole county, no villages first (A25)."""
    return "within" in lifted and bool((lifted["within"] == COUNTY).any())
