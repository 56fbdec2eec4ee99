"""The collector of cycles: halted while much is made, and what a run computed is spared."""

import gc
import os
from collections.abc import Iterator

import pytest

from auditlib import pipeline
from auditlib.cycles import uncollected
from auditlib.pipeline.audit import DRAWER


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.parametrize("was", [True, False])
def test_the_collector_is_as_it_was_afterwards(was: bool) -> None:
    (gc.enable if was else gc.disable)()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is was
    finally:
        gc.enable()


@pytest.mark.parametrize("in_a_run", [True, False])
def test_only_in_a_run_are_the_results_of_a_stage_spared(
    in_a_run: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {DRAWER: "folder"} if in_a_run else {})
    gc.unfreeze()

    pipeline._settle()

    assert (gc.get_freeze_count() > 0) is in_a_run
