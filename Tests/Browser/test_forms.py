"""The additions of the script to the pages, and the pages without the script."""

import pytest


def test_fields_support_password_managers_and_pasting(visitors):
    visitor = visitors()
    visitor.visit("/login")
    email, password = visitor.page.get_by_label("Email address"), visitor.page.get_by_label("Password", exact=True)
    assert email.get_attribute("autocomplete") == "username" and password.get_attribute("autocomplete") == "current-password"
    visitor.page.evaluate("navigator.clipboard.writeText('from my password manager')")
    password.focus()
    visitor.page.keyboard.press("Control+V")
    assert password.input_value() == "from my password manager"
    visitor.visit("/register")
    assert visitor.page.get_by_label("Password", exact=True).get_attribute("autocomplete") == "new-password"


def test_the_password_can_be_shown(visitors):
    visitor = visitors()
    visitor.visit("/login")
    password = visitor.page.get_by_label("Password", exact=True)
    password.fill("secret")
    visitor.tap("Show the password")
    assert password.get_attribute("type") == "text" and password.input_value() == "secret"
    assert visitor.page.get_by_role("button", name="Hide the password").inner_text() == "Hide"
    visitor.tap("Hide the password")
    assert password.get_attribute("type") == "password"


def test_a_missing_value_is_reported_at_its_field_before_anything_is_sent(visitors):
    visitor = visitors()
    visitor.visit("/register")
    sent = []
    visitor.page.on("request", lambda request: sent.append(request.url) if request.is_navigation_request() else None)
    visitor.fill("Email address", "not an address")
    visitor.fill("Password", "short")
    visitor.tap("Create the account")
    for label, message in [("Name", "Enter a name."), ("Email address", "Enter an email address, like name@example.com."), ("Password", "Use at least 8 characters.")]:
        field = visitor.page.get_by_label(label, exact=True)
        assert field.get_attribute("aria-invalid") == "true"
        described = [visitor.page.locator(f"#{id}").inner_text() for id in field.get_attribute("aria-describedby").split()]
        assert message in described
    assert visitor.page.evaluate("document.activeElement.id") == "name"
    assert sent == []


def test_a_missing_value_is_reported_without_scripts_too(visitors):
    visitor = visitors("without scripts")
    visitor.visit("/register")
    visitor.page.evaluate("document.forms[0].noValidate = true")
    visitor.press("Create the account")
    for message in ["Enter a name.", "Enter your email address.", "Enter a password."]:
        assert visitor.page.get_by_text(message).count() == 2
    assert visitor.page.get_by_role("link", name="Enter a password.").get_attribute("href") == "#password"
    assert visitor.page.title().startswith("Error: ")


def test_an_error_message_has_the_focus(visitors, ada):
    for way in ["mouse", "without scripts"]:
        visitor = visitors(way)
        visitor.visit("/login")
        visitor.sign_in(ada, "not this one at all")
        visitor.sees("There is a problem")
        assert visitor.page.get_by_role("alert").evaluate("alert => alert === document.activeElement")


def test_the_message_after_an_action_is_visible_on_a_small_screen(visitors, ada):
    visitor = visitors(viewport={"width": 320, "height": 480})
    visitor.visit("/account/tokens/create")
    visitor.sign_in(ada)
    visitor.fill("What is it for?", "backup")
    visitor.press("Create the token")
    visitor.follow("Done")
    visitor.confirm("Revoke: backup", "Revoke the token")
    notice = visitor.page.get_by_role("status")
    notice.wait_for()
    assert notice.inner_text() == "The token has been revoked."
    assert notice.evaluate("notice => notice.getBoundingClientRect().bottom <= innerHeight && notice.getBoundingClientRect().top >= 0")


def test_a_value_that_no_list_offers_is_reported_at_its_field(visitors, ada):
    visitor = visitors("without scripts")
    visitor.visit("/account/tokens/create")
    visitor.sign_in(ada)
    visitor.fill("What is it for?", "backup")
    visitor.page.evaluate("document.querySelector('option').value = '0'; document.querySelector('select').selectedIndex = 0")
    visitor.page.evaluate("document.querySelector('[name=\"scopes[]\"]').value = 'gone'; document.querySelector('[name=\"scopes[]\"]').checked = true")
    visitor.press("Create the token")
    select, scopes = visitor.page.get_by_label("It expires after"), visitor.page.get_by_role("group", name="What may it do?")
    assert visitor.page.locator("#" + select.get_attribute("aria-describedby")).inner_text() == "Choose one of the times in the list."
    assert visitor.page.locator("#" + scopes.get_attribute("aria-describedby")).inner_text() == "Choose from the list."


def test_without_scripts_there_are_no_buttons_that_need_a_script(visitors, ada):
    visitor = visitors("without scripts")
    visitor.visit("/account/tokens/create")
    visitor.sign_in(ada)
    visitor.fill("What is it for?", "backup")
    visitor.press("Create the token")
    assert visitor.page.get_by_role("button").count() == 0


def test_a_button_copies_a_new_token(visitors, ada):
    visitor = visitors()
    visitor.visit("/account/tokens/create")
    visitor.sign_in(ada)
    visitor.fill("What is it for?", "backup")
    visitor.press("Create the token")
    visitor.tap("Copy")
    visitor.page.get_by_role("status").get_by_text("Copied").wait_for()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == visitor.page.locator("#access-token").inner_text()


def test_a_question_can_be_answered_with_no(visitors, ada):
    visitor = visitors()
    visitor.visit("/account/tokens/create")
    visitor.sign_in(ada)
    visitor.fill("What is it for?", "backup")
    visitor.press("Create the token")
    visitor.follow("Done")
    visitor.follow("Revoke: backup")
    assert visitor.is_at("Revoke the token backup?")
    visitor.follow("Cancel")
    assert visitor.is_at("Your account")
    assert visitor.page.get_by_text("backup").count() == 1


@pytest.mark.parametrize("locale, heading", [("de-AT", "Bei Consulate anmelden"), ("en-GB", "Sign in to Consulate"), ("fr-FR", "Sign in to Consulate")])
def test_the_browser_chooses_the_language(visitors, locale, heading):
    visitor = visitors(locale=locale)
    visitor.visit("/login")
    assert visitor.is_at(heading)
    assert visitor.page.locator("html").get_attribute("lang") == ("de" if heading.startswith("Bei") else "en")


def test_a_page_can_be_printed(visitors, ada):
    visitor = visitors()
    visitor.visit("/account")
    visitor.sign_in(ada)
    visitor.is_at("Your account")
    visitor.page.emulate_media(media="print")
    assert not visitor.page.get_by_role("link", name="Sign out").is_visible()
    assert len(visitor.page.pdf()) > 1000


def test_pages_fetch_nothing_from_other_servers(stack, visitors, ada):
    visitor = visitors()
    fetched = []
    visitor.page.on("request", lambda request: fetched.append(request.url))
    visitor.visit("/account")
    visitor.sign_in(ada)
    visitor.is_at("Your account")
    assert fetched and all(address.startswith(stack.base_url) for address in fetched)
