"""The actions of people: with a mouse, without scripts, and with the keyboard only."""

import secrets

import requests
from visitor import Request


def test_a_person_registers_signs_in_authorizes_and_revokes_the_access(stack, visitor, shop, callback):
    ada = {"name": "Ada Lovelace", "email": f"{secrets.token_hex(6)}@example.com", "password": "four unrelated small words"}
    visitor.visit("/login")
    visitor.follow("Create an account")
    visitor.fill("Name", ada["name"])
    visitor.fill("Email address", ada["email"])
    visitor.fill("Password", ada["password"])
    visitor.press("Create the account")
    assert visitor.is_at("Your account") and visitor.sees(ada["email"])

    visitor.follow("Sign out")
    visitor.press("Sign out")
    assert visitor.is_at("You are signed out")

    request = Request(stack, shop, callback)
    visitor.visit(request.address)
    assert visitor.is_at("Sign in to Consulate") and visitor.sees("to continue to Shop")
    visitor.sign_in(ada)
    assert visitor.is_at("Shop would like to access your account")
    for text in [ada["email"], "Place orders in your name", "See where your orders are", "Grace Hopper", "127.0.0.1", "withdraw this at any time"]:
        assert visitor.sees(text)
    visitor.press("Authorize")
    tokens = request.redeem(callback.received[0]).json()
    assert stack.status(tokens["access_token"]) == 404

    visitor.visit("/account")
    entry = visitor.page.get_by_role("region", name="Applications you have authorized").get_by_role("listitem").filter(has_text="Shop").first
    assert "Place orders in your name" in entry.inner_text() and "Last used" in entry.inner_text()
    visitor.confirm("Revoke access: Shop", "Revoke access")
    assert visitor.sees("The application no longer has access.") and visitor.sees("No application has access to your account.")
    assert stack.status(tokens["access_token"]) == 401
    assert request.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_cancel_sends_access_denied_to_the_application(stack, visitor, ada, shop, callback):
    request = Request(stack, shop, callback)
    visitor.visit(request.address)
    visitor.sign_in(ada)
    visitor.press("Cancel")
    answer = callback.received[0]
    assert answer["error"] == "access_denied" and answer["state"] == request.state and "code" not in answer


def test_a_personal_token_is_created_used_and_revoked(stack, visitor, ada):
    visitor.visit("/account")
    visitor.sign_in(ada)
    visitor.follow("Create a token")
    visitor.fill("What is it for?", "backup on my laptop")
    visitor.choose("Read your basket")
    visitor.press("Create the token")
    assert visitor.sees("You won't see it again.")
    token = visitor.page.locator("#access-token").inner_text()
    assert stack.status(token) == 404
    visitor.follow("Done")
    entry = visitor.page.get_by_role("region", name="Personal access tokens").get_by_role("listitem").filter(has_text="backup on my laptop").first
    assert "Read your basket" in entry.inner_text() and "never" not in entry.inner_text()
    assert token not in visitor.page.content()
    visitor.confirm("Revoke: backup on my laptop", "Revoke the token")
    assert visitor.sees("You have no personal access tokens.")
    assert stack.status(token) == 401


def test_a_person_registers_edits_and_deletes_an_application(stack, visitor, ada):
    visitor.visit("/account")
    visitor.sign_in(ada)
    visitor.follow("Register an application")
    visitor.fill("Name of the application", "My shop")
    visitor.fill("Redirect URIs", "https://shop.example/callback")
    visitor.press("Register")
    client, first = visitor.page.locator("#client-id").inner_text(), visitor.page.locator("#client-secret").inner_text()

    def answer(secret):
        return requests.post(stack.base_url + "/oauth/token", data={"grant_type": "refresh_token", "refresh_token": "x"}, auth=(client, secret)).json()["error"]

    assert answer(first) == "invalid_grant"
    visitor.follow("Done")
    visitor.follow("Edit: My shop")
    visitor.fill("Name of the application", "Our shop")
    visitor.press("Save")
    assert visitor.sees("The application has been saved.")
    visitor.follow("Edit: Our shop")
    visitor.confirm("Replace the secret", "Replace the secret")
    second = visitor.page.locator("#client-secret").inner_text()
    assert answer(first) == "invalid_client" and answer(second) == "invalid_grant"
    visitor.follow("Done")
    visitor.follow("Edit: Our shop")
    visitor.confirm("Delete the application", "Delete the application")
    assert visitor.sees("The application has been deleted.") and visitor.sees("You have not registered any application.")
    assert answer(second) == "invalid_client"


