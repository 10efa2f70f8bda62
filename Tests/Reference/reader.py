"""A person who reads the reference and follows it."""

import base64
import functools
import html
import json
import re
import secrets

import requests

CALLBACK = "https://shop.example/callback"


class Reader:
    """A person with an account, applications and tokens: the values of the variables in examples.

    Each value is created when it is requested.
    """

    def __init__(self, stack, person=None):
        self.stack = stack
        self.person = person or stack.person("Ada " + secrets.token_hex(4))
        self.demo = json.loads((stack.home / "demo.json").read_text())["clients"]
        self.session, self.csrf = requests.Session(), None

    @functools.cached_property
    def client(self):
        return self.stack.application(self.person, redirect=f"{CALLBACK},https://oauth.pstmn.io/v1/callback")

    def sign_in(self):
        """Signs in with a new session of the reader."""
        self.csrf = self.fetch("GET", "/login")["csrf_token"]
        self.fetch("POST", "/login", data=self.person)
        self.adopt(self.session.cookies["consulate_session"], self.fetch("GET", "/logout")["csrf_token"])
        return self

    def adopt(self, cookie, csrf):
        """Continues with the session that an example has created."""
        self.session.cookies.set("consulate_session", cookie, domain="localhost.local")
        self.csrf = csrf

    def fetch(self, method, path, **more):
        headers = {"Accept": "application/json", "X-CSRF-TOKEN": self.csrf or ""}
        answer = self.session.request(method, self.stack.base_url + path, headers=headers, allow_redirects=False, **more)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.text.startswith(("{", "[")) else {}

    VARIABLES = """
        EMAIL PASSWORD NAME NEW_EMAIL TOKEN ACCESS_TOKEN CLIENT_ID CLIENT_SECRET MACHINE_CLIENT_ID MACHINE_CLIENT_SECRET PASSWORD_CLIENT_ID
        PASSWORD_CLIENT_SECRET AUTH_TOKEN CODE REFRESH_TOKEN TOKEN_ID AUTHORIZED_CLIENT_ID PERSONAL_TOKEN_ID SESSION_ID FILE
        """.split()

    def __getitem__(self, variable):
        return getattr(self, variable.lower())()

    def email(self):
        return self.person["email"]

    def password(self):
        return self.person["password"]

    def name(self):
        return self.person["name"]

    def new_email(self):
        return f"{secrets.token_hex(6)}@example.com"

    def token(self):
        return self.stack.bearer(self.person)["Authorization"].removeprefix("Bearer ")

    def access_token(self):
        return self.token()

    def client_id(self):
        return self.client["id"]

    def client_secret(self):
        return self.client["secret"]

    def machine_client_id(self):
        return self.demo["machine"]["id"]

    def machine_client_secret(self):
        return self.demo["machine"]["secret"]

    def password_client_id(self):
        return self.demo["password"]["id"]

    def password_client_secret(self):
        return self.demo["password"]["secret"]

    def auth_token(self):
        # The code verifier and code challenge of RFC 7636, appendix B, as in the examples.
        parameters = {
            "response_type": "code", "client_id": self.client["id"], "redirect_uri": CALLBACK, "state": "af0ifjsldkj", "prompt": "consent",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        }
        return self.fetch("GET", "/oauth/authorize", params=parameters)["auth_token"]

    def code(self):
        if self.csrf is None:
            self.sign_in()
        address = self.fetch("POST", "/oauth/authorize", data={"auth_token": self.auth_token()})["redirect_to"]
        return re.search("code=([^&]*)", address)[1]

    def redeemed(self):
        form = {
            "grant_type": "authorization_code", "code": self.code(), "redirect_uri": CALLBACK,
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        }
        return requests.post(self.stack.base_url + "/oauth/token", data=form, auth=(self.client["id"], self.client["secret"])).json()

    def refresh_token(self):
        return self.redeemed()["refresh_token"]

    def token_id(self):
        payload = self.redeemed()["access_token"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=="))["jti"]

    def authorized_client_id(self):
        self.redeemed()
        return self.client["id"]

    def personal_token_id(self):
        made = requests.post(
            self.stack.base_url + "/oauth/personal-access-tokens", json={"name": "Backup"}, headers=self.stack.bearer(self.person))
        return made.json()["token"]["id"]

    def session_id(self):
        sessions = Reader(self.stack, self.person).sign_in().fetch("GET", "/account")["sessions"]
        return next(session["id"] for session in sessions if session["is_current"])

    def file(self):
        page = requests.get(self.stack.base_url + "/docs").text
        return re.search(r'/oauth/assets/(style-[^"]+)', page)[1]


class Section:
    """A route as the page describes it."""

    def __init__(self, text):
        self.id = re.search('id="([^"]+)"', text)[1]
        self.examples = {language: self.code(text, language) for language in ["bash", "javascript"]}
        # A script is not redirected, so a redirect is not a success.
        self.successes = [int(status) for status in re.findall(r"<li><strong>(\d+) ", text) if int(status) < 300]

    @staticmethod
    def code(text, language):
        return [html.unescape(code) for code in re.findall(rf'<figure data-language="{language}">.*?<code>(.*?)</code>', text, re.S)]
