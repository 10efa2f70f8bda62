"""A web server of another origin."""

import http.server
import threading
import urllib.parse


class Site:
    """A web server that records the query of each request for its `/callback`.

    It shows a heading or redirects browsers.
    """

    def __init__(self, leads_to=None):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                address = urllib.parse.urlsplit(self.path)
                if address.path == "/callback":
                    site.received.append(dict(urllib.parse.parse_qsl(address.query)))
                body = b"<!doctype html><html lang=en><title>Shop</title><h1>Back at the shop</h1>"
                self.send_response(302 if leads_to else 200)
                if leads_to:
                    self.send_header("Location", leads_to)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        site = self
        self.received = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self.server.server_port
        self.address = f"http://127.0.0.1:{self.port}/callback"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
