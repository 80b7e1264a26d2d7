# `make help` says what there is. Everything sets up for itself what it needs.
VENV ?= .venv
export VENV
# Where it is set, each msptool that a test starts compiles all its sources again: 0.15 s each.
unexport PYTHONDONTWRITEBYTECODE
BIN = $(VENV)/bin
SEED ?= 1
WORKSPACE ?= demo-workspace
# Three at once on two cores: the lab tests mostly wait for networks and programs.
# In the order of their names: the long files of the lab first, not last.
TESTS = pytest -q -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: help run test test-full test-restic check bench lab dist fmt docs setup setup-test look clean

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

run: setup  ## Set up, survey the demo site, prove its backup, write a report
	@scripts/run-demo $(WORKSPACE) $(SEED)

test: setup-test  ## Set up and run the tests (at most 10 minutes)
	$(BIN)/python -m $(TESTS)

test-full: setup-test  ## The long suites at full size
	MSPTOOL_FULL=1 $(BIN)/python -m $(TESTS)

# Of the backup's lab tests those that start no restic, or only to have something to look at.
OF_NO_RESTIC = $(patsubst %,--ignore=tests/lab/backup/test_%.py,\
    cell confidence evidence hooks postgresql_probe probes sandbox_walls)

test-restic: setup-test  ## The backup tests on restic 0.14, 0.18 and the newest offered
	@scripts/restic-versions | (failed=0; while read -r version folder; do \
	    echo "restic $$version"; \
	    PATH=$$folder:$$PATH $(BIN)/python -m $(TESTS) $(OF_NO_RESTIC) \
	        tests/lab/backup tests/unit/backup/test_recorded.py </dev/null || failed=1; \
	done; exit $$failed)

check: setup-test  ## Lint, types, floors, documents in step
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/documents --check

bench: setup-test  ## Measure ourselves beside the alternative
	$(BIN)/python -m benchmarks

lab: setup  ## A shell on the laptop inside the demo site
	$(BIN)/msptool demo exec --seed $(SEED) -- $${SHELL:-sh}

dist: setup-test  ## Build the wheel and run it in a clean environment
	scripts/dist

fmt: setup-test  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup-test  ## Write the generated documents anew
	$(BIN)/python scripts/documents

look: setup  ## Pictures of the newest demo report (needs chromium)
	scripts/look $(WORKSPACE)

setup:
	@scripts/setup run

setup-test:
	@scripts/setup test

clean:  ## Remove what was built here
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
