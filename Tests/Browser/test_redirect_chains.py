"""Consent must not end in a dead page: Chromium holds `form-action` against the whole chain of redirects that follows a form."""

import pytest
from visitor import Request


@pytest.fixture
def chain(sites):
    """A callback of one origin that leads to another: two hops behind the form."""
    end = sites()
    middle = sites(f"http://localhost:{end.port}/callback?hop=2")
    return sites(middle.address), end


@pytest.mark.parametrize("button, member", [("Authorize", "code"), ("Cancel", "error")])
def test_a_callback_that_leads_to_another_origin(stack, visitor, ada, shop, chain, button, member):
    first, end = chain
    visitor.visit(Request(stack, shop, first).address)
    visitor.sign_in(ada)
    visitor.press(button)
    assert visitor.is_at("Back at the shop") and visitor.page.url.startswith(f"http://localhost:{end.port}/")
    assert member in first.received[0] and end.received


def test_sign_in_with_a_live_grant(stack, visitor, visitors, ada, shop, chain):
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


def test_registration_that_was_opened_for_an_application(stack, visitor, shop, chain):
    first, _ = chain
    visitor.visit(Request(stack, shop, first).address)
    visitor.follow("Make an account")
    assert "form-action" not in visitor.page.request.get(visitor.page.url, headers={"Accept": "text/html"}).headers["content-security-policy"]


@pytest.mark.parametrize("button, member", [("Authorize", "code"), ("Cancel", "error")])
def test_a_callback_that_continues_to_an_app(stack, visitors, ada, shop, sites, button, member):
    """No program here opens the scheme, but nothing of ours stands in the way: `visitors` sees to it that the browser did not complain."""
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


def test_pages_of_our_own_keep_form_action(stack, visitor, ada):
    for address in ["/login", "/register", "/login?return_to=%2Faccount"]:
        assert "form-action 'self'" in visitor.visit(address).headers["content-security-policy"]
    visitor.visit("/login")
    visitor.sign_in(ada)
    for address in ["/account", "/account/password", "/logout", "/account/sessions", "/account/clients/create"]:
        assert "form-action 'self'" in visitor.visit(address).headers["content-security-policy"]
