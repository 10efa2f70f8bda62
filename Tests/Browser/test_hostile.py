"""Hostile names, addresses and descriptions, which must stay text."""

import secrets
import subprocess

import pytest
from visitor import Request

NAMES = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onfocus=alert(1) autofocus x=\"",
    "template": "{{csrfToken}}{{{csrfToken}}}",
    "long": "Ma" + "x" * 189,
    "long-words": "very " * 38,
    "turned": "\u202egro.elpmaxe\u202c \u2066\u200f shop",
    "arabic": "متجر الزاوية",
    "emoji": "👩‍👩‍👧‍👦 Shop 🏳️‍🌈",
    "accents": "Z̷̢̛a̸l̶g̵o̸ \"́onfocus=\"x",
}


def insert(stack, redirect):
    """Inserts a client as an old application registered it, when every redirect URI was allowed."""
    client = {"id": secrets.token_hex(16), "secret": None}
    query(stack, "INSERT INTO oauth_clients (id, name, redirect, personal_access_client, password_client, revoked) "
        f"VALUES ('{client['id']}', 'Old', '{redirect}', 0, 0, 0)")
    return client


def query(stack, statement):
    """Makes a change in the database that no page makes."""
    subprocess.run(
        ["mariadb", "--no-defaults", "--default-character-set=utf8mb4", "--socket", stack.home / "mariadb.sock", "--user=root", "consulate"],
        text=True, check=True, input=statement + ";")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("kind", NAMES)
def test_a_hostile_name_stays_text_and_in_its_place_on_the_page(stack, visitors, callback, kind, width):
    # Nobody can enter a text that changes its direction, but an adopted table may contain it.
    name = "Old" if kind == "turned" else NAMES[kind].strip()
    person = stack.person(name)
    client = stack.application(person, name)
    if kind == "turned":
        query(stack, f"UPDATE users SET name = '{NAMES[kind]}' WHERE email = '{person['email']}'")
        query(stack, f"UPDATE oauth_clients SET name = '{NAMES[kind]}' WHERE id = '{client['id']}'")
    visitor = visitors(viewport={"width": width, "height": 800})
    page = visitor.page
    page.on("dialog", lambda dialog: visitor.complaints.append(dialog.message))
    request = Request(stack, client, callback)
    visitor.visit(request.address)
    visitor.sign_in(person)
    heading = page.get_by_role("heading", level=1)
    heading.wait_for()
    shown = "".join(letter for letter in NAMES[kind] if letter not in "\u202e\u202c\u2066\u200f").strip()
    assert " ".join(shown.split()) in " ".join(heading.inner_text().split())
    assert "would like to access your account" in heading.inner_text()
    for address in [request.address, "/account", "/account/clients/create"]:
        visitor.visit(address)
        assert page.locator("main script, main img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    visitor.visit(request.address)
    visitor.press("Authorize")
    assert page.url.startswith(callback.address)


@pytest.mark.parametrize("redirect", ["javascript:alert(document.domain)", "vbscript:msgbox(1)"])
def test_a_redirect_uri_with_a_script_runs_nothing(stack, visitors, ada, callback, redirect):
    client = insert(stack, redirect)
    visitor = visitors()
    visitor.page.on("dialog", lambda dialog: visitor.complaints.append(dialog.message))
    request = Request(stack, client, callback)
    visitor.visit(request.address.replace(request.address.split("redirect_uri=")[1].split("&")[0], ""))
    visitor.sign_in(ada)
    assert visitor.is_at("Old would like to access your account")
    visitor.tap("Authorize")
    visitor.page.wait_for_timeout(500)
    # The policy allows no address of this kind, so the browser stays. If the browser complains, the
    # policy is the cause.
    assert visitor.page.url.startswith((stack.base_url, "chrome-error:"))
    assert all("form-action" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()
