"""Every page, light and dark, on a phone and on a desktop.

axe-core finds no problem, nothing overflows, and a screenshot is taken.
"""

import json
import os
import secrets
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe
from served import ROOT, Stack
from visitor import SCREENSHOTS, Request, Visitor

LOOKS = {
    "phone-light": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
    "desk-light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "desk-dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
}


def wrong_sign_in(visitor, world):
    visitor.visit("/login")
    visitor.sign_in(world.ada, "not this one at all")
    visitor.sees("There is a problem")


def for_a_client(visitor, world):
    visitor.visit(world.request().address)


def wrong_registration(visitor, world):
    visitor.visit("/register")
    visitor.page.evaluate("document.forms[0].querySelectorAll('[required]').forEach(field => field.required = false)")
    visitor.fill("Name", "Ada")
    visitor.fill("Email address", world.ada["email"])
    visitor.fill("Password", "Password1")
    visitor.press("Create the account")
    visitor.sees("There is a problem")


def missing_fields(visitor, world):
    visitor.visit("/register")
    visitor.tap("Create the account")
    visitor.sees("Enter your email address.")


def created_token(visitor, world):
    visitor.visit("/account/tokens/create")
    visitor.fill("What is it for?", "backup on my laptop")
    visitor.choose("Read your basket")
    visitor.press("Create the token")
    visitor.sees("Copy the token now")


def created_client(visitor, world):
    visitor.visit("/account/clients/create")
    visitor.fill("Name of the application", "Orchard")
    visitor.fill("Redirect URIs", "https://orchard.example/callback")
    visitor.press("Register")
    visitor.sees("Copy the secret now")


def wrong_client(visitor, world):
    visitor.visit("/account/clients/create")
    visitor.fill("Name of the application", "Orchard")
    visitor.fill("Redirect URIs", "javascript:alert(1)")
    visitor.press("Register")
    visitor.sees("There is a problem")


def edited_client(visitor, world):
    visitor.visit("/account")
    visitor.follow("Edit: Greenhouse")
    visitor.sees("Replace the secret")


def wrong_edit(visitor, world):
    edited_client(visitor, world)
    visitor.fill("Redirect URIs", "data:text/html,x")
    visitor.press("Save")
    visitor.sees("There is a problem")


def rotated_secret(visitor, world):
    edited_client(visitor, world)
    visitor.confirm("Replace the secret", "Replace the secret")
    visitor.sees("The secret has been replaced")


def wrong_token(visitor, world):
    visitor.visit("/account/tokens/create")
    visitor.page.evaluate("document.querySelector('[required]').required = false")
    visitor.page.evaluate("document.querySelector('option').value = '0'; document.querySelector('select').selectedIndex = 0")
    visitor.press("Create the token")
    visitor.sees("There is a problem")


def too_much(visitor, world):
    visitor.visit("/account/clients/create")
    visitor.fill("Name of the application", "Orchard")
    visitor.page.evaluate("document.querySelector('textarea').value = 'https://orchard.example/'.padEnd(70000, 'x')")
    visitor.press("Register")
    visitor.sees("That was too large")


def asked_again(visitor, world):
    edited_client(visitor, world)
    visitor.follow("Delete the application")
    visitor.sees("All of its tokens stop working")


def wrong_password(visitor, world):
    visitor.visit("/account/password")
    visitor.fill("Current password", "not this one at all")
    visitor.fill("New password", "another handful of words")
    visitor.press("Change the password")
    visitor.sees("This is not your current password.")


def answered(visitor, world):
    visitor.visit(world.request(prompt="consent").address)
    visitor.press("Authorize")
    visitor.visit(world.request(prompt="consent").address)
    visitor.page.evaluate("document.querySelectorAll('[name=auth_token]').forEach(field => field.value = 'spent')")
    visitor.press("Authorize")
    visitor.sees("This was already answered")


def expired(visitor, world):
    visitor.visit("/login")
    visitor.page.evaluate("document.querySelectorAll('[name=_token]').forEach(field => field.value = 'old')")
    visitor.sign_in(world.ada)
    visitor.sees("This page has expired")


