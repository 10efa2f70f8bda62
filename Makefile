# The two commands of the README, and slower commands. All of them install missing packages.
# All of them need only Swift, git and make.

VENV := .build/venv
OTHERS := .build/peers
IN_PROCESS := HTTPTests|CryptographyTests|OAuthTests|AuthorizationServerTests|FuzzingTests|MariaDBTests

.PHONY: run test swift-tests python-tests soak soak-tests sanitize test-galera fuzz bench

run:
	@.ci/install run
	swift build
	@exec .build/debug/consulate dev

test:
	@.ci/install test $(VENV)
	swift format lint --strict --recursive Package.swift Sources Tests
	swift build --build-tests
	$(MAKE) --jobs --output-sync swift-tests python-tests
	$(VENV)/bin/pytest -q Tests/test_requirements.py

swift-tests:
	swift test --skip-build --skip SoakTests --xunit-output .build/tests.xml

python-tests:
	$(VENV)/bin/pytest -q -n 2 --dist worksteal --ignore Tests/test_requirements.py Tests

# Checks that take long: faults under load, a million adopted rows, leaks, the fuzzers, and a
# release build.
soak:
	@.ci/install test $(VENV)
	swift build --build-tests
	$(MAKE) --jobs --output-sync soak-tests fuzz
	swift build -c release

soak-tests:
	swift test --skip-build --filter SoakTests

# Runs the tests of single modules with the sanitizers for addresses and for threads. Foundation and
# XCTest leak memory themselves, so `make soak` looks for leaks instead.
sanitize:
	@.ci/install test $(VENV)
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build/address --filter '$(IN_PROCESS)'
	swift test --sanitize=thread --scratch-path .build/thread --filter '$(IN_PROCESS)'

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
