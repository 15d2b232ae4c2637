# Two commands: `make demo` and `make test`. Everything is bootstrapped with python3 alone.
PYTHON ?= python3
UV := .uv/bin/uv
RUN := .venv/bin
export UV_PYTHON_DOWNLOADS = never
# Certificates of the machine, so that it works behind a company proxy too.
export UV_SYSTEM_CERTS = true
# What is compiled is kept, whatever a container's environment says: tests start many processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test check bench bench-quality clean

.venv/.ready: pyproject.toml uv.lock
	test -x $(UV) || { $(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet uv; }
	$(UV) sync --frozen --quiet --compile-bytecode
	touch $@

demo: .venv/.ready  ## two nights of the sample company under Airflow; KEEP=1 leaves it up
	$(RUN)/lettrage demo .demo --airflow $(if $(KEEP),--keep)

test: .venv/.ready  ## all tests; a thread for each of their processes' frames, which are small
	POLARS_MAX_THREADS=1 $(RUN)/pytest -q -n auto --maxprocesses 4 --dist worksteal

check: .venv/.ready  ## format, lint, types, import rules
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports

bench: .venv/.ready  ## reading, matching, posting, end to end; minutes
	$(RUN)/python -m benchmarks

bench-quality: .venv/.ready  ## Lettrage and its peers on generated worlds; ARGS="--lines 1000"
	$(UV) sync --frozen --quiet --group benchmarks
	$(RUN)/python -m benchmarks.quality $(ARGS)

clean:  ## what was made here
	rm -rf .venv .uv .demo .bench dist
