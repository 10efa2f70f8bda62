"""The API reference, as people read it."""

import pytest
import requests


def shown(visitor, language):
    """Returns the number of visible examples of a language."""
    return visitor.page.locator(f"figure[data-language={language}]:visible").count()


def test_one_language_is_shown_and_remembered(visitors):
    visitor = visitors()
    visitor.visit("/docs")
    everything = visitor.page.locator("figure[data-language=bash]").count()
    assert (shown(visitor, "bash"), shown(visitor, "javascript")) == (everything, 0)
    visitor.tap("javascript")
    assert (shown(visitor, "bash"), shown(visitor, "javascript")) == (0, everything)
    assert visitor.page.get_by_role("button", name="javascript").get_attribute("aria-pressed") == "true"
    visitor.visit("/docs#token")
    assert (shown(visitor, "bash"), shown(visitor, "javascript")) == (0, everything)


def test_the_search_shows_only_the_sections_with_every_word(visitors):
    visitor = visitors()
    visitor.visit("/docs")
    search, found = visitor.page.get_by_label("Search"), visitor.page.locator("#found")
    titles = visitor.page.locator(".entry h3:visible")
    everything = titles.count()
    search.fill("/oauth/personal-access-tokens/ REVOKES")
    assert found.inner_text() == "1 section" and titles.all_inner_texts() == ["Delete the given token."]
    assert visitor.page.get_by_role("navigation").locator("[data-section]:visible").count() == 1
    assert visitor.page.locator(".chapter h2:visible").all_inner_texts() == ["Author Api"]
    search.fill("client_id")
    assert 1 < titles.count() < everything
    search.fill("/oauth/token/refresh")
    assert titles.all_inner_texts() == ["Get a fresh transient token cookie for the authenticated user."]
    search.fill("no such thing")
    assert found.inner_text() == "Nothing found" and titles.count() == 0
    search.fill("")
    assert titles.count() == everything and found.inner_text() == ""


def test_every_section_has_its_own_link(visitors):
    visitor = visitors()
    visitor.visit("/docs")
    sections = visitor.page.evaluate("[...document.querySelectorAll('.entry')].map(section => section.id)")
    links = visitor.page.evaluate("[...document.querySelectorAll('.index a')].map(link => link.hash.slice(1))")
    assert len(set(sections)) == len(sections) > 40 and set(sections) <= set(links)
    assert visitor.page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].every(link => document.querySelector(link.hash))")
    visitor.page.get_by_role("navigation").get_by_role("link", name="POST api/login").click()
    visitor.page.wait_for_url("**/docs#api-login")
    visitor.page.wait_for_timeout(1500)
    assert abs(visitor.page.locator("#api-login").bounding_box()["y"]) < 100


def test_without_scripts_both_languages_are_shown_and_no_control_that_needs_a_script(visitors):
    visitor = visitors("without scripts")
    visitor.visit("/docs")
    assert shown(visitor, "bash") == shown(visitor, "javascript") > 40
    assert visitor.page.get_by_role("button").count() == 0
    assert not visitor.page.get_by_label("Search").is_visible()


@pytest.mark.parametrize("way", ["mouse", "without scripts"])
def test_the_printed_page_has_no_parts_that_only_a_screen_needs(visitors, way):
    visitor = visitors(way)
    visitor.visit("/docs")
    visitor.page.emulate_media(media="print")
    assert not visitor.page.locator(".index").is_visible() and not visitor.page.locator(".languages").is_visible()
    assert visitor.page.locator(".entry:visible").count() > 40
    assert len(visitor.page.pdf()) > 100_000


def test_a_section_can_be_found_with_the_keyboard_only(visitors):
    visitor = visitors("keyboard")
    visitor.visit("/docs")
    visitor.fill("Search", "api/login")
    visitor.activate(visitor.page.get_by_role("navigation").get_by_role("link", name="POST api/login"))
    visitor.page.wait_for_url("**/docs#api-login")


def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(visitors, stack):
    answer = requests.get(stack.base_url + "/docs", headers={"Accept-Language": "de"})
    assert answer.headers["Cache-Control"] == "public, max-age=300" and not answer.cookies
    assert answer.headers["Content-Language"] == "en" and "unsafe" not in answer.headers["Content-Security-Policy"]
