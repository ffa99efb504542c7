# The two commands of a fresh machine are `make demo` and `make test`; the rest serves those who work on the code.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SOURCES := services graph events deploy tests docs/partner-kit/python

.PHONY: demo test faults drill worlds bench lint format lock schema release-schema contract release-contract cases explorer console pictures \
	e2e-containers page-figures privacy sight codes bench-hostile bench-prices bench-policies bench-subscribers bench-events bench-writes \
	bench-hall bench-scale rolling endurance environment newcomer matrix sbom audit clean

demo: environment
	@exec $(BIN)/shangliang demo

# One worker more than most machines of CI have cores: many a test waits for a moment that has to come.
test: environment
	@exec $(BIN)/pytest -n 3 --dist worksteal

# All schedules of faults and a table of what came of them. SEED=7 plays each kind with this seed, FAULTS="-k relay" some.
faults: environment
	@SHANGLIANG_FAULT_SEED=$(SEED) exec $(BIN)/pytest tests/faults tests/live/busy -m "" -p no:randomly $(FAULTS)

# Loses a database under load and restores it to an earlier moment; tells RTO, RPO and what was lost. DRILL="--by pgbackrest
# --back 60" and so on; "--help" names them all.
drill: environment
	@exec $(BIN)/python -m tests.drills.restore $(DRILL)

# docker-compose.yml for real: its images built, its services run, killed and run again. Takes root, and says which of
# Debian's packages it lacks. CONTAINERS="-k killed" plays some.
e2e-containers: environment
	@exec $(BIN)/pytest tests/containers -m "" -p no:randomly $(CONTAINERS)

# Two API processes behind HAProxy are replaced in turn, under load. DRILL="--rounds 5 --former v0.1.0" upgrades from there.
rolling: environment
	@exec $(BIN)/python -m tests.drills.rolling $(DRILL)

# The whole network under mixed load: does anything grow? DRILL="--minutes 5" plays a shorter time.
endurance: environment
	@exec $(BIN)/python -m tests.drills.endurance $(DRILL)

# Asks two worlds that differ in what a caller does not see 10,000 requests of each caller's, and tells how it goes.
# SEED=7 asks others, REQUESTS=1000 as many, WORLDS="-k one_rule" plays some.
worlds: environment
	@SHANGLIANG_WORLDS_SEED=$(SEED) SHANGLIANG_WORLDS_REQUESTS=$(REQUESTS) exec $(BIN)/pytest tests/graph/worlds -m "" \
		-p no:randomly $(WORLDS)

# BENCH="--quick", "--only Q2", "--scale 100 --keep DIRECTORY" and so on; "--help" names them all.
bench: environment
	@exec $(BIN)/python -m tests.benchmarks $(BENCH)

lint: environment
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/python -m tests.migrations.lint

format: environment
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

# BENCH="--subscribers 2000 --workers 1" holds others; "--help" names them.
bench-subscribers: environment
	@exec $(BIN)/python -m tests.benchmarks.subscribers $(BENCH)

# BENCH="--quick", "--only latency --seconds 60" and so on; "--help" names them all.
bench-events: environment
	@exec $(BIN)/python -m tests.benchmarks.events $(BENCH)

# BENCH="--quick", "--only raise resolve --rounds 5" and so on; "--help" names them all.
bench-writes: environment
	@exec $(BIN)/python -m tests.benchmarks.writes $(BENCH)

# Both commands on bare systems of Debian, made by debootstrap; takes root. NEWCOMER="trixie --users newcomer" plays some.
newcomer: environment
	@exec $(BIN)/python -m tests.newcomer $(NEWCOMER)

# The tests with every pair of the servers of three releases of Debian. MATRIX="--postgres trixie tests/faults" plays some.
matrix: environment
	@exec $(BIN)/python -m tests.matrix $(MATRIX)

environment:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed and was not found."; exit 1; }
	@$(PYTHON) -m deploy.environment

