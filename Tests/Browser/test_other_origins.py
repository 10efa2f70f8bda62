"""Scripts of another origin: the addresses that they may call, and the refusals.

They can read every refusal, also the refusals of nginx itself.
"""

import http.server
import os
import re
import subprocess
import threading

import pytest
import requests
from served import eventually, free_port

CALL = """async ([address, options]) => {
    const answer = await fetch(address, options);
    let body = null;
    try { body = await answer.json(); } catch { }
    return {
        status: answer.status, body, challenge: answer.headers.get("WWW-Authenticate"), retry: answer.headers.get("Retry-After"),
        secret: answer.headers.get("X-Content-Type-Options"),
    };
}"""


def call(visitor, callback, address, **options):
    """Calls an address from a page of another origin."""
    if not visitor.page.url.startswith(callback.address):
        visitor.visit(callback.address)
    return visitor.page.evaluate(CALL, [address, options])


def test_a_script_can_send_its_own_header_fields_with_a_token_request(stack, visitors, callback, shop):
    answer = call(
        visitors(), callback, stack.base_url + "/oauth/token", method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest", "X-Trace": "1"},
        body=f"grant_type=refresh_token&refresh_token=x&client_id={shop['id']}&client_secret=wrong",
    )
    assert answer["status"] == 401 and answer["body"]["error"] == "invalid_client"
    assert answer["challenge"] == 'Basic realm="OAuth"' and answer["secret"] is None


def test_the_errors_of_nginx_itself_can_be_read(stack, visitors, callback):
    visitor = visitors()
    large = call(visitor, callback, stack.base_url + "/oauth/token", method="POST", body="x" * 20_000)
    assert large["status"] == 413 and large["body"]["error"] == "invalid_request"
    large = call(visitor, callback, stack.base_url + "/api/users", method="POST", body="x" * 20_000)
    assert large["status"] == 413 and large["body"] == {"message": "Payload Too Large", "status": 413}
    long = call(visitor, callback, stack.base_url + "/api/users?name=" + "x" * 40_000)
    assert long["status"] == 414


@pytest.fixture
def limited(stack):
    """Starts another nginx in front of the same responder.

    It lets one request per minute through after its burst is used up.
    """
    http = re.sub(r"rate=\d+r/[sm]", "rate=1r/m", (stack.home / "nginx/consulate/http.conf").read_text())
    yield from serve(stack, "limited", http, "include consulate/server.conf;", status=404)


def test_a_429_of_nginx_can_be_read_and_a_preflight_is_never_limited(stack, visitors, callback, limited):
    visitor = visitors()
    visitor.visit(callback.address)
    script = """async (address) => {
        for (let i = 0; i < 150; i++) {
            const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ a: "b" }) });
            if (answer.status === 429) return [answer.headers.get("Retry-After"), (await answer.json()).error];
        }
        return null;
    }"""
    assert visitor.page.evaluate(script, limited + "/oauth/token") == ["1", "temporarily_unavailable"]
    for _ in range(100):
        preflight = requests.options(limited + "/oauth/token", headers={"Origin": "https://spa.example", "Access-Control-Request-Method": "POST"})
        assert preflight.status_code == 204


@pytest.fixture
def protected(stack):
    """Starts another application behind an nginx with protect.conf.

    Its operator lets scripts of any origin read the refusals.
    """
    application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    server = f"""
        include consulate/internal.conf;
        location / {{
            set $consulate_cors *; set $consulate_scope "";
            include consulate/protect.conf;
            proxy_pass http://127.0.0.1:{application.server_port};
        }}
    """
    yield from serve(stack, "protected", "include consulate/http.conf;", server, status=401)
    application.shutdown()
    application.server_close()


def serve(stack, name, http, server, status):
    """Starts an nginx beside the nginx of the stack.

    Waits until `/` is answered with the status.
    """
    folder, port = stack.home / "nginx", free_port()
    (folder / f"{name}.conf").write_text(f"""
        daemon off; pid {name}.pid; {"user root;" if os.getuid() == 0 else ""}
        events {{}}
        http {{
            access_log off; client_body_temp_path {name}-temp;
            {http}
            server {{
                listen 127.0.0.1:{port};
                {server}
            }}
        }}
    """)
    with open(folder / f"{name}.log", "w") as log:
        nginx = subprocess.Popen(["nginx", "-p", folder, "-c", f"{name}.conf", "-e", f"{name}.log"], stdout=log, stderr=log)
    eventually(lambda: answers(port, status))
    yield f"http://127.0.0.1:{port}"
    nginx.terminate()
    nginx.wait()


def answers(port, status):
    try:
        return requests.get(f"http://127.0.0.1:{port}/").status_code == status
    except requests.ConnectionError:
        return False


class Application(http.server.BaseHTTPRequestHandler):
    """An application that answers preflights itself, and says who called it."""

    def do_OPTIONS(self):
        self.answer(b"", ("Access-Control-Allow-Headers", "authorization"), ("X-Seen-User", self.headers.get("X-User-Id", "nobody")))

    def do_GET(self):
        self.answer(b'{"status":"for ' + self.headers["X-User-Id"].encode() + b'"}')

    def answer(self, body, *fields):
        self.send_response(200)
        for name, value in [("Access-Control-Allow-Origin", "*"), ("Content-Type", "application/json"), ("Content-Length", str(len(body))), *fields]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_script_can_call_a_protected_location_of_another_origin(stack, visitors, callback, protected, ada):
    visitor, token = visitors(), stack.bearer(ada)
    answer = call(visitor, callback, protected + "/orders", headers=token)
    assert answer["status"] == 200 and answer["body"]["status"].startswith("for ")
    refused = call(visitor, callback, protected + "/orders", headers={"Authorization": "Bearer expired"})
    assert refused["status"] == 401 and refused["body"] == {"message": "Unauthorized", "status": 401}
    assert refused["challenge"] == 'Bearer error="invalid_token"'
    preflight = requests.options(protected + "/orders", headers={"Origin": "https://spa.example", "Access-Control-Request-Method": "GET", "X-User-Id": "7"})
    assert preflight.status_code == 200 and preflight.headers["X-Seen-User"] == "nobody"
    assert requests.options(protected + "/orders").status_code == 401, "what is no preflight needs a token"
