# Every job as a target. The work itself is in Python (see `mtorules --help`), so that it can be tested.
# What a reader looks at goes to results/, everything else that a target makes to build/ and .venv/.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash

PYTHON   ?= python3
VENV     := .venv
BIN      := $(VENV)/bin
READY    := $(VENV)/.ready
MTORULES := $(BIN)/mtorules
INTEROP  := build/interop
# The programs that build the site are installed by `make docs` alone.
DOCS_READY := $(VENV)/.docs

# The models that `mtorules models` lists; a test compares.
MODELS := complexes rapamycin translation insulin_mtor mapk_tsc energy_stress signalling
# Those without the rapalog that `make simulate` gives.
UNDOSED := mapk_tsc energy_stress

sources   = $(shell find $(1) -type f ! -name '*.pyc')
GENERATED_FROM := $(call sources,models network) cli/commands/network.py
EXPORTED_FROM  := $(call sources,models network export) cli/commands/export.py
SIMULATED_FROM := $(call sources,models network export simulation) cli/commands/simulate.py
ANALYSED_FROM  := $(call sources,models network export simulation analysis cli/commands/analyses)

NETWORKS    := $(MODELS:%=results/network/%.net)
DOCUMENTS   := $(MODELS:%=results/sbml/%.xml)
SIMULATIONS := $(MODELS:%=results/simulation/%.csv)
ANSWERS     := results/rapamycin/answers.txt

# The standard analyses, for both models, and what each is asked besides its defaults.
ANALYSES := time-course dose-response synergy drugs knockouts global-sensitivity control \
  population stochastic structure steady-states compare-models
ASKED    := $(foreach model,signalling complexes,$(ANALYSES:%=results/analyses/$(model)/%.txt))
ASK_signalling_time-course := --drug 'everolimus=0, 20 nM' --cells 'reference, PTEN_null' \
  --readout S6K_pT389 --readout EBP1_pT37 --readout AKT_pS473 --readout AKT_pT308 --readout ERK_p --readout net_growth
ASK_complexes_time-course := --drug 'everolimus=0, 1, 20 nM' --times '0..48 h lin 97'
ASK_signalling_dose-response := --compound all \
  --readout S6K_pT389 --readout EBP1_pT37 --readout AKT_pS473 --readout AKT_pT308 --readout ERK_p --readout proliferation
ASK_complexes_dose-response := --compound everolimus --cells 'reference, FKBP1A_null' --times '1 h, 24 h' \
  --readout MTORC1_intact --readout MTORC1_RAPA --readout MTORC2
ASK_complexes_synergy := --compound everolimus --dose 'RICTOR@cell=10..3000 nM log 6' --readout MTORC1 --readout MTORC1_intact
ASK_signalling_drugs := --cells 'reference, PTEN_null'
ASK_signalling_structure := --drug 'everolimus=20 nM'
ASK_complexes_structure := --drug 'everolimus=20 nM'
ASK_signalling_steady-states := --vary 'EGF_0=0.1..10 fold' --starts 0
ASK_complexes_steady-states := --vary 'RPTOR_0=0.1..10 fold' --readout MTORC1 --readout MTORC2
ASK_signalling_compare-models := --against insulin_mtor --drug 'everolimus=0, 20 nM' --readout S6K_pT389 \
  --readout AKT_pS473 --readout AKT_pT308 --readout IRS1_pS636 --readout MTORC1_intact --readout MTORC2
ASK_complexes_compare-models := --against rapamycin --drug 'everolimus=0, 20 nM'
ASK_signalling_knockouts := --drug 'everolimus=20 nM'
ASK_complexes_knockouts := --of all --drug 'everolimus=20 nM'
ASK_signalling_global-sensitivity := --drug 'everolimus=20 nM' \
  --readout S6K_pT389 --readout AKT_pS473 --readout ERK_p --readout autophagy --readout net_growth
ASK_complexes_global-sensitivity := --drug 'everolimus=20 nM' --readout MTORC1_intact --readout MTORC2
ASK_signalling_control := --cells 'reference, PTEN_null' --readout S6K_pT389 --readout AKT_pS473 --readout ERK_p --readout net_growth
ASK_complexes_control := --readout MTORC1 --readout MTORC2 --readout MTOR_free
ASK_signalling_population := --count 150
ASK_complexes_population := --drug 'everolimus=20 nM' --response MTORC1_intact
ASK_signalling_stochastic := --drug 'everolimus=0, 20 nM' \
  --readout S6K_pT389 --readout AKT_pS473 --readout net_growth
