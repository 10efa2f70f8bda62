"""Consulate and Passport on one database.

Each side accepts the tokens that the other side issued, and refuses the tokens that the other side
revoked.
"""

import datetime
import json
import re
import secrets
import time

import pytest
import requests
from passport import FIXTURE, Refused

ISSUED = json.loads((FIXTURE / "issued.json").read_text())
ALICE = {"email": "alice@example.com", "password": "secret123"}
USERS = {"client_id": "2", "client_secret": ISSUED["clients"]["2"]}
MACHINE = {"client_id": "3", "client_secret": ISSUED["clients"]["3"]}


def token(stack, **form):
    return requests.post(stack.base_url + "/oauth/token", data=form)


@pytest.fixture
def tokens(stack):
    """Returns the tokens that Alice's own application got from Consulate."""
    answer = token(stack, grant_type="password", username=ALICE["email"], password=ALICE["password"], scope="place-orders check-status", **USERS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_passport_accepts_our_access_tokens(stack, passport, tokens):
    assert passport.guard(tokens["access_token"]) | {"id": ""} == {"user": "1", "client": "2", "scopes": ["place-orders", "check-status"], "id": ""}
    login = requests.post(stack.base_url + "/api/login", json=ALICE).json()
    assert passport.guard(login["access_token"])["user"] == "1"
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    personal = requests.post(stack.base_url + "/oauth/personal-access-tokens", json={"name": "laptop", "scopes": ["place-orders"]}, headers=bearer)
    assert passport.guard(personal.json()["accessToken"]) | {"id": ""} == {"user": "1", "client": "1", "scopes": ["place-orders"], "id": ""}


def test_a_client_credentials_token_belongs_to_no_user_on_either_side(stack, passport):
    ours = token(stack, grant_type="client_credentials", scope="place-orders", **MACHINE).json()["access_token"]
    assert passport.guard(ours) | {"id": ""} == {"user": None, "client": "3", "scopes": ["place-orders"], "id": ""}
    for machine in (ours, ISSUED["client_credentials"]["access_token"]):
        assert stack.status(machine) == 401


def test_passport_refuses_the_tokens_that_consulate_revoked(stack, passport, tokens):
    answer = requests.post(stack.base_url + "/api/login", json=ALICE).json()["access_token"]
    identifier = passport.guard(tokens["access_token"])["id"]
    revoked = requests.delete(f"{stack.base_url}/oauth/tokens/{identifier}", headers={"Authorization": f"Bearer {answer}"})
    assert revoked.status_code == 204
    with pytest.raises(Refused):
        passport.guard(tokens["access_token"])
    with pytest.raises(Refused):
        passport.refresh(tokens["refresh_token"], 2)


def test_consulate_refuses_the_tokens_that_passport_revoked(stack, passport, tokens):
    assert stack.status(tokens["access_token"]) == 404
    passport.revoke(passport.guard(tokens["access_token"])["id"])
    assert stack.status(tokens["access_token"]) == 401
    assert token(stack, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **USERS).json()["error"] == "invalid_grant"


def test_passport_refuses_the_tokens_of_a_family_that_has_ended(stack, passport, tokens):
    chain = [tokens["refresh_token"]]
    for _ in range(2):
        answer = token(stack, grant_type="refresh_token", refresh_token=chain[-1], **USERS).json()
        chain.append(answer["refresh_token"])
    assert passport.guard(answer["access_token"])["user"] == "1"
    # A replay ends the family if the next refresh token was used.
    assert token(stack, grant_type="refresh_token", refresh_token=chain[0], **USERS).json()["error"] == "invalid_grant"
    with pytest.raises(Refused):
        passport.guard(answer["access_token"])
    with pytest.raises(Refused):
        passport.refresh(chain[-1], 2)


def test_refresh_tokens_work_alternately_on_both_sides(stack, passport, tokens):
    access, refresh = tokens["access_token"], tokens["refresh_token"]
    for _ in range(3):
        used = (access, refresh)
        access, refresh = passport.refresh(refresh, 2)
        assert stack.status(access) == 404 and stack.status(used[0]) == 401
        assert token(stack, grant_type="refresh_token", refresh_token=used[1], **USERS).json()["error"] == "invalid_grant"
        used = (access, refresh)
        answer = token(stack, grant_type="refresh_token", refresh_token=refresh, **USERS).json()
        access, refresh = answer["access_token"], answer["refresh_token"]
        assert answer["scope"] == "place-orders check-status"
        assert passport.guard(access)["scopes"] == ["place-orders", "check-status"]
        with pytest.raises(Refused):
            passport.guard(used[0])
        with pytest.raises(Refused):
            passport.refresh(used[1], 2)


def test_a_refresh_token_that_was_tampered_with_is_refused(stack, passport):
    _, refresh = passport.issue(1, 2, ["place-orders"])
    for position in (8, 80, 120, -1):
        digits = list(refresh)
        digits[position] = "0" if digits[position] != "0" else "1"
        assert token(stack, grant_type="refresh_token", refresh_token="".join(digits), **USERS).json()["error"] == "invalid_grant"
    assert token(stack, grant_type="refresh_token", refresh_token=refresh, **USERS).status_code == 200


# laravel_token


def test_passport_reads_our_laravel_token(stack, passport):
    browser = requests.Session()
    page = browser.get(stack.base_url + "/login", headers={"Accept": "text/html"}).text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)) | ALICE
    assert browser.post(stack.base_url + "/login", data=form, headers={"Accept": "text/html"}, allow_redirects=False).is_redirect
    csrf = browser.cookies["XSRF-TOKEN"]
    assert browser.post(stack.base_url + "/oauth/token/refresh", headers={"X-CSRF-TOKEN": csrf}).text == "Refreshed."
    assert passport.transient_user(browser.cookies["laravel_token"], csrf) == 1


