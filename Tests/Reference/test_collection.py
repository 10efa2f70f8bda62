"""The Postman collection, which is valid by Postman's own schema.

Every request of the collection is sent as Postman sends it.
"""

import json
import pathlib
import re
import secrets
import urllib.parse

import jsonschema
import pytest
import requests
from reader import Reader
from served import proof_key

SCHEMA = json.loads((pathlib.Path(__file__).parent / "postman-2.1.0.schema.json").read_text())


@pytest.fixture(scope="session")
def collection(stack):
    answer = requests.get(stack.base_url + "/docs/collection.json")
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def items(collection):
    return [item for group in collection["item"] for item in group["item"]]


def test_the_collection_is_valid_by_the_published_schema(collection):
    jsonschema.validate(collection, SCHEMA)


def test_the_schema_refuses_collections_that_postman_refuses(collection):
    for broken in [collection | {"info": {"name": "x"}}, collection | {"item": [{"name": "x", "request": {"url": {"query": [{"name": "x"}]}}}]}]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_every_request_gets_a_success_that_is_saved_with_it(stack, collection):
    wrong = []
    declared = {variable["key"]: variable["value"] for variable in collection["variable"]}
    for item in items(collection):
        reader = Reader(stack).sign_in()
        answer = send(item["request"], collection, reader, declared)
        saved = [response["code"] for response in item["response"] if response["code"] < 300]
        if answer.status_code not in saved:
            wrong.append(f"{item['name']}: {answer.status_code} {answer.text[:200]}")
    assert wrong == [] and len(items(collection)) > 40


def send(request, collection, reader, declared):
    """Fills in the variables, adds the credentials, and sends a request.

    Keeps cookies, as Postman's cookie jar does.
    """

    def fill(text):
        def value(match):
            assert match[1] in declared, f"{match[1]} is no variable of the collection"
            return declared[match[1]] or (reader.csrf if match[1] == "CSRF" else reader[match[1]])

        return re.sub(r"\{\{(\w+)\}\}", value, text)

    url, query = fill(request["url"]["raw"].split("?")[0]), [(field["key"], fill(field["value"])) for field in request["url"].get("query", [])]
    headers = {header["key"]: fill(header["value"]) for header in request["header"]}
    auth, credentials = request.get("auth", collection["auth"]), None
    attributes = {attribute["key"]: attribute["value"] for attribute in auth.get(auth["type"], [])}
    if auth["type"] == "bearer":
        headers["Authorization"] = "Bearer " + fill(attributes["token"])
    elif auth["type"] == "basic":
        credentials = (fill(attributes["username"]), fill(attributes["password"]))
    elif auth["type"] == "oauth2":
        headers["Authorization"] = "Bearer " + new_access_token(attributes, reader, fill)
    body = request.get("body", {})
    data = fill(body["raw"]) if body.get("mode") == "raw" else {field["key"]: fill(field["value"]) for field in body.get("urlencoded", [])}
    session = reader.session if auth["type"] == "noauth" else requests.Session()
    return session.request(request["method"], url, params=query, headers=headers, data=data or None, auth=credentials, allow_redirects=False)


def new_access_token(settings, reader, fill):
    """Gets a token as “Get New Access Token” does with the settings of the collection.

    The reader gives consent in the browser.
    """
    assert settings["grant_type"] == "authorization_code_with_pkce" and settings["challengeAlgorithm"] == "S256"
    (verifier, challenge), state = proof_key(), secrets.token_urlsafe(12)
    parameters = {
        "response_type": "code", "client_id": fill(settings["clientId"]), "redirect_uri": settings["redirect_uri"], "state": state,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }
    path = fill(settings["authUrl"]).removeprefix(reader.stack.base_url)
    asked = reader.fetch("GET", path, params=parameters)
    address = reader.fetch("POST", path, data={"auth_token": asked["auth_token"]})["redirect_to"]
    assert address.startswith(settings["redirect_uri"] + "?")
    called = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
    assert called["state"] == state and settings["client_authentication"] == "header"
    form = {"grant_type": "authorization_code", "code": called["code"], "redirect_uri": settings["redirect_uri"], "code_verifier": verifier}
    answer = requests.post(fill(settings["accessTokenUrl"]), data=form, auth=(fill(settings["clientId"]), fill(settings["clientSecret"])))
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def test_a_token_that_postman_gets_works_for_the_api(stack, collection):
    reader = Reader(stack).sign_in()
    attributes = {attribute["key"]: attribute["value"] for attribute in collection["auth"]["oauth2"]}
    token = new_access_token(attributes, reader, lambda text: re.sub(r"\{\{(\w+)\}\}", lambda match: stack.base_url if match[1] == "BASE_URL" else reader[match[1]], text))
    assert reader.stack.status(token) == 404, "a bearer that looks for nobody"


def test_the_groups_and_titles_are_those_of_the_page(stack, collection):
    page = requests.get(stack.base_url + "/docs").text
    for group in collection["item"]:
        assert f"<h2>{group['name']}</h2>" in page
        for item in group["item"]:
            assert item["name"].split(" (")[0].replace("'", "&#39;") in page
