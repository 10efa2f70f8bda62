# The two commands of the README, and slower commands. All of them install missing packages.
# All of them need only Swift, git and make.

VENV := .build/venv
OTHERS := .build/peers

.PHONY: run test test-galera fuzz bench

run:
	@.ci/install run
	swift build
	@exec .build/debug/consulate dev

test:
	@.ci/install test $(VENV)
	swift format lint --strict --recursive Package.swift Sources Tests
	swift build --build-tests
	swift test --skip-build --xunit-output .build/tests.xml
	$(MAKE) fuzz
	$(VENV)/bin/pytest -q -n 2 --dist worksteal Tests

# Runs the same tests with every responder on its own node, and the tests of the cluster itself.
test-galera:
	@.ci/install galera
	GALERA=1 swift build --build-tests --scratch-path .build/galera
	GALERA=1 swift test --skip-build --scratch-path .build/galera

# SECONDS=600 fuzzes each target for ten minutes. TARGET=form fuzzes only this target.
fuzz:
	@.ci/install run
	FUZZING=1 swift build --product Fuzzer --scratch-path .build/fuzzing --sanitize=address \
		-Xswiftc -sanitize-coverage=edge,trace-cmp,inline-8bit-counters,pc-table -Xswiftc -use-ld=lld
	Tests/Fuzzer/run $(or $(SECONDS),5) $(TARGET)

# ROWS=10000000 compares full tables with empty tables instead. DEAD_ROWS=1000000 purges under load.
# PEERS=1 compares with other servers. COSTS=1 only measures what the most expensive requests cost.
bench:
	@.ci/install $(if $(PEERS),peers $(OTHERS),bench)
	swift build -c release
	@exec .build/release/Benchmark $(if $(ROWS),--rows $(ROWS)) $(if $(DEAD_ROWS),--dead-rows $(DEAD_ROWS)) $(if $(PEERS),--peers $(OTHERS)) $(if $(COSTS),--costs)
