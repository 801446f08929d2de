# Every command of the project. "make help" lists them.
# All paths are relative to this folder, so that a folder name with spaces does no harm; tools run as "python -m …" for the same reason.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run bundle pictures seed test check lint bench bench-peers docs audit sbom wheels lock clean

PYTHON ?= python3
PORT := $(or $(PORT),8050)
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
DEMO := var/demo.duckdb

export PYTHONUTF8 := 1

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: .venv/run.stamp bundle $(if $(strip $(value DASHBOARD_DATABASE_URL)),,$(DEMO)) ## serve http://127.0.0.1:8050 (another port: PORT=8051 make run)
	@exec $(PY) -m dashboard run --port "$(PORT)"

bundle: .venv/run.stamp ## build a slim plotly.js where Node.js and a network are; without it the full one is served
	@$(PY) -m bundle

seed: .venv/run.stamp ## write the demo province (dữ liệu minh họa) again
	@mkdir -p var
	@$(PY) -m dashboard seed --out $(DEMO)

test: .venv/dev.stamp ## every test; what a machine lacks is skipped with its reason
	@$(PY) -m pytest -n auto --dist loadfile

pictures: .venv/dev.stamp ## make the small pictures of all pages again, after a change of looks that is meant
	@rm -rf tests/browser/pictures
	@RENEW_PICTURES=1 $(PY) -m pytest -q -n 0 tests/browser/test_pictures.py

check: lint ## lint, format, types, import order, fast tests
	@$(PY) -m pytest -q -n auto --dist loadfile -m "not slow and not server and not browser"

lint: .venv/dev.stamp ## the part of check that runs no test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command as main; main()" --no-logo

bench: .venv/run.stamp ## measure pages, server and memory at 1.5 and 10 million dossiers (under ten minutes)
	@$(PY) -m benchmarks $(BENCH)

bench-peers: .venv/dev.stamp ## the same eight charts in Superset, Vizro and Streamlit beside ours (installs them under var/peers/, 2 GB)
	@$(PY) -m benchmarks.peers $(BENCH)

docs: .venv/run.stamp ## write docs/metrics.md from the metrics
	@$(PY) -m dashboard docs

audit: .venv/audit.stamp ## known weaknesses of the pinned packages, from the public database of advisories
	@.ci/audit $(PY)

sbom: .venv/audit.stamp ## write the bill of materials of what the dashboard runs on (CycloneDX) to var/sbom.json
	@mkdir -p var
	@$(PY) -W ignore::UserWarning -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o var/sbom.json requirements.lock
	@echo 'var/sbom.json'

wheels: .venv/run.stamp bundle ## fetch every package for a machine without internet into dist/wheels, each checked by its hash
	@rm -rf dist/wheels && mkdir -p dist/wheels
	@$(PY) -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: -d dist/wheels -r requirements.lock
	@cp requirements.lock dist/wheels/
	@if [ -f var/bundle/plotly.min.js ]; then cp var/bundle/plotly.min.js dist/wheels/; fi
	@ls dist/wheels | wc -l

LOCK := $(PY) -m uv pip compile --universal --python-version 3.11 --no-annotate --no-header --quiet
# By name: the same package may stand there under another condition; what is needed always, and there only sometimes, stays.
BESIDES := awk -F'[ =]' 'NR == FNR { held[$$1] = / ; /; next } !($$1 in held) || (held[$$1] && !/ ; /)' requirements.txt

lock: .venv/dev.stamp ## write the pinned requirements from pyproject.toml
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) --group dev -c requirements.txt -o .venv/dev.txt
	@$(LOCK) --generate-hashes -c requirements.txt pyproject.toml -o requirements.lock
	@$(LOCK) --group audit -c requirements.txt -o .venv/audit-all.txt
	@{ echo '# Written by "make lock" from pyproject.toml: what "make audit" and "make sbom" need besides.'; echo '-r requirements.txt'; \
	   $(BESIDES) .venv/audit-all.txt; } > requirements-audit.txt
	@$(LOCK) pyproject.toml --extra clickhouse -c requirements.txt -o .venv/clickhouse.txt
	@sed -i '1i # Written by "make lock" from pyproject.toml: every package the dashboard runs on, one exact version each.' requirements.txt
	@sed -i '1i # Written by "make lock": requirements.txt with the hash of every file, for an installation that trusts no network.' requirements.lock
	@{ echo '# Written by "make lock" from pyproject.toml: what the tests and checks need besides.'; echo '-r requirements.txt'; \
	   $(BESIDES) .venv/dev.txt; } > requirements-dev.txt
	@{ echo '# Written by "make lock" from pyproject.toml: what an address of ClickHouse needs besides.'; echo '-r requirements.txt'; \
	   $(BESIDES) .venv/clickhouse.txt; } > requirements-clickhouse.txt

clean: ## remove the virtual environment, the demo province and all caches
	rm -rf .venv $(DEMO) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- files made on the way -----------------------------------------------------------------------------------------

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Cần Python 3.11 trở lên; chỉ định bằng PYTHON=python3.12 make run. / Python 3.11 or newer is needed.' >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv >/dev/null 2>&1 || { rm -rf .venv; \
	  echo 'Không tạo được môi trường ảo: máy thiếu gói python3-venv. Cài bằng: apt-get install python3-venv' >&2; \
	  echo 'Cannot create the virtual environment: the package python3-venv is missing. Run: apt-get install python3-venv' >&2; exit 1; }

.venv/run.stamp: requirements.txt | $(PY)
	@echo 'Cài thư viện (chỉ lần đầu hoặc khi requirements.txt đổi) …'
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo 'Cài công cụ kiểm thử …'
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv/audit.stamp: requirements-audit.txt .venv/run.stamp
	@$(PIP) -r requirements-audit.txt
	@touch $@

# Written again when the programme that writes it, or the facts it starts from, are newer.
$(DEMO): $(wildcard queries/demo/*.py queries/extract/rolling.py queries/rollups.py queries/contract.py config/province/*.csv) | .venv/run.stamp
	@mkdir -p var
	@$(PY) -m dashboard seed --out $@