def call(stack, cookie, path="/api/users?name=Alice", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(stack.base_url + path, cookies={"laravel_token": cookie}, headers=headers).status_code


def test_consulate_accepts_the_laravel_token_of_laravel(stack, passport):
    csrf = secrets.token_urlsafe(30)
    cookie = passport.transient_token(1, csrf)
    assert call(stack, cookie, X_CSRF_TOKEN=csrf) == 200
    # It lives longer than the sign-in that it came from, so it cannot manage anything.
    assert call(stack, cookie, "/oauth/scopes", X_CSRF_TOKEN=csrf) == 401
    # Laravel's scripts send the value of the readable cookie in encrypted form.
    assert call(stack, cookie, X_XSRF_TOKEN=passport.make_cookie("XSRF-TOKEN", csrf)) == 200


def test_consulate_refuses_a_laravel_token_that_laravel_refuses(stack, passport):
    csrf = secrets.token_urlsafe(30)
    cookie = passport.transient_token(1, csrf)
    assert call(stack, cookie) == 401
    assert call(stack, cookie, X_CSRF_TOKEN="another") == 401
    assert call(stack, cookie, X_XSRF_TOKEN=passport.make_cookie("XSRF-TOKEN", "another")) == 401
    assert call(stack, cookie, X_XSRF_TOKEN=passport.make_cookie("another", csrf)) == 401
    assert call(stack, passport.transient_token(1, csrf, lifetime=-1), X_CSRF_TOKEN=csrf) == 401
    assert call(stack, passport.transient_token(99, csrf), X_CSRF_TOKEN=csrf) == 401
    assert call(stack, passport.transient_token(1, csrf, key=secrets.token_bytes(32)), X_CSRF_TOKEN=csrf) == 401
    token = passport.read_cookie("laravel_token", cookie)
    assert call(stack, token, X_CSRF_TOKEN=csrf) == 401
    assert call(stack, passport.make_cookie("XSRF-TOKEN", token), X_CSRF_TOKEN=csrf) == 401
    unsigned = "eyJhbGciOiJub25lIn0." + token.split(".")[1] + "."
    assert call(stack, passport.make_cookie("laravel_token", unsigned), X_CSRF_TOKEN=csrf) == 401
    assert call(stack, "%00" + cookie[3:], X_CSRF_TOKEN=csrf) == 401


def test_each_reads_the_times_that_the_other_wrote(stack, passport, tokens):
    written = passport.sql(
        "SELECT ABS(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP())) < 600 FROM oauth_access_tokens WHERE id = ?", passport.guard(tokens["access_token"])["id"]
    )
    assert written == [["1"]]
    access, _ = passport.issue(1, 4, ["place-orders"])
    login = requests.post(stack.base_url + "/api/login", json=ALICE).json()["access_token"]
    listed = requests.get(stack.base_url + "/oauth/tokens?limit=1000", headers={"Authorization": f"Bearer {login}"}).json()
    created = next(token["created_at"] for token in listed if token["id"] == passport.guard(access)["id"])
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(created)
    assert abs(age.total_seconds()) < 600


def test_the_expiry_times_of_both_sides_agree(stack, passport, tokens):
    assert tokens["expires_in"] == 3600
    row = passport.sql("SELECT UNIX_TIMESTAMP(expires_at) - UNIX_TIMESTAMP(UTC_TIMESTAMP()) FROM oauth_access_tokens WHERE id = ?", passport.guard(tokens["access_token"])["id"])
    assert abs(float(row[0][0]) - 3600) < 60
    access, _ = passport.issue(1, 2, [], lifetime=1)
    time.sleep(2)
    assert stack.status(access) == 401
