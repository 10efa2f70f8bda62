"""The OpenAPI document, which is valid and true for every request that schemathesis generates."""

import os
import pathlib
import subprocess
import sys

import pytest
import requests
from openapi_spec_validator import validate
from served import Stack

FOLDER = pathlib.Path(__file__).parent


def test_the_document_is_valid(stack):
    document = requests.get(stack.base_url + "/docs/openapi.json").json()
    validate(document)
    assert document["openapi"].startswith("3.1.")
    assert len([operation for path in document["paths"].values() for operation in path.values()]) > 40


def test_the_document_is_valid_without_any_scope(tmp_path):
    (home := tmp_path / "dev").mkdir()
    (home / "env").write_text("APP_ENV=local\n")
    stack = Stack(home)
    try:
        document = requests.get(stack.wait().base_url + "/docs/openapi.json").json()
        assert document["components"]["securitySchemes"]["clientCredentials"]["flows"]["clientCredentials"]["scopes"] == {}
        validate(document)
    finally:
        stack.stop()


# The operations in parts of similar size, so that two workers share them.
PARTS = {
    "account": ["--include-path-regex", "^/account"],
    "oauth": ["--include-path-regex", "^/oauth/(authorize|token)"],
    "clients": ["--include-path-regex", "^/oauth/(clients|personal)"],
    "others": ["--exclude-path-regex", "^/account|^/oauth/(authorize|token|clients|personal)"],
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("caller", ["nobody", "somebody"])
def test_every_operation_does_what_the_document_says(stack, tmp_path, caller, part):
    """Runs all checks with two hundred examples for each operation.

    The seed makes a failure repeatable.
    """
    environment = os.environ | {"BASE_URL": stack.base_url, "DEV_HOME": str(stack.home)}
    if caller == "somebody":
        environment["SCHEMATHESIS_HOOKS"] = str(FOLDER / "credentials.py")
    command = [
        pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", FOLDER / "schemathesis.toml", "run", stack.base_url + "/docs/openapi.json",
        "--checks", "all", "--max-examples", "200", "--continue-on-failure", "--no-color", "--warnings", "off", "--generation-database", "none",
        "--seed", os.environ.get("SEED", "1"), *PARTS[part],
    ]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