ASK_complexes_stochastic := --drug 'everolimus=0, 20 nM' --readout MTORC1_intact --readout MTORC2

.PHONY: help setup run explore test test-oldest fuzz sbml-suite scoreboard lint types format models network sbml simulate analyse report docs gallery docs-figures figures interop bench calibrate validate targets wheel clean distclean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Create .venv and install everything into it

run: results/network/complexes.net results/sbml/complexes.xml results/simulation/complexes.csv $(ANSWERS) ## Do the main job: model, network, SBML, simulation, rapamycin analysis
	@cat $(ANSWERS)
	@printf '\nFiles:\n' && find results -type f ! -name '.*' | sort | sed 's/^/  /'

explore: | $(READY) ## Ask the model on a page in the browser
	$(MTORULES) explore

test: | $(READY) ## Run every test
	PYTHONUTF8=1 $(BIN)/python -m pytest --numprocesses logical --dist worksteal

test-oldest: ## Run every test on the oldest versions that setup.cfg allows
	@mkdir -p build
	sed -n '/^install_requires/,/^$$/s/^ *\(.*\)>=/\1==/p' setup.cfg >build/oldest.txt
	test -x build/oldest/bin/python || $(PYTHON) -m venv build/oldest
	build/oldest/bin/python -m pip install --quiet --disable-pip-version-check -r build/oldest.txt --editable '.[dev]'
	PYTHONUTF8=1 build/oldest/bin/python -m pytest --numprocesses logical --dist worksteal

fuzz: | $(READY) ## Call every command 10,000 times with damaged input (an hour or two)
	$(BIN)/python tests/fuzz/campaign.py

sbml-suite: | $(READY) ## Run the public SBML semantic test suite, whose folder cases/semantic DIR= names
	$(BIN)/python -m mtorules.analysis.checking.suite --jobs $$(nproc) '$(DIR)'

scoreboard: | $(READY) ## Ask the published models, whose folder DIR= names, and fill the table of docs/published.md
	$(BIN)/python -m mtorules.analysis.claims.mapping.scoreboard '$(DIR)' docs/published.md

lint: | $(READY) ## Check style and layout of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: | $(READY) ## Check the types
	$(BIN)/pyright

format: | $(READY) ## Repair the layout of the code
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

models: | $(READY) ## List the models
	@$(MTORULES) models

network: $(NETWORKS) ## Generate the reaction network of every model

sbml: $(DOCUMENTS) ## Write every model as SBML

simulate: $(SIMULATIONS) ## Simulate two days of every model, one of them in rapamycin where the model holds it

analyse: $(ANSWERS) $(ASKED) ## Run every analysis for `signalling` and `complexes`

report: results/report.html ## Ask why rapalogs disappoint: ten figures of `signalling` on one page

docs: build/docs/claims/index.html | $(DOCS_READY) ## Build the site of docs/ and of the code into build/site
	@mkdir -p build/docs/tree # which mkdocstrings looks for before docs/site.py fills it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo 'Look at build/site/index.html, or run: $(BIN)/python -m http.server --directory build/site'

