"""Who evaluates: tender, contract, and the four things the office looks at.

Source: plan, 五（一）.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EvaluatorFile:
    """The evaluator's file; `missing` names what it lacks: tender, contract, or a criterion."""

    name: str
    tender: str
    contract: str
    criteria: Mapping[str, str]
    missing: tuple[str, ...]


def evaluator_file(
    name: str, tender: str, contract: str, criteria: Mapping[str, str], *, wanted: Iterable[str]
) -> EvaluatorFile:
    """Return the file with what it lacks.

    Parameters
    ----------
    name, tender, contract
        The institution, and the numbers of the public tender and of the contract.
    criteria
        What it declares of every criterion.
    wanted
        The plan's criteria.
    """
    given = {"tender": tender, "contract": contract}
    missing = [key for key, value in given.items() if not value]
    missing += [key for key in wanted if not criteria.get(key)]
    return EvaluatorFile(name, tender, contract, criteria, tuple(missing))