def throttled(visitor, world):
    nobody = {"email": f"{secrets.token_hex(6)}@example.com", "password": "x"}
    visitor.visit("/login")
    for _ in range(5):
        visitor.sign_in(nobody)
        visitor.sees("There is a problem")
    visitor.sign_in(nobody)
    visitor.sees("Too many attempts")


AS_GUEST = {
    "sign-in": lambda visitor, world: visitor.visit("/login"),
    "sign-in-for-a-client": for_a_client,
    "sign-in-wrong": wrong_sign_in,
    "register": lambda visitor, world: visitor.visit("/register"),
    "register-wrong": wrong_registration,
    "register-missing": missing_fields,
    "signed-out": lambda visitor, world: visitor.visit("/logout"),
    "404": lambda visitor, world: visitor.visit("/oauth/nowhere"),
    "405": lambda visitor, world: visitor.visit("/oauth/token/refresh"),
    "419": expired,
    "429": throttled,
    "error-of-the-application": lambda visitor, world: visitor.visit("/oauth/authorize?client_id=nobody"),
    "sign-in-german": lambda visitor, world: visitor.visit("/login?ui_locales=de"),
    "reference": lambda visitor, world: visitor.visit("/docs"),
}

SIGNED_IN = {
    "consent": lambda visitor, world: visitor.visit(world.request(prompt="consent").address),
    "consent-german": lambda visitor, world: visitor.visit(world.request(prompt="consent", ui_locales="de").address),
    "consent-without-scopes": lambda visitor, world: visitor.visit(world.request(prompt="consent", scope="").address),
    "403": answered,
    "sign-out": lambda visitor, world: visitor.visit("/logout"),
    "token-form": lambda visitor, world: visitor.visit("/account/tokens/create"),
    "token-created": created_token,
    "client-form": lambda visitor, world: visitor.visit("/account/clients/create"),
    "client-wrong": wrong_client,
    "client-created": created_client,
    "client-edit": edited_client,
    "client-edit-wrong": wrong_edit,
    "client-rotated": rotated_secret,
    "client-question": asked_again,
    "token-wrong": wrong_token,
    "413-of-nginx": too_much,
    "account": lambda visitor, world: visitor.visit("/account"),
    "account-german": lambda visitor, world: visitor.visit("/account?ui_locales=de"),
    "everywhere-else-question": lambda visitor, world: visitor.visit("/account/sessions"),
    "all-tokens-question-german": lambda visitor, world: visitor.visit("/account/tokens?ui_locales=de"),
    "password": lambda visitor, world: visitor.visit("/account/password"),
    "password-changed": lambda visitor, world: visitor.visit("/account/password/changed"),
    "password-wrong": wrong_password,
}


class World:
    """Ada, who has authorized, created and registered at least one of everything."""

    def __init__(self, stack, callback):
        self.stack, self.callback = stack, callback
        self.ada, grace = stack.person("Ada Lovelace"), stack.person("Grace Hopper")
        self.shop = stack.application(grace, "The Corner Shop")
        stack.application(self.ada, "Greenhouse")

    def request(self, scope="place-orders check-status read", **more):
        return Request(self.stack, self.shop, self.callback, scope, **more)


AXE = Axe()

