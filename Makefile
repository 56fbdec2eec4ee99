# auditlib: two commands matter, `make run` and `make test`; neither needs the other first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PYTHONHASHSEED := 0
export SOURCE_DATE_EPOCH := 1546300800

.PHONY: help run test check golden fuzz lab bench coverage docs clean

help:
	@echo "make run     the six demonstration counties and the consolidated report"
	@echo "make test    all tests"
	@echo "make check   style, types, layers, notebooks, documents"
	@echo "make golden  write the golden round anew, for review"
	@echo "make fuzz    10,000 examples for every reader of inputs (an hour)"
	@echo "make lab     JupyterLab on the notebooks"
	@echo "make bench   benchmarks, with ratios"
	@echo "make coverage  simulate how often the intervals cover the truth (minutes)"
	@echo "make docs    write the generated documents anew"
	@echo "make clean   remove results and the environment"

# The environment is made from the lock, and made anew when the lock changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "auditlib needs Python 3.11 to 3.13; set PYTHON=python3.12, say"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY)
	$(BIN)/auditlib demo
	$(BIN)/auditlib run

# The golden notebooks by nbval (every output), the shipped ones by nbval-lax (they run).
test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadscope tests
	$(BIN)/python -m pytest --nbval --nbval-sanitize-with tests/golden/sanitize.cfg tests/golden/notebooks
	$(BIN)/auditlib demo
	$(BIN)/python -m pytest -n 2 --dist loadscope --nbval-lax notebooks

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/make.py --check

golden: $(READY)
	$(BIN)/python tests/golden/make.py
	git diff --stat -- tests/golden

fuzz: $(READY)
	FUZZ_EXAMPLES=10000 $(BIN)/python -m pytest -n 2 tests/fuzz

coverage: $(READY)
	$(BIN)/python tests/simulation/interval_coverage.py
	$(BIN)/python tests/simulation/recheck_coverage.py

docs: $(READY)
	$(BIN)/python docs/make.py

lab: $(READY)
	$(PYTHON) -m venv .venv-lab
	.venv-lab/bin/python -m pip install -q --require-hashes -r requirements-lab.lock
	.venv-lab/bin/python -m pip install -q --no-deps --no-build-isolation --editable .
	.venv-lab/bin/jupyter lab notebooks

bench: $(READY)
	$(BIN)/python tests/bench/bench_draw.py
	$(BIN)/python tests/bench/bench_intake.py
	$(BIN)/python tests/bench/bench_estimate.py $(if $(SVY),--svy $(SVY))
	$(BIN)/python tests/bench/bench_round.py $(if $(LAB),--lab $(LAB))
	$(BIN)/python tests/bench/bench_scale.py --counties 6 24 --keep build/bench
	$(BIN)/python tests/bench/bench_consolidated.py --from build/bench/6/outputs/jilin-2018-demo

clean:
	rm -rf $(VENV) .venv-lab outputs/* data truth