COMPILE := uv pip compile --quiet --universal --generate-hashes --no-annotate --custom-compile-command "make lock"
lock:
	$(COMPILE) pyproject.toml --extra embedded --group dev -o requirements.lock
	$(COMPILE) pyproject.toml -c requirements.lock -o deploy/requirements.lock
	$(COMPILE) -c requirements.lock --group build -o deploy/build.lock
	$(COMPILE) -c requirements.lock --group supply -o deploy/supply.lock

SUPPLY := dist/supply
$(SUPPLY)/made: deploy/supply.lock
	@$(PYTHON) -m venv --clear $(SUPPLY)
	@$(SUPPLY)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r deploy/supply.lock
	@touch $@

# What the image holds, as CycloneDX has it: dist/shangliang.cdx.json.
sbom: $(SUPPLY)/made
	@$(SUPPLY)/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible \
		--output-file dist/shangliang.cdx.json deploy/requirements.lock
	@echo "dist/shangliang.cdx.json"

# Whether anything that is locked is known to be vulnerable. It asks a service of advisories, and says where none answers.
audit: $(SUPPLY)/made
	@rm -f dist/audit.json
	@$(SUPPLY)/bin/pip-audit --progress-spinner off --disable-pip --require-hashes --requirement requirements.lock \
		--format json --output dist/audit.json $(AUDIT) || status=$$?; \
	test -e dist/audit.json || { echo "Nothing was audited: the service of advisories gave no answer, for the reason above."; exit 2; }; \
	exit $${status:-0}

schema: environment
	$(BIN)/shangliang schema > graph/schema.graphql

release-schema: schema
	$(BIN)/shangliang schema-changes
	sed '1s/make schema/make release-schema/' graph/schema.graphql > graph/released.graphql

contract: environment
	$(BIN)/python -m events.contract

release-contract: contract
	$(BIN)/python -m events.contract release

privacy: environment
	$(BIN)/python -m services.privacy

sight: environment
	$(BIN)/python -m services.reads.sight

codes: environment
	$(BIN)/python -m deploy.codes

bench-policies: environment
	@exec $(BIN)/python -m tests.benchmarks.policies $(BENCH)

# BENCH="--minutes 5" lets hostile clients come; "--help" names the rest.
bench-hostile: environment
	@exec $(BIN)/python -m tests.benchmarks.hostile $(BENCH)

bench-hall: environment
	@exec $(BIN)/python -m tests.benchmarks.hall $(BENCH)

# What a nation's arithmetic starts from: BENCH="brokers --nodes 3", "nation --keep DIRECTORY", "partitions", "standbys",
# "processes"; "brokers --help" and so on name the rest.
bench-scale: environment
	@exec $(BIN)/python -m tests.benchmarks.scale $(BENCH)

bench-prices: environment
	@exec $(BIN)/python -m tests.benchmarks.prices $(BENCH)

# These two need Node.js 20 and npm; what they build is committed.
explorer:
	cd graph/explorer/source && npm install --silent && npm run --silent build

console:
	cd graph/console/source && npm ci --silent && npm run --silent build

# Those of README and docs, from a demonstration that runs: PICTURES=http://127.0.0.1:8000.
pictures: environment
	@$(BIN)/python -m tests.e2e.browser.pictures $(or $(PICTURES),http://127.0.0.1:8000)

# What the hall's first view takes in a browser, from a demonstration that runs: PICTURES=http://127.0.0.1:8000.
page-figures: environment
	@$(BIN)/python -m tests.e2e.browser.figures $(or $(PICTURES),http://127.0.0.1:8000)

cases: environment
	SHANGLIANG_WRITE_CASES=1 $(BIN)/pytest tests/compiler

# The data beside the folder too: as root PostgreSQL may have it under /var/lib/shangliang.
clean:
	@test -z "$(PYTHON)" || $(PYTHON) -m deploy.clean
	@find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +
	rm -rf .venv .shangliang .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
