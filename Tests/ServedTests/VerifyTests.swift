import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Another application behind the same nginx, protected by `nginx/protect.conf`.
@Suite struct `Another application behind nginx` {
    private static let stack = Stack.start(
        "protected", settings: ["TOKEN_AUDIENCE": "https://api.example https://orders.example"])
    private let stack = Self.stack

    /// An nginx with locations of the application, for any token and for scopes.
    ///
    /// The servers behind this nginx answer with the request that reached them.
    private static let nginx: ExistingNginx = {
        let (upstream, fastCGI) = (LocalPort.free(), LocalPort.free())
        let server = """
            import http.server, json
            class Echo(http.server.BaseHTTPRequestHandler):
                def answer(self):
                    body = self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()
                    seen = {name.lower(): value for name, value in self.headers.items()}
                    text = json.dumps({'method': self.command, 'path': self.path, 'body': body, 'headers': seen}).encode()
                    self.send_response(200); self.send_header('Content-Length', str(len(text))); self.end_headers(); self.wfile.write(text)
                do_GET = do_POST = do_PUT = do_DELETE = answer
                def log_message(self, *_): pass
            http.server.ThreadingHTTPServer(('127.0.0.1', \(upstream)), Echo).serve_forever()
            """
        // Sends one answer per connection: every received parameter, one per line.
        let responder = #"""
            import socketserver, struct
            class Responder(socketserver.StreamRequestHandler):
                def handle(self):
                    given = b''
                    while True:
                        _, kind, _, length, padding, _ = struct.unpack('>BBHHBB', self.rfile.read(8))
                        content = self.rfile.read(length + padding)[:length]
                        if kind == 4: given += content
                        if kind == 5 and length == 0: break
                    lines = []
                    def size(at):
                        return (given[at], at + 1) if given[at] < 128 else (struct.unpack('>I', given[at:at + 4])[0] & 0x7fffffff, at + 4)
                    at = 0
                    while at < len(given):
                        name, at = size(at); value, at = size(at)
                        lines.append(given[at:at + name] + b'=' + given[at + name:at + name + value]); at += name + value
                    text = b'Content-Type: text/plain\r\n\r\n' + b'\n'.join(lines)
                    self.wfile.write(struct.pack('>BBHHBB', 1, 6, 1, len(text), 0, 0) + text + struct.pack('>BBHHBBIBBBB', 1, 3, 1, 8, 0, 0, 0, 0, 0, 0, 0))
            socketserver.ThreadingTCPServer(('127.0.0.1', \#(fastCGI)), Responder).serve_forever()
            """#
        processes = [
            try! ChildProcess("python3", ["-c", server], log: stack.folder.appending(path: "upstream.log")),
            try! ChildProcess("python3", ["-c", responder], log: stack.folder.appending(path: "responder.log")),
        ]
        atexit {
            nginx.end()
            for process in processes { process.end() }
        }
        precondition([upstream, fastCGI].allSatisfy { LocalPort.waits(for: $0) })
        let locations = """
            include consulate/server.conf;
            location /any/ { set $consulate_scope ""; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            location /orders/ { set $consulate_scope place-orders; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            location /forgotten/ { include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            location /outer/ {
                set $consulate_scope place-orders;
                include consulate/protect.conf;
                location /outer/silent/ { proxy_set_header X-Own 1; proxy_pass http://127.0.0.1:\(upstream); }
                location /outer/inner/ {
                    set $consulate_scope place-orders;
                    include consulate/protect.conf;
                    proxy_set_header X-Own 1;
                    proxy_pass http://127.0.0.1:\(upstream);
                }
            }
            location /fastcgi/ {
                set $consulate_scope "";
                include consulate/protect.conf;
                fastcgi_param REQUEST_METHOD $request_method;
                fastcgi_pass 127.0.0.1:\(fastCGI);
            }
            location /ours/ { set $consulate_scope ""; set $consulate_audience "https://api.example"; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            location /theirs/ { set $consulate_scope ""; set $consulate_audience "https://orders.example"; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            location /either/ { set $consulate_scope ""; set $consulate_audience "https://orders.example https://api.example"; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            location /both/ { set $consulate_scope "place-orders check-status"; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(upstream); }
            """
        return try! ExistingNginx("protected", beside: stack, server: locations)
    }()
    nonisolated(unsafe) private static var processes: [ChildProcess] = []

    private func send(
        _ method: String, _ path: String, _ token: String?, _ body: Body = .none, fields: [(String, String)] = []
    ) -> Answer {
        Self.nginx.consumer(bearer: token).send(method, path, body, fields: fields)
    }

    private func reached(_ answer: Answer, _ header: String) -> String? {
        answer.json?["headers"]?[header]?.text
    }

    @Test func `a client of another provider is unknown, and its token is refused`() throws {
        let (stack, ada, web) = (Stack.shared, Stack.shared.ada, Stack.shared.web)
        let (token, script) = (stack.tokens(ada, web).access, stack.script(of: ada))
        #expect(Consumer(stack.directPort, bearer: token).get("/oauth/verify").status == 204)
        #expect(script.get("/oauth/tokens").text != "[]")
        try stack.connection().execute("UPDATE oauth_clients SET provider = 'admins' WHERE id = ?", web.id)
        #expect(Consumer(stack.directPort, bearer: token).get("/oauth/verify").status == 401)
        #expect(stack.token(stack.redemption("x", web)).json?["error"] == "invalid_client")
        #expect(script.get("/oauth/tokens").text == "[]")
        try stack.connection().execute("UPDATE oauth_clients SET provider = 'users' WHERE id = ?", web.id)
        #expect(Consumer(stack.directPort, bearer: token).get("/oauth/verify").status == 204)
        #expect(stack.token(stack.redemption("x", web)).json?["error"] == "invalid_grant")
    }

    @Test func `it gets the user, client and scopes of the token, and not the values that the caller sends`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let token = stack.tokens(ada, web, scope: "place-orders check-status").access
        let spoofed = [
            ("X-User-Id", "1"), ("x-user-id", "2"), ("X-Client-Id", "x"), ("X-Scopes", "everything"),
            ("X-Token-Id", "x"),
        ]
        let answer = send("GET", "/any/thing?page=2", token, fields: spoofed)
        #expect(answer.status == 200 && answer.json?["path"] == "/any/thing?page=2")
        #expect(reached(answer, "x-user-id") == ada.id)
        #expect(reached(answer, "x-client-id") == web.id)
        #expect(reached(answer, "x-scopes") == "place-orders check-status")
        #expect(reached(answer, "x-token-id") == claims(token)?["jti"]?.text)
        for field in answer.fields { #expect(!field.name.lowercased().hasPrefix("x-user")) }
    }

    @Test func `a client's own token has no user, not even a spoofed user`() throws {
        let machine = stack.machine
        let answer = stack.token([
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            "scope": "place-orders",
        ])
        let token = try #require(answer.json?["access_token"]?.text)
        let seen = send("GET", "/orders/", token, fields: [("X-User-Id", "1")])
        #expect(seen.status == 200 && reached(seen, "x-client-id") == machine.id)
        #expect(reached(seen, "x-user-id") == nil)
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE"]) func `a request without a token or with a bad token is 401`(
        method: String
    ) {
        let body: Body = method == "GET" ? .none : .form(["a": "b"])
        let none = send(method, "/any/", nil, body)
        #expect(none.status == 401 && none.text == #"{"message":"Unauthorized","status":401}"#)
        #expect(none.fields.filter { $0.name == "WWW-Authenticate" }.map(\.value) == ["Bearer"])
        let bad = send(method, "/any/", "x.y.z", body)
        #expect(bad.status == 401)
        #expect(bad.fields.filter { $0.name == "WWW-Authenticate" }.map(\.value) == [#"Bearer error="invalid_token""#])
        #expect(Self.nginx.consumer().send(method, "/any/?access_token=x", body).status == 401)
    }

    @Test func `a revoked token is refused at the very next request`() {
        let (ada, web) = (stack.ada, stack.web)
        let token = stack.tokens(ada, web).access
        #expect(send("GET", "/any/", token).status == 200)
        #expect(stack.script(of: ada).delete("/account/applications/\(web.id)").status == 204)
        #expect(send("GET", "/any/", token).status == 401)
    }

    @Test func `a token of a deleted user is refused`() throws {
        let ada = stack.ada
        let token = stack.tokens(ada, stack.web).access
        #expect(send("GET", "/any/", token).status == 200)
        try stack.connection().execute("DELETE FROM users WHERE id = ?", ada.id)
        #expect(send("GET", "/any/", token).status == 401)
    }

    @Test func `a missing scope is 403 and is named, and a first-party token has all scopes`() {
        let (ada, web) = (stack.ada, stack.web)
        let narrow = stack.tokens(ada, web, scope: "check-status").access
        let refused = send("POST", "/orders/", narrow, .json(["a": 1]))
        #expect(refused.status == 403 && refused.text == #"{"message":"Forbidden","status":403}"#)
        #expect(
            refused.fields.filter { $0.name == "WWW-Authenticate" }.map(\.value) == [
                #"Bearer error="insufficient_scope", scope="place-orders""#
            ])
        #expect(send("GET", "/any/", narrow).status == 200)
        #expect(send("GET", "/both/", narrow).status == 403)
        #expect(
            send("GET", "/both/", stack.tokens(stack.grace, web, scope: "check-status place-orders").access).status
                == 200)
        #expect(send("GET", "/both/", stack.firstParty(ada).bearer).status == 200)
    }

    @Test func `an adopted scope * of another client gives no scope`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let token = stack.tokens(ada, web, scope: "check-status").access
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET scopes = '[\"*\"]' WHERE id = ?", claims(token)?["jti"]?.text ?? "")
        let seen = send("GET", "/any/", token)
        #expect(seen.status == 200 && reached(seen, "x-scopes") == nil)
        #expect(send("GET", "/orders/", token).status == 403)
    }

    @Test func `a location without a scope refuses every request, and a nested location is protected too`() throws {
        let ada = stack.ada
        let token = stack.tokens(ada, stack.web, scope: "place-orders").access
        let forgotten = send("GET", "/forgotten/", token)
        #expect(forgotten.status == 403)
        #expect(
            forgotten.fields.filter { $0.name == "WWW-Authenticate" }.map(\.value) == [
                #"Bearer error="insufficient_scope""#
            ])
        // The token of a sign-in has every scope, and no scope stands for a forgotten one.
        #expect(send("GET", "/forgotten/", stack.firstParty(ada).bearer).status == 403)
        #expect(send("GET", "/outer/inner/", nil).status == 401)
        #expect(send("GET", "/outer/silent/", nil).status == 401)
        #expect(send("GET", "/outer/silent/", token).status == 403)
        let inner = send("GET", "/outer/inner/", token, fields: [("X-User-Id", "1")])
        #expect(inner.status == 200 && reached(inner, "x-user-id") == ada.id && reached(inner, "x-own") == "1")
    }

    @Test func `a FastCGI application gets the same values, and no value that the caller made up`() throws {
        let (ada, machine) = (stack.ada, stack.machine)
        let spoofed = [("X-User-Id", "1"), ("X-Scopes", "everything")]
        let seen = send(
            "POST", "/fastcgi/", stack.tokens(ada, stack.web).access, .raw("a", type: "text/plain"), fields: spoofed
        ).text
        let lines = seen.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("HTTP_X_USER_ID=") } == ["HTTP_X_USER_ID=\(ada.id)"])
        #expect(lines.filter { $0.hasPrefix("HTTP_X_SCOPES=") } == ["HTTP_X_SCOPES=place-orders"])
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        let own = try #require(stack.token(form).json?["access_token"]?.text)
        let nobody = send("GET", "/fastcgi/", own, fields: spoofed).text
        #expect(
            nobody.contains("HTTP_X_CLIENT_ID=\(machine.id)") && !nobody.contains("HTTP_X_USER_ID")
                && !nobody.contains("HTTP_X_SCOPES"))
    }

    @Test func `a body arrives unchanged, and the check does not change method, path or query`() {
        let token = stack.tokens(stack.ada, stack.web).access
        let large = String(repeating: "x", count: 200_000)
        for (method, body) in [("POST", "a=b&_method=DELETE"), ("PUT", large), ("DELETE", "{")] {
            let answer = send(method, "/orders/7?a=%20b", token, .raw(body, type: "application/json"))
            #expect(
                answer.status == 200 && answer.json?["method"]?.text == method
                    && answer.json?["path"] == "/orders/7?a=%20b")
            #expect(answer.json?["body"]?.text == body)
        }
    }

    @Test func `a location accepts only tokens with its own audience, if it names an audience`() {
        let token = stack.tokens(stack.ada, stack.web).access
        #expect(claims(token)?["aud"] == "https://api.example", "the first value of TOKEN_AUDIENCE")
        for path in ["/any/", "/ours/", "/either/"] { #expect(send("GET", path, token).status == 200, "\(path)") }
        let refused = send("GET", "/theirs/", token)
        #expect(refused.status == 401 && refused["WWW-Authenticate"] == #"Bearer error="invalid_token""#)
        #expect(send("GET", "/theirs/", token, fields: [("REQUIRED_AUDIENCE", "https://api.example")]).status == 401)
    }

    @Test func `an outside caller cannot use the verify route, and cannot choose the required scope`() {
        let token = stack.tokens(stack.ada, stack.web, scope: "check-status").access
        let answer = send("GET", "/oauth/verify", token)
        #expect(answer.status == 404 && answer.text == #"{"message":"Not Found","status":404}"#)
        for name in ["REQUIRED_SCOPE", "Required-Scope", "X-Required-Scope", "consulate_scope"] {
            #expect(send("GET", "/orders/", token, fields: [(name, "check-status")]).status == 403)
        }
    }

    @Test func `while the database is away, the answer is 503 with Retry-After, not 500`() throws {
        let folder = Folder.root.appending(path: "protected-away")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mariaDB = PrivateMariaDB(in: folder)
        try mariaDB.start()
        let away = Stack.start("protected_away", settings: ["DB_CONNECT_TIMEOUT": "1"], on: mariaDB)
        defer { away.stop() }
        let token = away.tokens(away.ada, away.web).access
        let nginx = try ExistingNginx(
            "away", beside: away,
            server: """
                include consulate/server.conf;
                location / { set $consulate_scope ""; include consulate/protect.conf; proxy_pass http://127.0.0.1:\(away.directPort)/up; }
                """)
        defer { nginx.end() }
        #expect(nginx.consumer(bearer: token).get("/").status == 200)
        mariaDB.stop()
        let answer = nginx.consumer(bearer: token).get("/")
        #expect(answer.status == 503 && answer["Retry-After"] != nil)
        #expect(answer.text == #"{"message":"Service Unavailable","status":503}"#)
    }
}
