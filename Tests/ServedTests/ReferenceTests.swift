import AuthorizationServer
import Cast
import Foundation
import HTTP
import Testing

/// The API reference that this project must implement, replayed from its own text.
@Suite struct `The API reference` {
    /// One section: its example request, and its example response if a response exists.
    struct Example {
        let method: String
        let path: String
        let status: Int?
        let body: String?
    }

    static let examples: [Example] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "api-reference.md")
        let text = try! String(contentsOf: file, encoding: .utf8)
        return text.components(separatedBy: "> Example request:").dropFirst().map { section in
            let curl = section.firstMatch(of: #/curl -X (\w+) (?:-G )?"([^"]+)"/#)!
            let response = section.firstMatch(of: #/> Example response \((\d+)\):\s+```json\n([^`]+)```/#)
            // The generator spread the bodies over several lines. On the wire they had no white
            // space.
            let body = response.map { String($0.2).replacing(#/\n\s*/#, with: "").replacing(#/": /#, with: "\":") }
            return Example(
                method: String(curl.1), path: String(curl.2), status: response.flatMap { Int($0.1) }, body: body)
        }
    }()

    @Test func `our page has every address, method, title and group of the reference, in the same order`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "api-reference.md")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("&#039;", with: "'")
        var group = ""
        var rows: [(group: String, title: String, method: String, path: String)] = []
        for line in text.split(separator: "\n") {
            if let match = line.wholeMatch(of: #/#\d+\. (.+)/#) { group = String(match.1) }
            if let match = line.wholeMatch(of: #/## (.+)/#) { rows.append((group, String(match.1), "", "")) }
            if let match = line.wholeMatch(of: #/`(GET|POST|PUT|DELETE) ([^`]+)`/#) {
                rows[rows.count - 1].method = String(match.1)
                rows[rows.count - 1].path = "/" + match.2.drop { $0 == "/" }
            }
        }
        #expect(rows.count == 19 && rows.allSatisfy { !$0.method.isEmpty })
        let page = Self.asPublished.consumer().get("/docs").text
        var positions: [String.Index] = []
        for row in rows {
            let route = try #require(
                Routes.all.first { $0.method.rawValue == row.method && $0.path.description == row.path },
                "\(row.method) \(row.path)")
            #expect(route.title == row.title && route.group == row.group)
            let heading =
                "<p class=\"address\" id=\"\(route.name.replacing(".", with: "-"))-address\"><strong>\(row.method)</strong> \(row.path)</p>"
            positions.append(try #require(page.firstRange(of: heading)).lowerBound)
        }
        #expect(positions == positions.sorted())
    }

    static let asPublished = Stack.start("reference", settings: ["DEBUGBAR_ENABLED": "true", "APP_DEBUG": "false"])
    static let legacy = Stack.start("legacy", settings: ["LEGACY_ERRORS": "true"])

    @Test func `has the nineteen examples that this test replays`() {
        #expect(Self.examples.count == 19)
        #expect(Self.examples.filter { $0.status == 401 }.count == 4)
        #expect(Self.examples.filter { $0.status == 500 }.count == 2)
    }

    @Test(arguments: 0..<19) func `every example is answered, by curl and by fetch, neither with 404 nor with 500`(
        index: Int
    ) {
        let example = Self.examples[index]
        for (accept, type) in [("*/*", nil), ("application/json", "application/json")] {
            let consumer = Self.asPublished.consumer()
            consumer.accept = accept
            let answer = consumer.send(example.method, example.path, .raw("", type: type))
            #expect(
                answer.status != 404 && (200..<500).contains(answer.status),
                "\(example.method) \(example.path): \(answer.status)")
        }
    }

    @Test func `the four documented 401 bodies come byte for byte`() {
        for example in Self.examples where example.status == 401 {
            let answer = Self.asPublished.consumer().send(example.method, example.path)
            #expect(answer.status == 401)
            #expect(answer.text == example.body)
            #expect(answer.text == #"{"message":"Unauthorized","status":401}"#)
        }
    }

    @Test func `with LEGACY_ERRORS the two documented 500 bodies come byte for byte`() {
        for example in Self.examples where example.status == 500 {
            let answer = Self.legacy.consumer().send(example.method, example.path)
            #expect(answer.status == 500)
            #expect(answer.text == example.body)
            #expect(answer.text == #"{"message":"Whoops, looks like something went wrong","status":500}"#)
        }
    }

    @Test func `LEGACY_ERRORS does not change the answer to a request with a parameter or a token`() {
        let stack = Self.legacy
        #expect(stack.consumer().get("/oauth/authorize?client_id=x").status == 400)
        #expect(stack.consumer().get("/api/users?name=x").status == 401)
        #expect(stack.consumer(bearer: "x").get("/api/users").status == 401)
        #expect(stack.firstParty(stack.ada).get("/api/users").status == 422)
    }

    @Test func `without LEGACY_ERRORS the first of the two is 400, and the second is 401`() {
        #expect(Self.asPublished.consumer().get("/oauth/authorize").status == 400)
        #expect(Self.asPublished.consumer().get("/api/users").status == 401)
    }
}
