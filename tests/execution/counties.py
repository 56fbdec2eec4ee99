"""More counties for the golden round."""

import yaml

from auditlib import pipeline
from auditlib.cli.demo import write_county
from auditlib.demo.county import make_county
from auditlib.demo.invented import invented_county
from tests.conftest import COUNTY, Project


def add_county(project: Project, number: int, *, surveyed: bool) -> None:
    """Add an invented county to the round."""
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    scenario, places = invented_county(
        number, villages=20, townships=4, households=420, population=9_000, surveyed=surveyed
    )
    county = make_county(
        scenario, audit.params.plan, seed="golden", key=audit.key, income_line=2_995, places=places
    )
    write_county(project.root / "data" / scenario.code, county, audit.params.plan.codelists())
    text = yaml.safe_dump(dict(county.params), allow_unicode=True)
    project.params(f"counties/{scenario.code}").write_text(text, "utf-8")
