# Everything that is done with this repository. `make help` lists it; README explains it.

PORT     ?= 8000
SERVER   ?= gunicorn
DATA_DIR ?= var
PY       := .venv/bin/python
UV       := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
            --no-emit-index-url --no-emit-find-links --no-header --no-annotate

export PORT SERVER DATA_DIR

.DEFAULT_GOAL := help
.PHONY: help run test lint bench lock settle password manage clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## start Cutscore with demo data on http://127.0.0.1:8000 (PORT=, SERVER=gunicorn or granian)
	@bin/venv requirements.txt
	@exec $(PY) -m config.run

test:  ## every check and test, on SQLite and PostgreSQL, and in Chromium
	@bin/venv requirements-dev.txt
	@exec bin/test

lint:  ## the checks of `make test` that run no tests
	@bin/venv requirements-dev.txt
	@exec bin/test lint

bench:  ## measure speed and statements
	@bin/venv requirements-dev.txt
	@exec $(PY) -m tests.benchmarks

settle:  ## store the scores of exams whose time is over
	@bin/venv requirements.txt
	@exec $(PY) -m config.run settle

password:  ## print a new password for the demo instructor
	@bin/venv requirements.txt
	@exec $(PY) -m config.run create_demo_instructor --new-password

manage:  ## any command of manage.py on the data of `make run`: make manage ARGS="createsuperuser"
	@bin/venv requirements.txt
	@exec $(PY) -m config.run $(or $(ARGS),help)

lock:  ## write the lock files anew from requirements*.in
	@bin/venv requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	$(UV) $(UPGRADE) requirements.in -o requirements.txt
	$(UV) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

clean:  ## remove what can be made again; the data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage var/static
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
