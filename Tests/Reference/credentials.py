"""Hooks of schemathesis: a person who is signed in.

Some of the paths contain real ids of this person.
"""

import os
import pathlib
import random
import sys

import schemathesis

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1])]

from reader import Reader  # noqa: E402
from served import Running  # noqa: E402

stack = Running(os.environ["BASE_URL"], pathlib.Path(os.environ["DEV_HOME"]))
OWN = {"client_id": "client_id", "token_id": "personal_token_id", "session_id": "session_id", "file": "file"}


@schemathesis.auth(refresh_interval=None)
class Credentials:
    """A token for the routes that accept a token, and a session for the other routes.

    Each request to the other routes has a new person with a session, because some of these
    routes end the session.
    """

    def __init__(self):
        self.owner = Reader(stack)
        self.owner.bearer = stack.bearer(self.owner.person)

    def get(self, case, context):
        wanted = {name for way in case.operation.definition.raw["security"] for name in way}
        return self.owner if "bearer" in wanted else Reader(stack).sign_in()

    def set(self, case, reader, context):
        if reader.csrf is None:
            case.headers.update(reader.bearer)
        else:
            case.cookies["consulate_session"] = reader.session.cookies["consulate_session"]
            case.headers["X-CSRF-TOKEN"] = reader.csrf
        if case.meta is not None and case.meta.generation.mode.is_positive:
            for name in set(case.path_parameters) & set(OWN):
                if random.random() < 0.5:
                    case.path_parameters[name] = reader[OWN[name]]
