# Everything is made from python3 (3.11 or newer, with venv) and make.

PYTHON = python3
# Not taken from the environment: some shells export HOST as the machine's own name, and the app
# would then be open to the network unasked.
HOST = 127.0.0.1
PORT ?= 8501

BIN := .venv/bin
LOCKED := .venv/locked
SPARK := .venv/spark
READY := .venv/ready

.DEFAULT_GOAL := help
.PHONY: help run test test-spark check lock sample shots bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## start the app (HOST=127.0.0.1 PORT=8501; BRIGADE_DATA=folder of your releases)
	@exec $(BIN)/brigade serve --host $(HOST) --port $(PORT)

test: $(READY) ## run all tests, in the browser too
	@$(BIN)/python tools/browser.py || test "$$CI" != true
	$(BIN)/pytest -q tests

test-spark: $(READY) $(SPARK)/locked ## run every query on Spark with two executors (needs Java 17; 460 MB)
	SPARK_HOME=$$(echo $(CURDIR)/$(SPARK)/lib/python3*/site-packages/pyspark) \
		$(BIN)/pytest -q tests/engine -k "not sail"

check: $(READY) ## check format, style, types, imports and links
	@failed=; \
	for step in "ruff format --check ." "ruff check ." "mypy --strict brigade" \
	            "lint-imports --no-logo" "python tools/check_links.py"; do \
		echo "== $$step"; $(BIN)/$$step || failed="$$failed\n  $$step"; \
	done; \
	test -z "$$failed" || { printf "== failed:$$failed\n"; exit 1; }

lock: $(LOCKED) ## write requirements.lock anew from pyproject.toml (UPGRADE=1: newest versions)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
		$(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group spark-server \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
		$(if $(UPGRADE),--upgrade) --output-file requirements-spark.lock

sample: $(READY) ## make the synthetic release in data/sample anew
	$(BIN)/brigade sample

shots: $(READY) ## take the README's screenshots anew
	$(BIN)/python tools/screenshots.py

bench: $(READY) ## measure
	$(BIN)/python -m benchmarks

clean: ## remove .venv, caches and builds; never data
	rm -rf .venv dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv installs the lock in a tenth of pip's time. It doesn't read pip's settings, so it is told
# pip's index; where that isn't enough (a wheelhouse, a private certificate), pip does the work.
$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Brigade needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv);" \
			"$(PYTHON) isn't that. Name another: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Installing requirements.lock in .venv …"
	@$(PYTHON) -m venv .venv
	@awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock | \
		$(BIN)/python -m pip install --quiet --require-hashes --requirement /dev/stdin
	@index=$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null)}}; \
	test -z "$$index" || export UV_DEFAULT_INDEX="$$index"; \
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock || \
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

# Spark brings a copy of its client, so it has a place of its own, and only its Java is used.
$(SPARK)/locked: requirements-spark.lock $(LOCKED)
	@command -v java >/dev/null || { \
		echo "Spark needs Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless)." >&2; exit 1; }
	@echo "Installing requirements-spark.lock in $(SPARK) …"
	@$(PYTHON) -m venv $(SPARK)
	@$(SPARK)/bin/python -m pip install --quiet --require-hashes --requirement requirements-spark.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
