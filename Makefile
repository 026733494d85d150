# Everything that is done with Martlet's sources. On a machine with Swift 6.3 and nothing else: `make demo`.
#
# From nothing, in processor time on one machine with 2 cores: the debug build with all tests about 5 minutes, the release
# build 7 (whole modules are optimised one by one, so it gains little from further cores), the fleet's base root 1 (then cached).

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# Hosts of `fleet-up`.
N ?= 3
# How much longer than in `test` the fuzz tests run under `fuzz`.
ROUNDS ?= 100
FLEET = Tests/Fleet/fleet
RELEASE = .build/release/martlet

.PHONY: help deps build debug test lint demo install fleet-up fleet-down drill-patch drill-backup drill-services kill-loop simulate bench bench-modules bench-inventory bench-templates conformance-templates fuzz-templates fuzz conformance clean test-long bench-transport fuzz-transport

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1@\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS=@ read -r name text; do printf '  make %-22s %s\n' "$$name" "$$text"; done

deps: ## installs the Debian packages of packages.txt; does nothing where all are there
	@Tests/deps packages.txt

build: ## release binary, Swift runtime linked statically: .build/release/martlet
	$(SWIFT) build -c release --static-swift-stdlib --product martlet

debug: ## debug binary: .build/debug/martlet
	$(SWIFT) build --product martlet

test: ## all tests, the script checks, and a fleet for the end-to-end tests; leaves nothing behind
	@Tests/all

lint: ## ShellCheck on every script of the house
	@Tests/lint

demo: deps build ## boots 3 hosts, runs the server baseline on them twice, shows the history
	@Tests/demo

install: build ## binary, Modules and Runbooks under PREFIX (default /usr/local)
	install -D -s -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/martlet
	mkdir -p $(DESTDIR)$(PREFIX)/share/martlet
	cp -R Modules Runbooks $(DESTDIR)$(PREFIX)/share/martlet/

fleet-up: ## boots N hosts (N=3; PYTHON=1 for hosts with Python)
	@$(FLEET) up $(N) $(if $(PYTHON),--python)

fleet-down: ## takes the fleet down
	@$(FLEET) down

drill-patch: ## Runbooks/patch.yml on 6 hosts, one of which falls ill
	@Tests/drill 6 PatchRunbookTests

drill-backup: ## Runbooks/backup.yml and restore-drill.yml: a live PostgreSQL and 1 GB of files
	@MARTLET_DRILL_MEGABYTES=1024 Tests/drill 1 BackupRunbookTests

drill-services: ## Runbooks/web-server.yml and postgresql.yml on hosts that have neither
	@Tests/drill 2 ServiceRunbookTests

test-long: ## transport tests that take too long for every day: 100 MB on both streams
	MARTLET_LONG_TESTS=1 $(SWIFT) test --filter ServerTroubleTests

fuzz-transport: ## noise for the frame reader, known_hosts and ssh_config for SECONDS (600), all parts side by side
	$(SWIFT) build --build-tests
	@Tests/fuzz-side-by-side .build/debug/martletPackageTests.xctest $(or $(SECONDS),600) \
	  FrameReaderFuzzTests KnownHostsFuzzTests SSHConfigFuzzTests

bench-transport: ## CPU and memory per SSH session and round trip, files beside scp, against sshd on loopback; WORDS="hold 1000"
	$(SWIFT) build -c release --static-swift-stdlib --product tcpproxy
	$(SWIFT) build -c release --static-swift-stdlib --product TransportBench
	.build/release/TransportBench $(WORDS)

bench: build ## 50 steps on 4 hosts: martlet beside ansible-playbook, pyinfra, mitogen and plain ssh
	$(SWIFT) build -c release --static-swift-stdlib --product tcpproxy
	@Tests/Bench/bench

bench-modules: build ## what a task of each module costs on a host beside ansible-playbook; MODULES="file copy" for some
	@Tests/Bench/modules $(MODULES)

simulate: ## the scheduler alone with HOSTS (10000) and TASKS (200), random delays and failures: rules, memory, time per step
	$(SWIFT) run -c release simulate

kill-loop: build ## RUNS runs (20) on 3 hosts, spoilt at random moments and resumed; WAY=kill, cut or full, SEED=number for the same ones again
	@MARTLET_FLEET_NAME=kill-loop $(FLEET) up 3 && trap 'MARTLET_FLEET_NAME=kill-loop $(FLEET) down' EXIT \
	  && MARTLET_FLEET_NAME=kill-loop $(if $(SEED),SEED=$(SEED)) Tests/Fleet/kill-loop $(abspath $(RELEASE)) $(or $(RUNS),20) $(or $(WAY),kill)

bench-inventory: build ## time and memory of reading inventories of 10,000 and 60,000 hosts
	@Tests/Bench/inventory

fuzz: ## the tests of broken input, ROUNDS times as long (default 100)
	MARTLET_FUZZ_FACTOR=$(ROUNDS) MARTLET_FUZZ_ROUNDS=$$((300 * $(ROUNDS))) $(SWIFT) test --filter Fuzz

conformance: ## ansible-core's integration targets: make conformance TARGETS="loops until" [BIN=folder] [MARKDOWN=file]
	@Tests/Conformance/run $(if $(BIN),--bin $(BIN),--martlet $(RELEASE)) $(if $(MARKDOWN),--markdown $(MARKDOWN)) $(TARGETS)

bench-templates: ## templates beside Python's Jinja2, ratios from one run: make bench-templates [PYTHON=python with jinja2]
	@PYTHON=$(or $(PYTHON),python3) Tests/Bench/templates/run

conformance-templates: ## Jinja2's recorded cases from a file: make conformance-templates CASES=jinja-cases.jsonl
	@test -n "$(CASES)" || { echo "name the file of cases: CASES=…" >&2; exit 2; }
	@MARTLET_JINJA_CASES=$(abspath $(CASES)) $(SWIFT) test --filter JinjaConformanceTests

fuzz-templates: ## random templates for SECONDS (600)
	@MARTLET_FUZZ_SECONDS=$(or $(SECONDS),600) $(SWIFT) test --filter TemplateFuzzTests

clean: ## removes what was built (not the cached base roots: Tests/Fleet/fleet clean)
	$(SWIFT) package clean