def test_a_person_can_sign_out_another_browser(visitor, visitors, ada):
    elsewhere = visitors()
    elsewhere.visit("/account")
    elsewhere.sign_in(ada)
    assert elsewhere.is_at("Your account")
    visitor.visit("/account")
    visitor.sign_in(ada)
    sessions = visitor.page.get_by_role("region", name="Where you are signed in")
    assert "this browser" in sessions.inner_text() and "Chrome on Linux" in sessions.inner_text()
    visitor.confirm("Sign out: Chrome on Linux", "Sign it out")
    assert visitor.sees("That browser has been signed out.")
    elsewhere.visit("/account")
    assert elsewhere.is_at("Sign in to Consulate")


def test_changing_the_password_signs_out_everywhere_else(stack, visitor, visitors, ada):
    elsewhere, script = visitors(), stack.bearer(ada)
    elsewhere.visit("/account")
    elsewhere.sign_in(ada)
    assert elsewhere.is_at("Your account")
    visitor.visit("/account")
    visitor.sign_in(ada)
    visitor.follow("Change your password")
    visitor.fill("Current password", "not the current one")
    visitor.fill("New password", "another handful of words")
    visitor.press("Change the password")
    assert visitor.sees("This is not your current password.")
    visitor.fill("Current password", ada["password"])
    visitor.fill("New password", "Password123")
    visitor.press("Change the password")
    assert visitor.sees("Many people use this password, so it is guessed first.")
    visitor.fill("Current password", ada["password"])
    visitor.fill("New password", "another handful of words")
    visitor.press("Change the password")
    assert visitor.is_at("Your password has been changed") and visitor.sees("Nothing else has access to your account.")
    elsewhere.visit("/account")
    assert elsewhere.is_at("Sign in to Consulate")
    elsewhere.sign_in(ada)
    assert elsewhere.sees("Email address and password do not match.")
    elsewhere.sign_in(ada, "another handful of words")
    assert elsewhere.is_at("Your account")
    assert requests.get(stack.base_url + "/oauth/clients", headers=script).status_code == 401


def test_a_wrong_password_keeps_the_email_and_shows_an_error_at_the_field(visitor, ada):
    visitor.visit("/login")
    visitor.sign_in(ada, "not this one at all")
    assert visitor.sees("There is a problem")
    assert visitor.page.title().startswith("Error: ")
    assert visitor.page.get_by_label("Email address").input_value() == ada["email"]
    password = visitor.page.get_by_label("Password", exact=True)
    assert password.input_value() == "" and password.get_attribute("aria-invalid") == "true"
    described = visitor.page.locator("#" + password.get_attribute("aria-describedby")).inner_text()
    assert described == "Email address and password do not match."
    assert described in visitor.page.get_by_role("alert").inner_text()
    visitor.sign_in(ada)
    assert visitor.is_at("Your account")


def test_two_tabs_can_authorize_two_applications(stack, visitor, ada, grace, shop, callback):
    """Checks that the person is asked about both, and that each answer goes to its application."""
    bank = stack.application(grace, "Bank")
    first, second = Request(stack, shop, callback), Request(stack, bank, callback)
    visitor.visit(first.address)
    visitor.sign_in(ada)
    assert visitor.is_at("Shop would like to access your account")
    shop_tab, bank_tab = visitor.page, visitor.context.new_page()
    bank_tab.goto(second.address)
    visitor.page = shop_tab
    visitor.press("Authorize")
    assert first.redeem(callback.received[0]).status_code == 200
    visitor.page = bank_tab
    visitor.press("Authorize")
    assert second.redeem(callback.received[1]).status_code == 200


