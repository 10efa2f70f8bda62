"""A person at a browser, and the request of an application to this person."""

import secrets
import urllib.parse

import requests
from served import ROOT, proof_key

SCREENSHOTS = ROOT / ".build/screenshots"


class Request:
    """An authorization request for a code with PKCE, as the application sends it."""

    def __init__(self, stack, client, callback, scope="place-orders check-status", **more):
        self.stack, self.client, self.redirect_uri = stack, client, callback.address
        self.verifier, challenge = proof_key()
        self.state = secrets.token_urlsafe(12)
        parameters = {
            "response_type": "code", "client_id": client["id"], "redirect_uri": self.redirect_uri, "scope": scope, "state": self.state,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }
        self.address = stack.base_url + "/oauth/authorize?" + urllib.parse.urlencode(parameters | more)

    def redeem(self, received):
        assert received["state"] == self.state and received["iss"] == self.stack.base_url
        return self.token(grant_type="authorization_code", code=received["code"], redirect_uri=self.redirect_uri, code_verifier=self.verifier)

    def token(self, **fields):
        fields |= {"client_id": self.client["id"], "client_secret": self.client["secret"]}
        return requests.post(self.stack.base_url + "/oauth/token", data={name: value for name, value in fields.items() if value})


class Visitor:
    """A person at a browser: with a mouse, without scripts, or with the keyboard only."""

    def __init__(self, chromium, stack, way="mouse", **options):
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "java_script_enabled": way != "without scripts"} | options
        self.stack, self.way = stack, way
        self.context = chromium.new_context(base_url=stack.base_url, **options)
        self.context.set_default_timeout(120_000)  # A slow answer of a busy machine is not a defect.
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stack.base_url)
        self.complaints = []
        self.context.on("page", self.watch)
        self.page = self.context.new_page()

    def watch(self, page):
        page.on("console", lambda message: self.complaints.append(message.text) if "Content Security Policy" in message.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def close(self):
        self.context.close()
        assert self.complaints == []

    def visit(self, address):
        return self.page.goto(address)

    def reach(self, element):
        """Presses the Tab key until the element has the focus."""
        for _ in range(120):
            if element.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {element}")

    def fill(self, label, text):
        field = self.page.get_by_label(label, exact=True)
        if self.way == "keyboard":
            self.reach(field)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        else:
            field.fill(text)

    def choose(self, label):
        box = self.page.get_by_label(label)
        if self.way == "keyboard":
            self.reach(box)
            self.page.keyboard.press("Space")
        else:
            box.check()
        assert box.is_checked()

    def press(self, name):
        """Presses a button that leads to another page, and waits for the page."""
        with self.page.expect_navigation():
            self.tap(name)

    def confirm(self, link, button):
        """Follows a link to a question, and confirms the action there."""
        self.follow(link)
        self.press(button)

    def follow(self, name):
        with self.page.expect_navigation():
            self.activate(self.page.get_by_role("link", name=name, exact=True).first)

    def tap(self, name):
        """Presses a button that does not lead to another page."""
        self.activate(self.page.get_by_role("button", name=name, exact=True))

    def activate(self, element):
        if self.way == "keyboard":
            self.reach(element)
            self.page.keyboard.press("Enter")
        else:
            element.click()

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for()
        return True

    def is_at(self, heading):
        self.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
        return True

    def is_led_to(self, address):
        """Waits until the browser is at an address, even if it gave up navigations before."""
        for _ in range(1200):
            if self.page.url.startswith(address):
                return True
            self.page.wait_for_timeout(100)
        return False

    def sign_in(self, person, password=None):
        self.fill("Email address", person["email"])
        self.fill("Password", password or person["password"])
        self.press("Sign in")
