"""Consulate as `make run` serves it, and a Passport beside it.

This Passport has filled the database before.
"""

import os
import pathlib
import pwd
import subprocess
import tempfile

import pytest
from passport import FIXTURE, Passport
from served import Stack, eventually
from shops import SHOPS

USER = pwd.getpwuid(os.getuid()).pw_name


def fill(home, alterations, environment):
    """Fills the database as Passport and the shop left it, before Consulate uses it."""
    data, socket = home / "mariadb", home / "mariadb.sock"
    data.mkdir(parents=True)
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", f"--user={USER}"],
        check=True, stdout=subprocess.DEVNULL,
    )
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", f"--user={USER}", f"--pid-file={home}/filling.pid"],
        stderr=subprocess.DEVNULL, env=os.environ | environment,
    )
    client = ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root"]
    eventually(lambda: subprocess.run([*client, "-e", "SELECT 1"], capture_output=True).returncode == 0)
    subprocess.run([*client, "-e", "CREATE DATABASE consulate CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"], check=True)
    subprocess.run([*client, "consulate"], input=(FIXTURE / "dump.sql").read_bytes(), check=True)
    subprocess.run([*client, "consulate"], input=alterations.encode(), check=True)
    server.terminate()
    server.wait(60)


@pytest.fixture(scope="session", params=SHOPS)
def stack(request):
    alterations, environment = SHOPS[request.param]
    with tempfile.TemporaryDirectory(prefix="consulate-") as folder:
        home = pathlib.Path(folder) / "dev"
        fill(home, alterations, environment)
        for key in ("oauth-private.key", "oauth-public.key"):
            (home / key).write_bytes((FIXTURE / key).read_bytes())
            (home / key).chmod(0o600)
        settings = ["APP_ENV=local", 'SCOPES="place-orders Place orders; check-status Check order status"', "PASSWORD_GRANT=true", "TOKEN_PROFILE=passport"]
        (home / "env").write_text("\n".join([*settings, "PASSPORT_COMPATIBLE_REFRESH=true", (FIXTURE / "laravel.env").read_text()]))
        stack = Stack(home, **environment)
        try:
            yield stack.wait()
        finally:
            stack.stop()


@pytest.fixture
def passport(stack):
    return Passport(stack.home / "mariadb.sock")
