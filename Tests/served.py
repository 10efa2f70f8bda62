"""Consulate as `make run` serves it, and the people and applications that tests create for it."""

import atexit
import base64
import functools
import getpass
import hashlib
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).parents[1]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def eventually(happens):
    """Waits until a condition is true, for two minutes.

    The wait is long because a slow answer of a busy machine is not a defect.
    """
    for _ in range(1200):
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in two minutes")


def proof_key():
    """Returns a code verifier and its code challenge (RFC 7636 §4.2)."""
    verifier = secrets.token_urlsafe(48)
    return verifier, base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Running:
    """A served Consulate, and the actions of people and applications."""

    def __init__(self, base_url, home):
        self.base_url, self.home = base_url, home

    def person(self, name="Ada Lovelace", password="four unrelated small words"):
        """Creates a person with an account."""
        person = {"name": name, "email": f"{secrets.token_hex(6)}@example.com", "password": password}
        assert requests.post(self.base_url + "/api/users", json=person).status_code == 201
        return person

    def bearer(self, person):
        """Signs a person in for the person's own scripts, and returns the Authorization field."""
        answer = requests.post(self.base_url + "/api/login", json=person)
        assert answer.status_code == 200, answer.text
        return {"Authorization": "Bearer " + answer.json()["access_token"]}

    def application(self, owner, name="Shop", redirect="http://127.0.0.1/callback", confidential=True):
        """Registers an application of a person and returns it."""
        fields = {"name": name, "redirect": redirect, "confidential": confidential}
        answer = requests.post(self.base_url + "/oauth/clients", json=fields, headers=self.bearer(owner))
        assert answer.status_code == 201, answer.text
        return answer.json()

    def status(self, token):
        """Returns the status that a request with this token gets."""
        return requests.get(self.base_url + "/api/users?name=nobody", headers={"Authorization": f"Bearer {token}"}).status_code


@functools.cache
def new_data():
    """Returns the folder of the data of a new MariaDB, which is created once for each worker."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="consulate-data-"))
    atexit.register(shutil.rmtree, folder)
    command = ["mariadb-install-db", "--no-defaults", f"--datadir={folder}/data", f"--tmpdir={folder}"]
    subprocess.run([*command, "--auth-root-authentication-method=normal", "--skip-test-db", f"--user={getpass.getuser()}"], check=True, capture_output=True)
    return folder / "data"


class Stack(Running):
    """A running `consulate dev`, from start to end."""

    def __init__(self, home, **settings):
        super().__init__(f"http://localhost:{free_port()}", home)
        environment = os.environ | {"DEV_HOME": str(home), "PORT": self.base_url.rsplit(":", 1)[1], "REGISTRATION_LIMIT": "10000", "BCRYPT_ROUNDS": "4"} | settings
        if not (home / "mariadb").exists():
            shutil.copytree(new_data(), home / "mariadb")
        self.log = home.with_suffix(".log")
        with open(self.log, "w") as log:
            self.server = subprocess.Popen([ROOT / ".build/debug/consulate", "dev"], env=environment, stdout=log, stderr=log)

    def wait(self):
        eventually(lambda: "Ctrl-C" in self.log.read_text() or self.server.poll() is not None)
        assert self.server.poll() is None, self.log.read_text()
        # The tests sign in from one address more often in a minute than a person does.
        limits = self.home / "nginx/consulate/http.conf"
        limits.write_text(re.sub(r"rate=\d+r/[ms]", "rate=10000r/s", limits.read_text()))
        self.reload()
        return self

    def reload(self):
        """Tells nginx to read its configuration again, and waits until no old worker answers."""
        identifier = self.home / "nginx/nginx.pid"
        eventually(identifier.read_text)
        nginx = int(identifier.read_text())
        workers = pathlib.Path(f"/proc/{nginx}/task/{nginx}/children")
        old = set(workers.read_text().split())
        os.kill(nginx, signal.SIGHUP)
        eventually(lambda: old.isdisjoint(new := workers.read_text().split()) and new)

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)
        assert self.server.returncode == 0
