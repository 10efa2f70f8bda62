import HTTPTypes
import Testing

@testable import HTTP

/// The contents of a request, which do not depend on its sender.
@Suite struct `Requests` {
    private func request(_ fields: [(HTTPField.Name, String)]) -> Request {
        var all = HTTPFields()
        for (name, value) in fields { all.append(HTTPField(name: name, value: value)) }
        return Request(path: "/", fields: all)
    }

    @Test(arguments: [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true), ("text/html", true),
        ("TEXT/HTML;q=1", true),
        ("text/html, application/xhtml+xml, */*", true), ("text/html;q=0.9, application/json;q=0.8", true),
        ("*/*", false), ("", false),
        ("application/json", false), ("application/json, text/html", false),
        ("application/json, text/html;q=0.9", false),
        ("application/json, text/javascript, */*; q=0.01", false), ("application/json, text/plain, */*", false),
        ("text/html;q=0", false),
        ("text/html;q=0.5, */*;q=0.8", false), ("text/html;q=0.1, application/json;q=0.2", false),
        ("text/htmlx", false), ("text/*", false),
        (String(repeating: "text/html,", count: 1000), false),
    ])
    func `RFC 9110 §12.5.1: a client gets a page only if it prefers HTML`(accept: String, isPage: Bool) {
        #expect(request([(.accept, accept)]).prefersPage == isPage)
    }

    @Test func `a request with a bearer token or a JSON body never gets a page`() {
        #expect(!request([(.accept, "text/html"), (.authorization, "Bearer x")]).prefersPage)
        for type in ["application/json", "application/json; charset=utf-8", "application/vnd.api+json"] {
            #expect(!request([(.accept, "text/html"), (.contentType, type)]).prefersPage)
        }
        #expect(request([(.accept, "text/html"), (.contentType, "application/x-www-form-urlencoded")]).prefersPage)
    }

    @Test(
        arguments: [
            ("Basic abc", "abc"), ("basic   abc", "abc"), ("BASIC abc", "abc"), ("Basic", nil), ("Basicabc", nil),
            ("Bearer abc", nil),
            ("Basic\tabc", nil),
        ] as [(String, String?)])
    func `RFC 9110 §11.6.2: one or more spaces follow a scheme`(field: String, credentials: String?) {
        #expect(request([(.authorization, field)]).credentials(of: "Basic").map(String.init) == credentials)
    }

    @Test func `all cookies of one name are read, but at most four`() {
        #expect(request([(.cookie, "a=1; b=2; a=3")]).cookies("a") == ["1", "3"])
        #expect(request([(.cookie, String(repeating: "a=1; ", count: 50))]).cookies("a").count == 4)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::ffff:c000:207", "192.0.2.7"),
        ("2001:db8::1", "2001:db8:0:0::/64"),
        ("2001:db8:0:0:ffff::2", "2001:db8:0:0::/64"), ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("2001:0DB8::1", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"), ("fe80::1%eth0", "fe80::1%eth0"), ("", ""), ("unix:", "unix:"), ("1:2:3", "1:2:3"),
        ("1::2::3", "1::2::3"),
        ("::ffff:192.0.2.300", "::ffff:192.0.2.300"), ("1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9"),
    ])
    func `a network is an IPv4 address, mapped or not, or an IPv6 /64`(address: String, network: String) {
        #expect(Network.of(address) == network)
    }

    @Test func `a form has at most 200 pairs, and a form with more pairs is not decoded`() {
        let pairs = { (count: Int) in Array(repeating: "a=1", count: count).joined(separator: "&") }
        #expect(Form(pairs(200).utf8)?.pairs.count == 200)
        #expect(Form(pairs(201).utf8) == nil)
        #expect(Form(String(repeating: "a&", count: 8192).utf8) == nil)
    }

    @Test func `JSON has at most as many values as the reader allows`() {
        let list = { (count: Int) in
            Array(("[" + Array(repeating: "1", count: count).joined(separator: ",") + "]").utf8)
        }
        #expect(
            JSON(parsing: list(199), valuesAtMost: 200) != nil && JSON(parsing: list(200), valuesAtMost: 200) == nil)
        #expect(JSON(parsing: list(5000)) != nil)
    }

    @Test func `multipart: text fields are read, files are not, and a malformed body is refused`() throws {
        let type = "multipart/form-data; boundary=x-1"
        func form(_ text: String, _ type: String = type) -> Form? {
            Form(multipart: Array(text.replacing("\n", with: "\r\n").utf8), contentType: type)
        }
        let part =
            "--x-1\nContent-Disposition: form-data; name=\"name\"\n\nAda\nL.\n--x-1\ncontent-disposition: form-data; name=b\n\n\n--x-1--\n"
        let read = try #require(form(part))
        #expect(read.pairs.map(\.name) == ["name", "b"] && read.pairs.map(\.value) == ["Ada\r\nL.", ""])
        #expect(form(part, "multipart/form-data; boundary=\"x-1\"")?.pairs.count == 2)
        let file = try #require(
            form(
                "--x-1\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\nContent-Type: text/plain\n\nx\n--x-1--"
            ))
        #expect(file.pairs.isEmpty && file.unreadable == ["f"])
        #expect(
            form("--x-1\nContent-Disposition: form-data; name=\"a%22b\"\n\n1\n--x-1--")?.pairs.first?.name == "a\"b")
        for broken in [
            "", "x", "--x-1\n", "--x-1\nname\n\nx\n--x-1--", "--x-1\nContent-Disposition: form-data\n\nx\n--x-1--",
            part.replacing("--x-1--", with: ""),
        ] {
            #expect(form(broken) == nil, "\(broken)")
        }
        #expect(form(part, "multipart/form-data") == nil && form(part, "multipart/form-data; boundary=") == nil)
        let head = "Content-Disposition: form-data; name=\"a\"" + String(repeating: "; a", count: 400)
        #expect(form("--x-1\n\(head)\n\n1\n--x-1--") == nil, "the head of a part has a kilobyte")
        let one = "--x-1\nContent-Disposition: form-data; name=\"a\"\n\n1\n"
        #expect(
            form(String(repeating: one, count: 200) + "--x-1--")?.pairs.count == 200
                && form(String(repeating: one, count: 201) + "--x-1--") == nil)
    }
}
