# The front door: `make serve` and `make test` need nothing but Python 3.11 or newer.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
EDITOR_THERE := server/diplolocal/web/static/editor/integrity

.PHONY: serve test check bench chromium
.DEFAULT_GOAL := serve

serve: .venv/serve            ## from a fresh clone to the site
	@test -e $(EDITOR_THERE) || echo 'The query page has its plain form: no npm registry was reached. `rm .venv/serve` and make again.'
	$(BIN)/diplolocal serve --port $(PORT)

test: .venv/test chromium     ## every test, with coverage
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --cov --cov-report=term-missing

chromium:                     # the browser of tests/browser, and the program that draws its PDFs, where they can be had
	@command -v chromium >/dev/null && command -v pdftoppm >/dev/null \
	|| { command -v apt-get >/dev/null && test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium poppler-utils; } \
	|| echo 'No Chromium and pdftoppm here, and no right to install them: the tests that need them are skipped.'

check: .venv/test             ## style, types, imports, then the data
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/diplolocal format --check && $(BIN)/diplolocal validate

bench: .venv/test             ## how long and how large
	$(BIN)/python -m tests.bench

.venv/serve: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . && touch $@

.venv/test: .venv/serve
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]' && touch $@
