# The front door: `make serve` and `make test` need nothing but Python 3.11 or newer.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
EDITOR_THERE := server/diplolocal/web/static/editor/integrity

.PHONY: serve test check bench
.DEFAULT_GOAL := serve

serve: .venv/serve            ## from a fresh clone to the site
	@test -e $(EDITOR_THERE) || echo 'The query page has its plain form: no npm registry was reached. `rm .venv/serve` and make again.'
	$(BIN)/diplolocal serve --port $(PORT)

test: .venv/test              ## every test, with coverage
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --cov --cov-report=term-missing

check: .venv/test             ## style, types, imports, then the data
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/diplolocal format --check && $(BIN)/diplolocal validate

bench: .venv/test             ## how long and how large
	$(BIN)/python -m tests.bench

.venv/serve: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . && touch $@

.venv/test: .venv/serve
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]' && touch $@
