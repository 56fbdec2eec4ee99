"""Results travel from the notebooks to the consolidated report as scraps.

A scrap named after the stage holds its record, equal to the stage's JSON file;
pictures travel as pictures, larger tables as the digest of their file.
"""

from collections.abc import Mapping
from typing import Any

import scrapbook
from IPython.display import display

from auditlib.report.charts import Picture
from auditlib.report.page import Sentence


def glue(stage: str, record: Mapping[str, Any], digests: Mapping[str, str]) -> None:
    """Glue a stage's record and the digests of its tables into the running notebook.

    Parameters
    ----------
    stage
        Name of the stage.
    record
        Plain values: text, numbers, lists and mappings, as in the stage's JSON file.
    digests
        SHA-256 of every table file of the stage, by file name.
    """
    scrapbook.glue(stage, dict(record), encoder="json")
    scrapbook.glue(f"{stage}_tables", dict(digests), encoder="json")


def glue_picture(name: str, picture: Picture | Sentence) -> None:
    """Glue a picture, shown where it is glued; a sentence that stands in its place is only shown."""
    if isinstance(picture, Picture):
        scrapbook.glue(name, picture, encoder="display", display=True)
    else:
        display(picture)
