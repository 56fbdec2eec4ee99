"""Every problem that the code can name has its sentence."""

import re
from pathlib import Path

from auditlib.problems.sentences import SENTENCES

SOURCE = Path(__file__).parents[2] / "src"


def test_every_problem_that_the_code_names_has_a_sentence() -> None:
    named = {
        (code, path.name)
        for path in SOURCE.rglob("*.py")
        for code in re.findall(r'\bproblem\(\s*"([a-z_0-9]+)"', path.read_text("utf-8"))
    }

    assert len(named) > 80
    assert {each for each in named if each[0] not in SENTENCES} == set()
