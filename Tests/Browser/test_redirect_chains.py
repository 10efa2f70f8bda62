"""The redirects after a consent, which must not end in a dead page.

Chromium applies `form-action` to the whole chain of redirects that follows a form.
"""

import pytest
from visitor import Request


@pytest.fixture
def chain(sites):
    """Creates a callback of one origin that leads to another origin, two hops after the form."""
    end = sites()
    middle = sites(f"http://localhost:{end.port}/callback?hop=2")
    return sites(middle.address), end


@pytest.mark.parametrize("button, member", [("Authorize", "code"), ("Cancel", "error")])
def test_a_callback_can_lead_to_another_origin(stack, visitor, ada, shop, chain, button, member):
    first, end = chain
    visitor.visit(Request(stack, shop, first).address)
    visitor.sign_in(ada)
    visitor.press(button)
    assert visitor.is_at("Back at the shop") and visitor.page.url.startswith(f"http://localhost:{end.port}/")
    assert member in first.received[0] and end.received


def test_a_sign_in_with_a_live_grant_can_lead_to_another_origin(stack, visitor, visitors, ada, shop, chain):
    first, end = chain
    elsewhere = visitors()
    request = Request(stack, shop, first)
    elsewhere.visit(request.address)
    elsewhere.sign_in(ada)
    elsewhere.press("Authorize")
    assert request.redeem(first.received[0]).status_code == 200
    again = Request(stack, shop, first)
    visitor.visit(again.address)
    visitor.sign_in(ada)
    assert visitor.is_at("Back at the shop")
    assert first.received[-1]["state"] == again.state and "code" in first.received[-1]
    assert len(end.received) == 2


def test_a_registration_for_an_application_has_no_form_action(stack, visitor, shop, chain):
    first, _ = chain
    visitor.visit(Request(stack, shop, first).address)
    visitor.follow("Create an account")
    assert "form-action" not in visitor.page.request.get(visitor.page.url, headers={"Accept": "text/html"}).headers["content-security-policy"]


@pytest.mark.parametrize("button, member", [("Authorize", "code"), ("Cancel", "error")])
def test_a_callback_can_lead_to_an_app(stack, visitors, ada, shop, sites, button, member):
    """Checks that nothing of Consulate prevents the redirect, although no program opens the scheme.

    `visitors` checks that the browser did not complain.
    """
    callback = sites("claude://done")
    visitor = visitors()
    visitor.visit(Request(stack, shop, callback).address)
    visitor.sign_in(ada)
    visitor.tap(button)
    for _ in range(600):
        if callback.received:
            break
        visitor.page.wait_for_timeout(100)
    assert member in callback.received[0]
    visitor.page.wait_for_timeout(500)


def test_pages_of_consulate_itself_keep_form_action(stack, visitor, ada):
    for address in ["/login", "/register", "/login?return_to=%2Faccount"]:
        assert "form-action 'self'" in visitor.visit(address).headers["content-security-policy"]
    visitor.visit("/login")
    visitor.sign_in(ada)
    for address in ["/account", "/account/password", "/logout", "/account/sessions", "/account/clients/create"]:
        assert "form-action 'self'" in visitor.visit(address).headers["content-security-policy"]
