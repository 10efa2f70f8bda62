import AuthorizationServer
import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import HTTPTypes
import Testing

/// The files of `nginx/`, which people copy once and then forget.
@Suite struct `The files of nginx` {
    private static let files = PrivateNginx.files.filter { $0.key != "nginx.conf" }

    /// The version of the files and the digest of all of them.
    ///
    /// If you change a file, raise the version in each first line and in the two parameters, and
    /// write the new digest here. So nobody's old copy stays unnoticed.
    private static let current = (
        version: 2, digest: "79b67961c486be019b0ec0879e95aceafcb0fbc46eedbca1dcb15b84676019e3"
    )

    @Test func `a changed file has a new version`() {
        for (name, text) in Self.files {
            #expect(PrivateNginx.version(of: text) == Self.current.version, "\(name)")
        }
        let all = Self.files.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)" }.joined(separator: "\n")
        #expect(Digest.hexadecimal(all) == Self.current.digest)
        #expect(Application.configurationVersion == Self.current.version)
        for name in ["parameters.conf", "internal.conf"] {
            #expect(Self.files[name]?.contains("fastcgi_param CONFIGURATION_VERSION \(Self.current.version);") == true)
        }
    }

    /// Returns the paths of the locations of `server.conf`: with `=` if nothing may follow.
    private static func locations() -> [(path: String, isExact: Bool)] {
        (files["server.conf"] ?? "").matches(of: #/(?m)^location (= )?(\S+) \{/#).map { (String($0.2), $0.1 != nil) }
    }

    @Test(arguments: Routes.all.map { "\($0.method.rawValue) \($0.path.description)" })
    func `every route is behind a location, with and without a slash at its end`(route: String) throws {
        let path = route.split(separator: " ")[1].replacing(#/\/?\{\w+\?\}/#, with: "").replacing(
            #/\{\w+\}/#, with: "x")
        guard path != "/oauth/verify" else { return }
        for path in [path, path + "/"] {
            #expect(
                Self.locations().contains { $0.isExact ? $0.path == path : path.hasPrefix($0.path) }, "\(path)")
        }
    }

    @Test func `every location leads to a route, so that nothing else of the site is hidden`() {
        let paths = Routes.all.map { $0.path.description }
        let locations = Self.locations()
        #expect(locations.count > 30)
        for (path, isExact) in locations {
            let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
            #expect(
                paths.contains { isExact ? $0 == bare || $0.hasPrefix(bare + "/") : $0.hasPrefix(path) }, "\(path)")
        }
    }

    @Test(arguments: Routes.all.map { "\($0.method.rawValue) \($0.path.description)" })
    func `every route answers through nginx by its method, in both forms of its path`(route: String) throws {
        let stack = Stack.shared
        let (method, pattern) = (String(route.prefix { $0 != " " }), String(route.drop { $0 != " " }.dropFirst()))
        guard pattern != "/oauth/verify" else { return }
        let path = pattern.replacing(#/\/?\{\w+\?\}/#, with: "").replacing(#/\{\w+\}/#, with: "x")
        for path in [path, path + "/"] {
            let answer = stack.consumer().send(method, path, method == "GET" ? .none : .json([:]))
            // Only the responder sends this field with its answers.
            #expect(answer["X-Content-Type-Options"] == "nosniff" && answer.status != 405, "\(path) \(answer.status)")
        }
    }

    @Test func `nginx sends the parameters that the responder reads, and no others`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../Sources/FastCGI/Exchange.swift")
        let source = try String(contentsOf: folder.standardized, encoding: .utf8)
        let read = Set(
            source.matches(of: #/(?:parameter\(|isSet\(|\()"([A-Z_]+)"/#).map { String($0.1) })
        func sent(_ name: String) -> Set<String> {
            Set((Self.files[name] ?? "").matches(of: #/fastcgi_param ([A-Z_]+) /#).map { String($0.1) })
        }
        #expect(read.count > 15)
        #expect(sent("parameters.conf").union(sent("internal.conf")) == read)
        #expect(sent("parameters.conf") == read.subtracting(["REQUIRED_SCOPE", "REQUIRED_AUDIENCE"]))
    }

    @Test func `the doctor names the copied file that is too old`() throws {
        let stack = Stack.shared
        let folder = Folder.root.appending(path: "old-configuration")
        _ = try PrivateNginx(in: folder, port: LocalPort.free(), responders: ["unix:/nowhere.sock"])
        func doctor() throws -> String {
            try ChildProcess.output(
                Folder.program, ["doctor", "--nginx", folder.appending(path: "nginx.conf").path()],
                environment: stack.environment
            ).output
        }
        #expect(try doctor().contains("ok       nginx\n"))
        let copy = folder.appending(path: "consulate/token.conf")
        try Data((Self.files["token.conf"] ?? "").drop { $0 != "\n" }.dropFirst().utf8).write(to: copy)
        let found = try doctor()
        #expect(found.contains("\(copy.path()) is of version 0, and this program needs \(Self.current.version)"))
        #expect(found.contains("cp nginx/token.conf \(copy.path())"), "\(found)")
    }

    @Test func `the responder warns once if nginx has an old copy, and names the file`() throws {
        let stack = Stack.start("old-parameters")
        defer { stack.stop() }
        let parameters = stack.folder.appending(path: "nginx/consulate/parameters.conf")
        let new = try String(contentsOf: parameters, encoding: .utf8)
        #expect(stack.consumer().get("/up").status == 200)
        #expect(!stack.log.contains("old copy"))
        try Data(new.replacing("fastcgi_param CONFIGURATION_VERSION 2;\n", with: "").utf8).write(to: parameters)
        stack.nginx.reload()
        while !stack.log.contains("nginx has an old copy of consulate/parameters.conf") {
            #expect(stack.consumer().get("/up").status == 200)
        }
        for _ in 0..<5 { stack.consumer().get("/up") }
        #expect(stack.log.components(separatedBy: "old copy").count == 2)
    }
}