gallery: | $(READY) ## Draw the figures of docs/gallery.md anew, by the commands that it shows
	rm -rf build/gallery && mkdir -p build/gallery docs/figures/gallery
	cd build/gallery && $(CURDIR)/$(BIN)/python ../../docs/blocks.py ../../docs/gallery.md | PATH="$(CURDIR)/$(BIN):$$PATH" bash
	cp build/gallery/*.svg docs/figures/gallery/

docs-figures: | $(READY) ## Draw the rooms of docs/architecture.md and the maps of docs/maps.md anew
	$(BIN)/python docs/architecture.py docs/figures/architecture.svg
	$(MTORULES) draw signalling --output docs/figures/signalling_contact.svg
	$(MTORULES) draw insulin_mtor --kind influence --output docs/figures/insulin_mtor_influence.svg

figures: $(ANSWERS) ## Draw the figure of the README anew
	@mkdir -p docs/figures
	cp results/rapamycin/rapamycin.svg docs/figures/

interop: $(INTEROP)/.ready ## Set up AMICI and pyPESTO in an environment of their own, for `mtorules compare` and PEtab

bench: | $(READY) ## Measure this and its peers on the same work, which takes about ten minutes
	-@$(MAKE) --no-print-directory interop # the first time; where it cannot be, AMICI is left out
	$(BIN)/python benchmarks/simulation.py

calibrate: | $(READY) ## Fit the model to the claims (an hour; may be broken off and goes on)
	$(MTORULES) calibrate --output models/numbers/fitted.csv
	$(BIN)/python -m mtorules.analysis.boundaries
	$(BIN)/python -m mtorules.export.model_page docs/model.md

validate: results/validation.txt ## Hold `signalling` against measurements of cell lines
	@cat $<

targets: | $(READY) ## Draw the tables of measured targets anew from the rows in the folder DATA=
	$(BIN)/python -m mtorules.analysis.validation.deriving '$(DATA)'

wheel: | $(READY) ## Build the package as a wheel
	$(BIN)/python -m build --wheel --outdir build/wheel

clean: ## Remove everything that the targets made, but keep .venv
	rm -rf build dist results .pytest_cache .ruff_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Remove .venv too
	rm -rf $(VENV) *.egg-info

$(READY): setup.cfg pyproject.toml
	@command -v perl >/dev/null || { echo "make: perl is missing; BioNetGen needs it (apt-get install perl)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: $(PYTHON) is missing or older than 3.11; name a newer one, as in: make PYTHON=python3.12 setup" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "make: $(PYTHON) cannot create a virtual environment (apt-get install python3-venv)" >&2; exit 1; }
	@echo "Installing into $(VENV), which takes a minute or two"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@mkdir -p $(VENV)/typing && ln -sfn ../.. $(VENV)/typing/mtorules
	@touch $@

$(DOCS_READY): setup.cfg | $(READY)
	@echo "Installing what builds the site into $(VENV)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

# AMICI needs a newer sympy than PySB allows. It is compiled here, and compiles models itself.
$(INTEROP)/.ready:
	@mkdir -p $(@D)
	@command -v c++ >/dev/null || { echo "make: a C++ compiler is missing; AMICI needs it (apt-get install g++)" >&2; exit 1; }
	@test -x $(INTEROP)/bin/python || $(PYTHON) -m venv $(INTEROP)
	@echo "Compiling AMICI into $(INTEROP), which takes some minutes"
	AMICI_TRY_ENABLE_HDF5=FALSE $(INTEROP)/bin/python -m pip install --quiet --disable-pip-version-check 'amici>=1.0' 'pypesto>=0.7' 'petab>=0.8' fides cmake ninja
	@touch $@

results/network/%.net: $(GENERATED_FROM) | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) network $* --output $@

results/sbml/%.xml: $(EXPORTED_FROM) | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) export $* --output $@

results/simulation/%.csv: $(SIMULATED_FROM) | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) simulate $* --quiet --pre-equilibrate --until '48 h' $(if $(filter $*,$(UNDOSED)),,--dose 'RAPA_medium=10 nM @ 24 h') --output $@ --plot $(@:.csv=.svg)

$(ANSWERS): $(ANALYSED_FROM) | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) analyse rapamycin --output $(@D) >$@.tmp
	@mv $@.tmp $@

results/analyses/%.txt: $(ANALYSED_FROM) | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) analyse $(@F:.txt=) $(notdir $(@D)) $(ASK_$(notdir $(@D))_$(@F:.txt=)) --output $(@:.txt=) >$@.tmp
	@mv $@.tmp $@

build/docs/claims/index.html: $(ANALYSED_FROM) | $(READY)
	rm -rf $(@D) && mkdir -p $(@D)
	$(MTORULES) claims --output $(@D) >$(@D).txt

results/validation.txt: $(ANALYSED_FROM) | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) analyse validation --output results/validation >$@.tmp
	@mv $@.tmp $@

results/report.html: $(ANALYSED_FROM) cli/commands/report.py | $(READY)
	@mkdir -p $(@D)
	$(MTORULES) report signalling --output $@ --store build/report
