# Each target is a command of make.py, which does the same without make: python make.py book.

TARGETS := help setup book serve test quick coverage lab refresh chapter course slides pdf epub links bench requirements

CANDIDATES := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
SUPPORTED := import sys; sys.exit(sys.version_info < (3, 11))
FOUND := $(shell for python in $(CANDIDATES); do \
	"$$python" -c '$(SUPPORTED)' >/dev/null 2>&1 && echo "$$python" && break; done)
NONE = The book needs Python 3.11 or newer, which was not found as $(CANDIDATES): \
	install one, or name yours as in make book PYTHON=/path/to/python3

$(TARGETS):
	@$(if $(FOUND),,$(error $(NONE)))"$(FOUND)" make.py $@

.PHONY: $(TARGETS)
