"""Every stage's record has a version and is what its published JSON Schema says."""

import json
from pathlib import Path

import jsonschema
import pytest

from auditlib import pipeline
from auditlib.files.stages import STAGES
from auditlib.files.writing import plain
from auditlib.pipeline import _result
from auditlib.pipeline.audit import Audit
from auditlib.report.page import Awaiting
from tests.conftest import ROOT, copy_golden


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    root: Path = tmp_path_factory.mktemp("schemas")
    project = copy_golden(root)
    return pipeline.open_audit(project.county, project.round, root=root)


def _check(stage: str, values: object) -> None:
    schema = json.loads((ROOT / "docs" / "schemas" / f"{stage}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(values)))
    assert "version" in schema["required"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_record_is_what_its_schema_says(audit: Audit, stage: str) -> None:
    record = _result(audit, stage).record

    _check(stage, plain(record))
    assert record.version >= 1


def test_what_stands_in_place_of_a_record_is_what_its_schema_says() -> None:
    _check("awaiting", plain(Awaiting(1, "report", "terminated")))
