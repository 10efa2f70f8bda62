import Foundation
import HTTP

/// The body of a request.
package enum Body: Sendable {
    case none
    case form(Form)
    case json(JSON)
    case raw(String, type: String?)

    /// The bytes of the body as they are sent.
    package var bytes: [UInt8] {
        switch self {
        case .none: []
        case .form(let form): Array(form.encoded.utf8)
        case .json(let json): json.bytes
        case .raw(let text, _): Array(text.utf8)
        }
    }

    var type: String? {
        switch self {
        case .none: nil
        case .form: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .raw(_, let type): type
        }
    }
}

/// A caller of the served stack: with cookies like a browser, or without cookies like curl.
package final class Consumer {
    package let port: Int
    /// The value of the `Host` field.
    package var host = "localhost"
    /// The value of the `Accept` field.
    package var accept: String
    package var cookies: [String: String] = [:]
    /// The bearer token that each request carries.
    package var bearer: String?
    /// The value of the `X-CSRF-TOKEN` field that each request carries.
    package var csrfToken: String?

    /// Creates a caller of a port.
    package init(_ port: Int, accept: String = "*/*", bearer: String? = nil) {
        self.port = port
        self.accept = accept
        self.bearer = bearer
    }

    /// Returns a browser: a caller that requests pages and keeps cookies.
    package static func browser(_ port: Int) -> Consumer {
        Consumer(port, accept: "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    /// Sends a request and returns the answer.
    ///
    /// Does not follow redirects.
    @discardableResult
    package func send(_ method: String, _ target: String, _ body: Body = .none, fields: [(String, String)] = [])
        -> Answer
    {
        guard let answer = Wire.send(request(method, target, body, fields: fields), to: port) else {
            return Answer(Array("HTTP/1.1 000 no-answer\r\n\r\n".utf8))!
        }
        Secrets.note(answer)
        for field in answer.fields where field.name.lowercased() == "set-cookie" {
            let pair = field.value.prefix { $0 != ";" }
            guard let equals = pair.firstIndex(of: "=") else { continue }
            cookies[String(pair[..<equals])] =
                field.value.contains("Max-Age=0") ? nil : String(pair[pair.index(after: equals)...])
        }
        return answer
    }

    /// Returns the bytes of a request.
    package func request(_ method: String, _ target: String, _ body: Body = .none, fields: [(String, String)] = [])
        -> [UInt8]
    {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\nAccept: \(accept)\r\n"
        if !cookies.isEmpty { head += "Cookie: \(cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))\r\n" }
        if let bearer { head += "Authorization: Bearer \(bearer)\r\n" }
        if let csrfToken { head += "X-CSRF-TOKEN: \(csrfToken)\r\n" }
        if let type = body.type { head += "Content-Type: \(type)\r\n" }
        if !body.bytes.isEmpty || ["POST", "PUT"].contains(method) {
            head += "Content-Length: \(body.bytes.count)\r\n"
        }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        return Array((head + "\r\n").utf8) + body.bytes
    }

    @discardableResult
    package func get(_ target: String) -> Answer { send("GET", target) }
    @discardableResult
    package func post(_ target: String, _ body: Body = .none) -> Answer { send("POST", target, body) }
    @discardableResult
    package func put(_ target: String, _ body: Body = .none) -> Answer { send("PUT", target, body) }
    @discardableResult
    package func delete(_ target: String, _ body: Body = .none) -> Answer { send("DELETE", target, body) }

    /// Signs in with the login form.
    @discardableResult
    package func signIn(_ person: Person, password: String? = nil) -> Answer {
        get("/login")
        let answer = post(
            "/login",
            .form([
                "_token": cookies["XSRF-TOKEN"] ?? "", "email": person.email, "password": password ?? person.password,
            ]))
        csrfToken = cookies["XSRF-TOKEN"]
        return answer
    }

    /// Signs in with the form of a sign-in page.
    @discardableResult
    package func signIn(_ person: Person, on page: Answer) -> Answer {
        post(
            "/login",
            .form([
                "_token": page.hidden("_token") ?? "", "return_to": page.returnTo, "email": person.email,
                "password": person.password,
            ]))
    }
}

/// Values in pages and in addresses.
extension Answer {
    /// The address that a sign-in page leads to.
    package var returnTo: String { hidden("return_to")?.replacing("&amp;", with: "&") ?? "" }

    /// Returns the value of a hidden field of the page.
    package func hidden(_ name: String) -> String? {
        text.firstMatch(of: try! Regex(#"name="\#(name)" value="([^"]*)""#, as: (Substring, Substring).self)).map {
            String($0.1)
        }
    }

    /// Returns a parameter of the address in `Location`.
    package func located(_ name: String) -> String? {
        guard let location = self["Location"] else { return nil }
        let parameters = location.split(whereSeparator: { $0 == "?" || $0 == "#" }).last.map(String.init) ?? ""
        return Form(parameters.utf8)?.pairs.first { $0.name == name }?.value
    }
}
