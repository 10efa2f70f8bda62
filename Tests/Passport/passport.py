"""A Laravel Passport 12 beside Consulate, written from the observed behavior of a real Passport.

It shares only the database, the keys and APP_KEY with Consulate.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import secrets
import subprocess
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

FIXTURE = pathlib.Path(__file__).parents[1] / "AdoptionTests/passport-12"


class Refused(Exception):
    """A request that Passport answers with an error."""


class Passport:
    def __init__(self, socket):
        self.socket = socket
        self.key = base64.b64decode((FIXTURE / "laravel.env").read_text().split("base64:")[1])
        self.private = RSAKey.import_key((FIXTURE / "oauth-private.key").read_text())
        self.public = RSAKey.import_key((FIXTURE / "oauth-public.key").read_text())

    def sql(self, statement, *values):
        """Returns the rows of a statement as lists of text."""
        quoted = [str(value).replace("\\", "\\\\").replace("'", "''") for value in values]
        for value in quoted:
            statement = statement.replace("?", f"'{value}'", 1)
        client = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--batch", "--skip-column-names", "consulate"]
        output = subprocess.run(client, input=statement, text=True, capture_output=True, check=True).stdout
        return [line.split("\t") for line in output.splitlines()]

    # Access tokens

    def guard(self, token):
        """Returns the user, the client and the scopes of a token.

        The user is None if the token is the client's own.
        """
        try:
            decoded = jwt.decode(token, self.public, algorithms=["RS256"])
        except JoseError as error:
            raise Refused(str(error)) from error
        claims, now = decoded.claims, time.time()
        if not (claims["iat"] <= now and claims["nbf"] <= now < claims["exp"]):
            raise Refused("not now")
        row = self.sql("SELECT revoked, client_id FROM oauth_access_tokens WHERE id = ?", claims["jti"])
        if not row or row[0][0] != "0":
            raise Refused("revoked")
        assert isinstance(claims["aud"], str) and claims["aud"] == row[0][1]
        if self.sql("SELECT revoked FROM oauth_clients WHERE id = ?", claims["aud"]) != [["0"]]:
            raise Refused("client")
        user = self.sql("SELECT id FROM users WHERE id = ?", claims["sub"]) if claims["sub"] else []
        assert isinstance(claims["scopes"], list)
        return {"user": user[0][0] if user else None, "client": claims["aud"], "scopes": claims["scopes"], "id": claims["jti"]}

    def issue(self, user, client, scopes, lifetime=31536000):
        """Issues an access token and a refresh token, with their rows."""
        access, refresh, now = secrets.token_hex(40), secrets.token_hex(40), time.time()
        self.sql(
            "INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at, expires_at) "
            "VALUES (?, ?, ?, ?, 0, UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL ? SECOND)",
            access, user, client, json.dumps(scopes), lifetime,
        )
        self.sql(
            "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at) VALUES (?, ?, 0, UTC_TIMESTAMP() + INTERVAL ? SECOND)",
            refresh, access, lifetime,
        )
        claims = {"aud": str(client), "jti": access, "iat": now, "nbf": now, "exp": now + lifetime, "sub": str(user), "scopes": scopes}
        payload = {
            "client_id": str(client), "refresh_token_id": refresh, "access_token_id": access, "scopes": scopes, "user_id": int(user),
            "expire_time": int(now) + lifetime,
        }
        return jwt.encode({"typ": "JWT", "alg": "RS256"}, claims, self.private), self.encrypt(json.dumps(payload))

    def revoke(self, access):
        """Revokes a token as DELETE /oauth/tokens/{token_id} does."""
        self.sql("UPDATE oauth_access_tokens SET revoked = 1 WHERE id = ?; UPDATE oauth_refresh_tokens SET revoked = 1 WHERE access_token_id = ?", access, access)

    # Refresh tokens

    def refresh(self, token, client):
        """Returns two new tokens for a refresh token, after the old tokens are revoked."""
        payload = json.loads(self.decrypt(token))
        if payload["client_id"] != str(client):
            raise Refused("Token is not linked to client")
        if payload["expire_time"] < time.time():
            raise Refused("Token has expired")
        if self.sql("SELECT revoked FROM oauth_refresh_tokens WHERE id = ?", payload["refresh_token_id"]) != [["0"]]:
            raise Refused("Token has been revoked")
        self.sql("UPDATE oauth_access_tokens SET revoked = 1 WHERE id = ?", payload["access_token_id"])
        self.sql("UPDATE oauth_refresh_tokens SET revoked = 1 WHERE id = ?", payload["refresh_token_id"])
        return self.issue(payload["user_id"], client, payload["scopes"])

    def _keys(self, salt):
        shared = PBKDF2HMAC(hashes.SHA256(), 32, salt, 100_000).derive(hashlib.sha256(self.key).digest())
        return [HKDF(hashes.SHA256(), 32, salt, b"DefusePHP|V2|KeyFor" + name).derive(shared) for name in (b"Authentication", b"Encryption")]

    def decrypt(self, text):
        """Decrypts the V2 format of Defuse in password mode."""
        raw = bytes.fromhex(text)
        header, salt, iv, body, tag = raw[:4], raw[4:36], raw[36:52], raw[52:-32], raw[-32:]
        if header != bytes.fromhex("def50200"):
            raise Refused("Cannot decrypt the refresh token")
        authentication, encryption = self._keys(salt)
        if not hmac.compare_digest(tag, hmac.digest(authentication, raw[:-32], "sha256")):
            raise Refused("Cannot decrypt the refresh token")
        return Cipher(algorithms.AES(encryption), modes.CTR(iv)).decryptor().update(body).decode()

    def encrypt(self, text):
        salt, iv = secrets.token_bytes(32), secrets.token_bytes(16)
        authentication, encryption = self._keys(salt)
        raw = bytes.fromhex("def50200") + salt + iv + Cipher(algorithms.AES(encryption), modes.CTR(iv)).encryptor().update(text.encode())
        return (raw + hmac.digest(authentication, raw, "sha256")).hex()

    # Cookies

    def _prefix(self, name, key=None):
        return hmac.digest(key or self.key, (name + "v2").encode(), "sha1").hex() + "|"

    def read_cookie(self, name, value):
        """Returns the text that Laravel's middleware reads from a cookie."""
        envelope = json.loads(base64.b64decode(urllib.parse.unquote_plus(value), validate=True))
        mac = hmac.digest(self.key, (envelope["iv"] + envelope["value"]).encode(), "sha256").hex()
        assert hmac.compare_digest(mac, envelope["mac"])
        iv = base64.b64decode(envelope["iv"], validate=True)
        assert len(iv) == 16
        decryptor = Cipher(algorithms.AES(self.key), modes.CBC(iv)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        text = (unpadder.update(decryptor.update(base64.b64decode(envelope["value"]))) + unpadder.finalize()).decode()
        assert text.startswith(self._prefix(name))
        return text[41:]

    def make_cookie(self, name, text, key=None):
        key, iv = key or self.key, secrets.token_bytes(16)
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        value = encryptor.update(padder.update((self._prefix(name, key) + text).encode()) + padder.finalize())
        iv, value = base64.b64encode(iv).decode(), base64.b64encode(value).decode()
        mac = hmac.digest(key, (iv + value).encode(), "sha256").hex()
        return base64.b64encode(json.dumps({"iv": iv, "value": value, "mac": mac, "tag": ""}).encode()).decode()

    def transient_user(self, cookie, csrf):
        """Returns the user that Passport's guard accepts for the cookie laravel_token."""
        decoded = jwt.decode(self.read_cookie("laravel_token", cookie), OctKey.import_key(self.key), algorithms=["HS256"])
        assert hmac.compare_digest(decoded.claims["csrf"], csrf) and time.time() < decoded.claims["expiry"]
        return decoded.claims["sub"]

    def transient_token(self, user, csrf, lifetime=7200, key=None):
        """Returns a value of the cookie laravel_token."""
        claims = json.dumps({"sub": user, "csrf": csrf, "expiry": int(time.time()) + lifetime}).encode()
        token = jws.serialize_compact({"typ": "JWT", "alg": "HS256"}, claims, OctKey.import_key(key or self.key), algorithms=["HS256"])
        return self.make_cookie("laravel_token", token, key)