# The rules whose result depends on colours. A dark page has the markup and the sizes of the light
# page, so only these rules can find more.
RULES_OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def examine(visitor, name, look):
    """Returns the problems of the open page, and takes a screenshot."""
    page = visitor.page
    page.wait_for_load_state()
    (SCREENSHOTS / look).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / look / f"{name}.jpeg", type="jpeg", full_page=True)
    options = {"resultTypes": ["violations"]} | (RULES_OF_COLOURS if look.endswith("-dark") else {})
    violations = AXE.run(page, options=options).response["violations"]
    found = [f"{name}: {violation['id']}: {node['html']}" for violation in violations for node in violation["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{name}: wider than its window")
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_can_be_used_by_everybody(stack, visitors, callback, look):
    world, found = World(stack, callback), []
    guest = visitors(**LOOKS[look])
    for name, go in AS_GUEST.items():
        guest.context.clear_cookies()
        go(guest, world)
        found += examine(guest, name, look)
    ada = visitors(**LOOKS[look])
    ada.visit("/account")
    ada.sign_in(world.ada)
    ada.is_at("Your account")
    found += examine(ada, "account-empty", look)
    request = world.request()
    ada.visit(request.address)
    ada.press("Authorize")
    assert request.redeem(callback.received[-1]).status_code == 200
    for name, go in SIGNED_IN.items():
        go(ada, world)
        found += examine(ada, name, look)
    assert found == []


def test_the_pages_of_an_outage_can_be_used_by_everybody(chromium, tmp_path_factory):
    """Checks the pages of two outages.

    Without the database, the page comes from Consulate. Without the responder, it comes from nginx.
    """
    stack = Stack(tmp_path_factory.mktemp("away") / "dev").wait()
    found = []
    try:
        ada = stack.person()
        visitors = {look: Visitor(chromium, stack, **options) for look, options in LOOKS.items()}
        for visitor in visitors.values():
            visitor.visit("/login")
        os.kill(int((stack.home / "mariadb.pid").read_text()), signal.SIGKILL)
        for look, visitor in visitors.items():
            visitor.sign_in(ada)
            visitor.is_at("We cannot answer at the moment")
            found += examine(visitor, "503", look)
        os.rename(stack.home / "consulate.sock", stack.home / "away.sock")
        stack.reload()
        for look, visitor in visitors.items():
            visitor.visit("/login")
            visitor.is_at("We cannot answer at the moment")
            found += examine(visitor, "502-of-nginx", look)
            visitor.close()
        assert found == []
    finally:
        stack.stop()


def test_pages_can_be_read_from_right_to_left(chromium, tmp_path_factory):
    """Checks a language that the operator has added, with texts that run from right to left."""
    views = tmp_path_factory.mktemp("views")
    texts = json.loads((ROOT / "Sources/Pages/Texts/en.json").read_text())
    arabic = {"signIn.submit": "تسجيل الدخول", "account.heading": "حسابك", "field.email": "البريد الإلكتروني", "field.password": "كلمة المرور"}
    (views / "ar.json").write_text(json.dumps(texts | arabic | {"direction": "rtl"}))
    stack = Stack(tmp_path_factory.mktemp("turned") / "dev", VIEWS_PATH=str(views)).wait()
    try:
        ada, found = stack.person(), []
        for look in ["phone-light", "desk-dark"]:
            visitor = Visitor(chromium, stack, locale="ar", **LOOKS[look])
            visitor.visit("/account")
            found += examine(visitor, "sign-in-arabic", look)
            visitor.fill("البريد الإلكتروني", ada["email"])
            visitor.fill("كلمة المرور", ada["password"])
            visitor.press("تسجيل الدخول")
            visitor.is_at("حسابك")
            assert visitor.page.locator("html").get_attribute("dir") == "rtl"
            heading = visitor.page.get_by_role("heading", level=1).bounding_box()
            assert visitor.page.get_by_role("heading", level=1).evaluate("heading => getComputedStyle(heading).direction") == "rtl" and heading
            found += examine(visitor, "account-arabic", look)
            visitor.close()
        assert found == []
    finally:
        stack.stop()


@pytest.mark.parametrize("width", [320, 768, 1920, 3840])
def test_no_page_is_wider_than_its_window(stack, visitors, callback, width):
    world = World(stack, callback)
    visitor = visitors(viewport={"width": width, "height": 1000})
    visitor.visit("/account")
    visitor.sign_in(world.ada)
    addresses = {"account": "/account", "client": "/account/clients/create", "consent": world.request().address, "reference": "/docs"}
    for name, address in addresses.items():
        visitor.visit(address)
        assert examine(visitor, f"{name}-{width}", "widths") == []
