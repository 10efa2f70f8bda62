# The two commands of the README. Both install what is missing, and neither needs anything but Swift, git and make.

VENV := .build/venv

.PHONY: run test

run:
	@.ci/install run
	swift build
	@exec .build/debug/consulate dev

test:
	@.ci/install test $(VENV)
	swift format lint --strict --recursive Package.swift Sources Tests
	swift build --build-tests
	swift test --skip-build
	$(VENV)/bin/pytest -q -n 2 --dist worksteal Tests
