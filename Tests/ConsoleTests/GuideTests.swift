import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// The guides, which must say what the program does.
@Suite struct `The guides` {
    @Test func `the table of the settings is current`() throws {
        let generated = try ChildProcess.run(Folder.program, ["settings", "--markdown"])
        let guide = "Sources/AuthorizationServer/Settings/README.md"
        #expect(
            try Guide(guide).text.contains(generated),
            "write the output of `consulate settings --markdown` into \(guide)")
    }

    @Test func `the two commands of the README are targets of the Makefile`() throws {
        let (readme, makefile) = try (Guide("README.md").text, Guide("Makefile").text)
        for target in ["run", "test"] {
            #expect(readme.contains("\nmake \(target) "))
            #expect(makefile.contains("\n\(target):"))
        }
    }

    @Test(arguments: Guide.paths) func `every link leads to a file or a heading`(path: String) throws {
        let guide = try Guide(path)
        #expect(guide.brokenLinks.isEmpty, "\(guide.brokenLinks)")
        // A new reader reads the README in five minutes. A longer guide has a table of contents.
        if path == "README.md" {
            #expect(guide.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 130)
        } else if path != "CHANGELOG.md" {
            for anchor in guide.anchors where !guide.text.contains("](#\(anchor))") {
                Issue.record("\(path) does not list #\(anchor)")
            }
        }
    }

    @Test func `a link to a heading or a file that does not exist is found`() throws {
        #expect(try Guide("nginx/README.md").anchors.contains("upgrade-and-restart-without-refusing-a-request"))
        let guide = Guide(
            text:
                "# A\n\n## B, and C\n\n[a](nowhere.md) [b](#nowhere) [c](#b-and-c) [d](sql/README.md#purge) [e](sql/README.md#no)"
        )
        #expect(guide.brokenLinks == ["nowhere.md", "#nowhere", "sql/README.md#no"])
    }

    @Test func `no comment has more than 100 columns`() throws {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let markers = ["swift": "//", "conf": "# ", "sql": "-- ", "py": "# ", "c": "//", "h": "//"]
        let files = try #require(FileManager.default.subpaths(atPath: package.path())).filter {
            $0.firstMatch(of: #/^(Sources|Tests|nginx|sql)\//#) != nil
                && markers[URL(filePath: $0).pathExtension] != nil
        }
        #expect(files.count > 300)
        for file in files {
            let marker = markers[URL(filePath: file).pathExtension] ?? "//"
            let lines = try String(contentsOf: package.appending(path: file), encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() where line.drop(while: \.isWhitespace).hasPrefix(marker) {
                #expect(line.count <= 100, "\(file):\(number + 1)")
            }
        }
    }

    /// Checks every import of the modules.
    ///
    /// The compiler alone does not find an import of a module of the same package that the target
    /// does not name.
    @Test func `a module imports only the modules of its row`() throws {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let library: Set<String> = [
            "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization", "HTTPTypes",
        ]
        let rows = try Guide("Sources/README.md").text.matches(of: #/(?m)^\| `(\w+)` \| ([^|]*) \|/#)
        let allowed = Dictionary(
            uniqueKeysWithValues: rows.map { row in
                (String(row.1), Set(row.2.matches(of: #/`(\w+)`/#).map { String($0.1) }))
            })
        #expect(["OAuth", "Storage", "Pages", "AuthorizationServer"].allSatisfy { allowed[$0] != nil })
        for (module, allowed) in allowed {
            let folder = package.appending(path: "Sources/\(module)")
            guard FileManager.default.fileExists(atPath: folder.path()) else { continue }
            for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path())
            where file.hasSuffix(".swift") {
                let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                let imports = source.matches(of: #/(?m)^(?:@\w+ )?(?:package |public )?import (\w+)/#).map {
                    String($0.1)
                }
                for name in imports where !library.contains(name) && !allowed.contains(name) {
                    Issue.record("\(module)/\(file) imports \(name)")
                }
            }
        }
        #expect(allowed["OAuth"]?.contains("MariaDB") == false && allowed["Pages"]?.contains("Storage") == false)
    }

    /// Checks that `@testable` is used in test targets only.
    ///
    /// `@testable` needs a build for testing. In another target, it makes `swift build -c release`
    /// end with an error.
    @Test func `only test targets use imports that need a build for testing`() throws {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let sources = try #require(FileManager.default.subpaths(atPath: package.path())).filter {
            $0.hasSuffix(".swift") && $0.firstMatch(of: #/^(Sources|Tests)\//#) != nil
                && $0.firstMatch(of: #/^Tests\/\w+Tests\//#) == nil
        }
        #expect(sources.count > 100)
        for source in sources {
            #expect(
                try !String(contentsOf: package.appending(path: source), encoding: .utf8).contains("@testable import"),
                "\(source)")
        }
    }

    @Test func `five lines add Consulate to an existing nginx, and do not change the rest of the server`() throws {
        let stack = Stack.start("existing")
        defer { stack.stop() }
        let lines = try #require(Guide("nginx/README.md").lines(of: "nginx", below: "Five lines for nginx"))
        #expect(lines.count == 5)
        let nginx = try ExistingNginx(
            "existing", beside: stack, http: lines[0],
            server: lines.dropFirst().joined(separator: "\n") + "location / { return 200 'what was there'; }")
        defer { nginx.end() }
        #expect(nginx.consumer().get("/up").json?["status"] == "ok")
        #expect(nginx.consumer().get("/oauth/clients").status == 401)
        #expect(
            nginx.consumer().post("/oauth/token", .form(["grant_type": "x"])).json?["error"] == "unsupported_grant_type"
        )
        #expect(nginx.consumer().get("/").text == "what was there")
        #expect(nginx.consumer().get("/api/other").text == "what was there")
    }

    @Test
    func `make run starts the server, the three lines of the first token work as printed, and no process remains`()
        throws
    {
        let home = Folder.root.appending(path: "dev")
        let port = LocalPort.free()
        let log = Folder.root.appending(path: "dev.log")
        let server = try ChildProcess(
            Folder.program, ["dev"], environment: ["DEV_HOME": home.path(), "PORT": "\(port)"], log: log)
        defer { server.end() }
        let demoFile = home.appending(path: "demo.json")
        for _ in 0..<1500 where !((try? String(contentsOf: log, encoding: .utf8))?.contains("Ctrl-C") ?? false) {
            usleep(20_000)
        }
        let demo = try #require(JSON(parsing: Array(try Data(contentsOf: demoFile))))
        #expect(demo["base_url"]?.text == "http://localhost:\(port)")
        for kind in ["confidential", "public", "machine", "password"] {
            #expect(demo["clients"]?[kind]?["id"]?.text != nil)
        }

        let greeting = try String(contentsOf: log, encoding: .utf8)
        let curl = try #require(greeting.split(separator: "\n").first { $0.contains("curl -u") })
        #expect(try ChildProcess.run("bash", ["-c", curl + " --silent --fail"]).contains("access_token"))

        let lines = try #require(Guide("README.md").lines(of: "sh", below: "A first token")).map {
            $0.replacing("localhost:8080", with: "localhost:\(port)")
        }
        #expect(lines.count == 3)
        let result = try ChildProcess.output("bash", ["-e", "-c", lines.joined(separator: "\n")])
        #expect(result.status == 0, "\(result.error)")
        #expect(
            result.output.contains(#""name":"Demo","email":"demo@example.com""#), "\(result.output) \(result.error)")

        server.end()
        #expect(server.status == 0)
        #expect(!LocalPort.isAnswering(port))
        #expect(!FileManager.default.fileExists(atPath: home.appending(path: "mariadb.pid").path()))

        // The second start is in the same folder, with the sockets of killed processes too. The
        // server is ready when it says so.
        for name in ["consulate.sock", "mariadb.sock"] {
            try? FileManager.default.removeItem(at: home.appending(path: name))
            #expect(FileManager.default.createFile(atPath: home.appending(path: name).path(), contents: nil))
        }
        let second = Folder.root.appending(path: "dev-again.log")
        let again = try ChildProcess(
            Folder.program, ["dev"], environment: ["DEV_HOME": home.path(), "PORT": "\(port)"], log: second)
        defer { again.end() }
        for _ in 0..<30_000 where !((try? String(contentsOf: second, encoding: .utf8))?.contains("Ctrl-C") ?? false) {
            usleep(1000)
        }
        #expect(try ChildProcess.run("bash", ["-c", curl + " --silent --fail"]).contains("access_token"))
    }
}
