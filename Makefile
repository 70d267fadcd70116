# Two commands for the start: `make render` and `make test`. `make help` lists the rest.

PYTHON  ?= python3
PROFILE ?= mtls

VENV  := .venv/bin
STAMP := .venv/.complete
SITES := $(sort $(wildcard values/examples/*.yaml))
CHARTS := charts/cloudcore charts/edgecore charts/edgemesh

# The tests start the command hundreds of times. Without bytecode, each start would compile the package.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup render test test-all test-cluster test-edge tested tools dyff opinions control-plane kubeedge lint format charts definitions kubernetes-lists golden translations docs lock wheel package wheel-test bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=$(PYTHON) makes the virtual environment, PROFILE=$(PROFILE) is rendered by make render"

setup: $(STAMP) ## Make .venv with all that is needed (quick when there is nothing to do)

$(STAMP): pyproject.toml requirements/dev.lock tools/setup.sh
	@echo "setting up .venv (a minute or two the first time)"
	@sh tools/setup.sh $(PYTHON)
	@touch $@

render: $(STAMP) ## Render values/examples/ into build/; PROFILE=plain, one-way, one-way-verified or mtls
	@set -e; export HELM_BIN="$${HELM_BIN:-$$(command -v helm || echo .tools/bin/helm-4.3)}"; \
	for site in $(SITES); do \
	    $(VENV)/generator render --profile $(PROFILE) -f $$site -o build/$$(basename $$site .yaml); \
	done

test: $(STAMP) ## Run the tests that need no other programs; the last line says what is left out
	$(VENV)/pytest -n auto --quick

test-all: $(STAMP) ## Run every test that needs no cluster; builds the programs that they need
	@sh tools/test_all.sh

test-cluster: $(STAMP) tools control-plane ## Run the tests that need a cluster, on a control plane of their own
	$(VENV)/pytest -p helm-charts -n 3 tests/cluster

test-edge: $(STAMP) tools control-plane kubeedge ## Run every profile on the real cloudcore and edgecore (root, Linux)
	$(VENV)/python -m tests.edge

tested: $(STAMP) ## Write docs/tested.md from the last whole run of make test-edge
	$(VENV)/python -m tests.edge.results --write

tools: $(STAMP) ## Put the Helm releases of tools/helm.sh, an OCI registry and CRDs for tests into .tools/bin
	@sh tools/helm.sh
	@sh tools/registry.sh
	@sh tools/gitops_crds.sh

opinions: $(STAMP) ## Put KubeEdge's own config loaders, and controller-gen, into .tools/bin
	@sh tools/opinions.sh

control-plane: $(STAMP) ## Put etcd, kubectl and the parts of Kubernetes into .tools/bin
	@sh tools/control-plane.sh

kubeedge: $(STAMP) ## Put cloudcore, edgecore and keadm into .tools/bin
	@sh tools/kubeedge.sh

lint: $(STAMP) tools ## Check style, types, generated files and charts
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/generator charts --check
	$(VENV)/python tools/kubernetes_lists.py --check
	.tools/bin/helm-4.3 lint --strict --quiet charts/common
	@sh tools/chart-testing.sh $(CHARTS)
	@command -v shellcheck >/dev/null || { echo "lint needs shellcheck: apt-get install shellcheck"; exit 1; }
	shellcheck charts/edgecore/node/*.sh
	@# doctor.sh as `generator render` writes it
	$(VENV)/python -c 'from generator.render.node_script import doctor_script; print(doctor_script())' | shellcheck -

format: $(STAMP) ## Rewrite the Python files in the project's format
	$(VENV)/ruff check --fix
	$(VENV)/ruff format

charts: $(STAMP) ## Write the generated files of charts/
	$(VENV)/generator charts

definitions: $(STAMP) opinions ## Generate the schemas of KubeEdge's custom resources from its types
	@sh tools/definitions.sh
	$(VENV)/generator charts

kubernetes-lists: $(STAMP) ## Write the natural keys of Kubernetes' lists from its OpenAPI data
	$(VENV)/python tools/kubernetes_lists.py

golden: $(STAMP) tools ## Rewrite the golden files; read the diff afterwards
	$(VENV)/pytest tests/golden tests/diff/test_golden.py tests/check/test_corpus.py tests/test_bad_input.py tests/cli/test_init.py tests/graph tests/gitops/test_examples.py --rewrite-golden

translations: $(STAMP) ## Add new texts to generator/tables/zh/, and remove those that are gone
	$(VENV)/python -m tests.translations

docs: $(STAMP) ## Build the docs as a site into build/site; open its index.html, no web server is needed
	@NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build --strict

lock: $(STAMP) ## Resolve requirements/dev.lock anew for Python 3.10 to 3.13
	$(VENV)/python -m pip install --quiet uv
	$(VENV)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --all-extras \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    pyproject.toml --output-file requirements/dev.lock

wheel: $(STAMP) ## Build the wheel, which carries the charts, into dist/
	$(VENV)/python -m build --no-isolation --wheel

package: $(STAMP) ## Pack the charts and the index of a Helm repository into dist/charts/; URL=address of the charts
	$(VENV)/generator charts export dist/charts --format tgz --force $(if $(URL),--url '$(URL)')

wheel-test: $(STAMP) tools ## Install the wheel in fresh environments and try it there
	@sh tools/try_wheel.sh

dyff: $(STAMP) ## Put dyff into .tools/bin; only make bench needs it
	@sh tools/dyff.sh

bench: $(STAMP) tools dyff ## Measure, and print the table of docs/performance.md
	$(VENV)/python -m tests.bench

clean: ## Remove all that these targets made
	rm -rf .venv .tools build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find generator tests tools -name __pycache__ -prune -exec rm -rf {} +
