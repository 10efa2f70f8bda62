"""The served stack of `make run`, and a person with a browser."""

import json
import pathlib
import re
import tempfile

import pytest
import requests
from served import Stack


@pytest.fixture(scope="session")
def demo():
    """Returns the content of DEV_HOME/demo.json of a running `consulate dev`."""
    with tempfile.TemporaryDirectory(prefix="consulate-") as folder:
        stack = Stack(pathlib.Path(folder) / "dev")
        try:
            yield json.loads((stack.wait().home / "demo.json").read_text())
        finally:
            stack.stop()


class Browser(requests.Session):
    """A browser that requests pages, keeps cookies and fills in forms.

    It follows redirects only within the site.
    """

    def __init__(self, demo):
        super().__init__()
        self.base_url = demo["base_url"]
        self.user = demo["user"]
        self.headers["Accept"] = "text/html"

    def form(self, page, **values):
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text.split("</form>")[0]))
        fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
        action = re.search(r'action="([^"]+)"', page.text)[1]
        return self.post(self.base_url + action, data=fields | values, allow_redirects=False)

    def follow(self, answer):
        while answer.is_redirect and not answer.headers["Location"].startswith("http://localhost:9999"):
            answer = self.get(requests.compat.urljoin(self.base_url, answer.headers["Location"]), allow_redirects=False)
        return answer

    def authorize(self, address):
        """Signs in, authorizes the client, and returns the callback address of the client."""
        page = self.follow(self.get(address, allow_redirects=False))
        if "Sign in to" in page.text:
            page = self.follow(self.form(page, email=self.user["email"], password=self.user["password"]))
        if page.is_redirect:
            return page.headers["Location"]
        assert "would like to access your account" in page.text, page.text
        return self.form(page).headers["Location"]


@pytest.fixture
def browser(demo):
    return Browser(demo)
