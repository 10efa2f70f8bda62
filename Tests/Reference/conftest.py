"""A served stack, and the sections of its reference."""

import pathlib
import re
import tempfile

import pytest
import requests
from reader import Section
from served import Stack


@pytest.fixture(scope="session")
def stack():
    with tempfile.TemporaryDirectory(prefix="consulate-") as folder:
        stack = Stack(pathlib.Path(folder) / "dev", DEBUGBAR_ENABLED="true")
        try:
            yield stack.wait()
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def sections(stack):
    """Returns the section that comes before the routes, and then the section of each route."""
    page = requests.get(stack.base_url + "/docs").text
    return [Section(text) for text in re.findall('<section class="entry".*?</section>', page, re.S)]
