# Every target sets up what it needs on a machine that has Python 3.11, make and git.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
VENV := .venv
PY := $(VENV)/bin/python
PEERS := .venv-peers
READERS := .venv-readers
COMPILE := $(VENV)/bin/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --no-header --no-annotate
PIP := $(PY) -m pip --disable-pip-version-check --quiet

.PHONY: setup setup-dev demo run check test everywhere torture bench pictures lock clean model evaluate likeness

setup: $(VENV)/runtime.ok
setup-dev: $(VENV)/dev.ok

$(VENV)/runtime.ok: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 13) else "Python 3.11 is needed; this is " + sys.version.split()[0] + ". Say which one: make PYTHON=/path/to/python3.11")'
	@$(PY) -c "import pip" 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.ok: requirements-dev.lock $(VENV)/runtime.ok
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# What is measured beside us and needs other versions of our own libraries.
$(PEERS)/ok: benchmarks/peers/aiogram.lock
	$(PYTHON) -m venv --clear $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r benchmarks/peers/aiogram.lock
	@touch $@

# Libraries that texts are read with beside ours; they are large.
$(READERS)/ok: benchmarks/peers/insight.lock
	$(PYTHON) -m venv --clear $(READERS)
	$(READERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r benchmarks/peers/insight.lock
	@touch $@

demo: setup
	@exec $(PY) -m bot demo

run: setup
	@exec $(PY) -m bot run

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

test: setup-dev
	$(PY) -m pytest -n auto --dist worksteal

# `make test` plays one script of each feature on every messenger and both databases; this plays all of them there.
everywhere: setup-dev
	EVERYWHERE=1 $(PY) -m pytest tests/handlers

torture: setup-dev
	KILLS=$${KILLS:-1000} $(PY) -m pytest tests/torture tests/crash -s

bench: setup-dev $(PEERS)/ok $(READERS)/ok
	PEERS=$(PEERS)/bin/python $(PY) -m benchmarks
	$(READERS)/bin/python -m benchmarks.insight

model: setup
	$(PY) -m bot train

likeness: setup-dev
	$(PY) -m tests.bot.insight.fitting

evaluate: setup-dev
	$(PY) -m tests.bot.insight.figures

pictures: setup-dev
	$(PY) -m pictures

lock: setup-dev
	$(COMPILE) -o requirements.lock pyproject.toml
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	$(COMPILE) -o benchmarks/peers/aiogram.lock benchmarks/peers/aiogram.in
	$(COMPILE) -o benchmarks/peers/insight.lock benchmarks/peers/insight.in

clean:
	rm -rf $(VENV) $(PEERS) $(READERS)
