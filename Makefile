# Each recipe is a command one could type in an environment made from requirements.txt.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
CANDIDATES := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)
FOUND = $(shell for python in $(CANDIDATES); do \
	"$$python" -c '$(SUPPORTED)' >/dev/null 2>&1 && echo "$$python" && break; done)
NONE = The book needs Python 3.11, 3.12 or 3.13, which was not found as $(CANDIDATES): \
	install one, or name yours as in make book PYTHON=/path/to/python3

BIN := .venv/bin
READY := .venv/ready
BENCH := .venv-bench
PORT ?= 8000

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

book: $(READY) ## build the book in _build/html
	$(BIN)/jupyter-book build .

serve: book ## build the book and serve it on 127.0.0.1, port 8000 or PORT=...
	$(BIN)/python -u -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

test: $(READY) ## run every check
	$(BIN)/pytest --numprocesses auto --dist loadfile

lab: $(READY) ## open the chapters in JupyterLab
	$(BIN)/jupyter trust chapters/*.ipynb  # so that sliders move before a chapter runs
	ATTENTION_WIDGETS=1 $(BIN)/jupyter lab --ContentsManager.pre_save_hook=attention.figures.live.forget chapters

refresh: $(READY) ## execute the chapters, store their outputs, draw the cover
	$(BIN)/python tools/refresh.py
	$(BIN)/python -m extensions

course: book ## write what a teacher hands out, shows and grades, in _build/course
	$(BIN)/python tools/course.py
	$(BIN)/python -m extensions.slides

slides: book ## write a deck of slides for each chapter, in _build/course/slides
	$(BIN)/python -m extensions.slides

links: $(READY) ## ask every other site that the book links to (needs a network)
	$(BIN)/jupyter-book build . --builder linkcheck --path-output _build/links

bench: book $(BENCH)/ready ## measure the sliders, Python in the pages, the pages, and attention beside its peers
	$(BIN)/python benchmarks/sliders.py
	$(BIN)/python benchmarks/page_python.py
	$(BIN)/python benchmarks/site.py --rate
	$(BENCH)/bin/python benchmarks/speed.py

requirements: ## pin requirements.txt anew from pyproject.toml (needs uv)
	uv pip compile --universal --fork-strategy fewest --python-version 3.11 requirements.in -o requirements.txt

# Cleared, so that what a new requirements.txt no longer names is gone as well.
$(READY): requirements.txt pyproject.toml
	@$(if $(FOUND),,$(error $(NONE)))
	$(FOUND) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(BENCH)/ready: benchmarks/requirements.txt $(READY)
	$(BIN)/python -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --requirement benchmarks/requirements.txt
	@touch $@

.PHONY: help book serve test lab refresh course slides links bench requirements
