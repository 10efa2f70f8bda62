"""Real client libraries against the served stack, as applications of other people use them."""

import os

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError
from requests_oauthlib import OAuth2Session as OAuthlibSession

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


@pytest.fixture
def metadata(demo):
    return requests.get(demo["base_url"] + "/.well-known/oauth-authorization-server").json()


def verified(token, metadata):
    """Returns the claims of a token, verified with the published keys only."""
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"]).json())
    decoded = jwt.decode(token, keys, algorithms=["ES256"])
    jwt.JWTClaimsRegistry(iss={"essential": True, "value": metadata["issuer"]}, aud={"essential": True, "value": metadata["issuer"]}).validate(decoded.claims)
    assert decoded.header["typ"] == "at+jwt"
    return decoded.claims


@pytest.mark.parametrize("kind", ["confidential", "public"])
def test_authlib_runs_code_with_pkce_and_refresh(demo, browser, metadata, kind):
    client = demo["clients"][kind]
    method = "client_secret_basic" if client["secret"] else "none"
    session = AuthlibSession(
        client["id"], client["secret"], redirect_uri=client["redirect_uri"], scope="place-orders", code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )
    verifier = generate_token(48)
    address, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    callback = browser.authorize(address)
    token = session.fetch_token(metadata["token_endpoint"], authorization_response=callback, code_verifier=verifier, state=state)
    assert verified(token["access_token"], metadata)["scope"] == "place-orders"
    assert session.get(demo["base_url"] + "/api/users?name=Demo").json()["email"] == demo["user"]["email"]
    refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert refreshed["refresh_token"] != token["refresh_token"]
    assert requests.get(demo["base_url"] + "/api/users?name=Demo", headers={"Authorization": "Bearer " + token["access_token"]}).status_code == 401
    assert session.get(demo["base_url"] + "/api/users?name=Demo").status_code == 200


def test_authlib_runs_client_credentials(demo, metadata):
    client = demo["clients"]["machine"]
    session = AuthlibSession(client["id"], client["secret"], scope="check-status")
    token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    claims = verified(token["access_token"], metadata)
    assert claims["sub"] == "client:" + client["id"]
    assert claims["scopes"] == ["check-status"]


@pytest.mark.parametrize("kind", ["confidential", "public"])
def test_requests_oauthlib_runs_code_with_pkce_and_refresh(demo, browser, metadata, kind):
    client = demo["clients"][kind]
    session = OAuthlibSession(client["id"], redirect_uri=client["redirect_uri"], scope=["place-orders", "check-status"], pkce="S256")
    address, _ = session.authorization_url(metadata["authorization_endpoint"])
    callback = browser.authorize(address)
    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=callback, client_secret=client["secret"], include_client_id=True)
    assert verified(token["access_token"], metadata)["client_id"] == client["id"]
    assert session.get(demo["base_url"] + "/api/users", params={"name": "Demo"}).json()["name"] == "Demo"
    credentials = {"client_id": client["id"]} | ({"client_secret": client["secret"]} if client["secret"] else {})
    refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"], **credentials)
    assert refreshed["access_token"] != token["access_token"]
    with pytest.raises(InvalidGrantError):
        session.refresh_token(metadata["token_endpoint"], refresh_token="garbage", **credentials)


def test_requests_oauthlib_runs_client_credentials(demo, metadata):
    client = demo["clients"]["machine"]
    session = OAuthlibSession(client=BackendApplicationClient(client["id"], scope=["place-orders"]))
    token = session.fetch_token(metadata["token_endpoint"], client_id=client["id"], client_secret=client["secret"])
    assert verified(token["access_token"], metadata)["jti"]


def test_the_password_client_works_if_the_grant_is_enabled(demo, metadata):
    client = demo["clients"]["password"]
    answer = requests.post(
        metadata["token_endpoint"],
        data={"grant_type": "password", "username": demo["user"]["email"], "password": demo["user"]["password"]},
        auth=(client["id"], client["secret"]),
    )
    assert answer.status_code == 200
    assert verified(answer.json()["access_token"], metadata)["client_id"] == client["id"]