def test_a_double_click_and_the_back_button_do_no_harm(stack, visitors, ada, shop, callback):
    for way in ["mouse", "without scripts", "keyboard"]:
        visitor = visitors(way)
        request = Request(stack, shop, callback, prompt="consent")
        callback.received.clear()
        visitor.visit(request.address)
        visitor.sign_in(ada)
        button = visitor.page.get_by_role("button", name="Authorize", exact=True)
        if way == "keyboard":
            visitor.reach(button)
            for _ in range(2):
                visitor.page.keyboard.press("Enter")
        else:
            button.dblclick()
        assert visitor.is_led_to(callback.address)
        visitor.page.wait_for_load_state("networkidle")
        assert len({answer["code"] for answer in callback.received}) == 1
        assert request.redeem(callback.received[0]).status_code == 200
        # The two clicks may have opened the callback twice.
        while visitor.page.url.startswith(callback.address):
            visitor.page.go_back()
        assert visitor.is_at("Shop would like to access your account")
        visitor.press("Cancel")
        assert callback.received[-1]["error"] == "access_denied"


def test_a_person_signs_in_again_if_the_session_ends_on_the_consent_page(stack, visitor, visitors, ada, shop, callback):
    request = Request(stack, shop, callback)
    visitor.visit(request.address)
    visitor.sign_in(ada)
    elsewhere = visitors()
    elsewhere.visit("/account")
    elsewhere.sign_in(ada)
    elsewhere.confirm("Sign out everywhere else", "Sign out everywhere else")
    assert elsewhere.sees("That browser has been signed out.")
    visitor.press("Authorize")
    assert visitor.sees("Your session has ended.")
    visitor.sign_in(ada)
    assert visitor.is_at("Shop would like to access your account")
    visitor.press("Authorize")
    assert request.redeem(callback.received[0]).status_code == 200


def test_another_person_can_sign_in_at_the_consent_page(stack, visitor, ada, grace, shop, callback):
    request = Request(stack, shop, callback)
    visitor.visit(request.address)
    visitor.sign_in(grace)
    visitor.follow("Not you?")
    visitor.sign_in(ada)
    assert visitor.sees(ada["email"])
    visitor.press("Authorize")
    token = request.redeem(callback.received[0]).json()["access_token"]
    answer = requests.get(stack.base_url + "/api/users", params={"name": ada["name"]}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_a_form_that_has_expired_is_419_and_can_be_opened_again(visitor, ada):
    visitor.visit("/login")
    token = visitor.page.locator("[name=_token]").get_attribute("value")
    visitor.context.clear_cookies()
    visitor.visit("/login")
    assert visitor.page.locator("[name=_token]").get_attribute("value") != token
    visitor.context.clear_cookies()
    visitor.context.add_cookies([{"name": "consulate_session", "value": "guest.another", "url": visitor.stack.base_url}])
    visitor.sign_in(ada)
    assert visitor.is_at("This page has expired")
    visitor.follow("Try again")
    visitor.sign_in(ada)
    assert visitor.is_at("Your account")


def test_a_browser_that_sends_no_cookies_is_told_so(visitor, ada):
    visitor.visit("/login")
    visitor.context.clear_cookies()
    visitor.sign_in(ada)
    assert visitor.is_at("Your browser sends no cookies")
    visitor.follow("Try again")
    visitor.sign_in(ada)
    assert visitor.is_at("Your account")


def test_a_sign_in_page_continues_if_the_session_began_in_another_tab(stack, visitor, ada, shop, callback):
    request = Request(stack, shop, callback)
    visitor.visit(request.address)
    other = visitor.context.new_page()
    first, visitor.page = visitor.page, other
    visitor.visit("/login")
    visitor.sign_in(ada)
    assert visitor.is_at("Your account")
    visitor.page = first
    visitor.sign_in(ada, "whatever")
    assert visitor.is_at("Shop would like to access your account")
