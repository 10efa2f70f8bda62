"""A real Chromium, and the people who use it."""

import pathlib
import tempfile

import pytest
from origin import Site
from served import Stack
from visitor import Visitor


@pytest.fixture(scope="session")
def stack():
    with tempfile.TemporaryDirectory(prefix="consulate-") as folder:
        stack = Stack(pathlib.Path(folder) / "dev", SCOPES="place-orders Place orders in your name; check-status See where your orders are; read Read your basket")
        try:
            yield stack.wait()
        finally:
            stack.stop()


@pytest.fixture
def sites():
    """Creates web servers of other origins."""
    all_of_them = []

    def site(leads_to=None):
        all_of_them.append(Site(leads_to))
        return all_of_them[-1]

    yield site
    for one in all_of_them:
        one.close()


@pytest.fixture
def callback(sites):
    """Creates the web server of the application."""
    return sites()


@pytest.fixture
def visitors(chromium, stack):
    """Creates visitors, and checks that no browser complained about forbidden actions of a page."""
    all_of_them = []

    def visitor(way="mouse", **options):
        all_of_them.append(Visitor(chromium, stack, way, **options))
        return all_of_them[-1]

    yield visitor
    for one in all_of_them:
        one.close()


@pytest.fixture(params=["mouse", "without scripts", "keyboard"])
def visitor(request, visitors):
    return visitors(request.param)


@pytest.fixture
def ada(stack):
    return stack.person("Ada Lovelace")


@pytest.fixture
def grace(stack):
    return stack.person("Grace Hopper")


@pytest.fixture
def shop(stack, grace):
    return stack.application(grace)
