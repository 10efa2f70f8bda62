"""A real Chromium, and the people who sit before it."""

import http.server
import pathlib
import tempfile
import threading
import urllib.parse

import pytest
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
def callback():
    """The application's own web server, which notes every address that a browser is sent to."""

    class Callback(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/callback"):
                server.received.append(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)))
            body = b"<!doctype html><html lang=en><title>Shop</title><h1>Back at the shop</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    server.received = []
    server.address = f"http://127.0.0.1:{server.server_port}/callback"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitors(chromium, stack):
    """Makes visitors, and sees to it that no browser complained about what a page may not do."""
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
