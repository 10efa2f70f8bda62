"""Checks that the table of requirements is complete and that all its tests have passed.

`make test` runs this file after the Swift tests.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "Tests/ConformanceTests"
TABLE = FOLDER / "requirements.md"
RESULTS = ROOT / ".build/tests-swift-testing.xml"


def named(cell):
    return re.findall(r"`([^`]+)`", cell)


def results():
    """Returns the result of each Swift test.

    A test with arguments passes if it passes with all of them.
    """
    outcome = {}
    for case in ElementTree.parse(RESULTS).iter("testcase"):
        name = re.sub(r"\(.*\)$", "", case.get("name")).strip("`")
        passed = not any(case.iter("failure")) and not any(case.iter("skipped"))
        outcome[name] = outcome.get(name, True) and passed
    return outcome


def test_every_requirement_has_passed_and_every_conformance_test_is_in_the_table():
    outcome = results()
    written, seen, wrong = [], set(), []
    for line in TABLE.read_text().splitlines():
        cells = line.strip("|").split(" | ")
        if len(cells) != 4 or cells[0].strip() in ("document", "---"):
            written.append(line + (" result |" if cells[0].strip() == "document" else " --- |" if cells[0].strip() == "---" else ""))
            continue
        tests = named(cells[3])
        seen.update(tests)
        came_to = ["passed" if outcome.get(test) else "failed" if test in outcome else "not run" for test in tests] or ["no test"]
        wrong += [f"{test}: {result}" for test, result in zip(tests or [line], came_to) if result != "passed"]
        written.append(f"{line} {'<br>'.join(came_to)} |")
    (ROOT / ".build/requirements.md").write_text("\n".join(written) + "\n")
    assert not wrong
    there = {name for file in FOLDER.glob("*.swift") for name in re.findall(r"func `([^`]+)`", file.read_text())}
    assert there and not there - seen
