"""The statistics bureau's divisions of 2018 of the counties that the package carries.

An administrative village is a unit with a villagers' committee. The bureau codes two
development zones of Changbai and Tumen like one (village part 300 of their code), but names
them a special committee (特殊村委会): they are no administrative village here.

Source: 国家统计局《2018年统计用区划代码和城乡划分代码》, as of 2018-10-31; names and codes are
taken from china-division 2.2.0. The bureau's urban-rural class is not carried.
"""

import csv
from functools import cache
from importlib.resources import files

from auditlib.sampling.left_out import Division

EDITION = 2018


@cache
def divisions(county: str) -> tuple[Division, ...]:
    """Return every unit below the townships of a county; none of a county not carried."""
    text = (files("auditlib.files") / "divisions_2018.csv").read_text("utf-8")
    return tuple(
        Division(
            county=row["county"],
            unit=row["village_code"],
            name=row["village"],
            kind=row["village_kind"],
            township=row["township_code"],
            township_name=row["township"],
            township_kind=row["township_kind"],
            village=row["admin_village"] == "1",
        )
        for row in csv.DictReader(text.splitlines())
        if row["county_code"] == county
    )
