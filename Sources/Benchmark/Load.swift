import DevelopmentStack
import Foundation

/// What is asked, over and over: a request in Lua, for wrk, where `number` is counted up and `token()` is the next line of the load's file.
struct Load: Sendable {
    let path: String
    /// The arguments of `wrk.format`: method, path, header fields, body.
    let request: String
    /// Tokens to take turns with, one a line.
    var tokens: URL?

    /// A `GET` without anything.
    static func get(_ path: String) -> Load { Load(path: path, request: #""GET", nil, {}, nil"#) }

    /// A `GET` with one of the tokens.
    static func bearer(_ path: String, _ tokens: URL) -> Load {
        Load(path: path, request: #""GET", nil, {["Authorization"] = "Bearer " .. token()}, nil"#, tokens: tokens)
    }

    /// A `DELETE` of something that has a number, by a bearer.
    static func delete(_ path: String, _ tokens: URL) -> Load {
        Load(
            path: path, request: #""DELETE", "\#(path)" .. number, {["Authorization"] = "Bearer " .. token()}, nil"#,
            tokens: tokens)
    }

    /// A `POST` of a form by a client that shows its secret; `@` in the form is the request's number.
    static func form(_ form: String, to path: String, by client: BenchmarkClient) -> Load {
        Load(path: path, request: #""POST", nil, \#(fields(client)), (("\#(form)"):gsub("@", number))"#)
    }

    /// A `POST` by a client that shows its secret and asks what one of the tokens is good for (RFC 7662 §2.1).
    static func introspection(_ path: String, _ tokens: URL, by client: BenchmarkClient) -> Load {
        Load(path: path, request: #""POST", nil, \#(fields(client)), "token=" .. token()"#, tokens: tokens)
    }

    private static func fields(_ client: BenchmarkClient) -> String {
        #"{["Authorization"] = "Basic \#(client.basic)", ["Content-Type"] = "application/x-www-form-urlencoded"}"#
    }
}

/// One run of wrk.
struct Sample: Sendable {
    let requests: Double
    let seconds: Double
    /// In milliseconds.
    let p50, p99, slowest: Double

    var rate: Double { requests / seconds }
}

/// Runs wrk on this machine; two threads, and as many connections as are said.
struct Wrk {
    static let threads = 2

    let folder: URL
    let connections: Int

    private static let script = """
        local threads = 0
        function setup(thread)
            thread:set("first", threads)
            threads = threads + 1
        end
        function init(arguments)
            number, tokens, turn = tonumber(arguments[1]) + first, {}, first
            if arguments[2] then
                for line in io.lines(arguments[2]) do tokens[#tokens + 1] = line end
            end
        end
        function token()
            turn = turn + \(threads)
            return tokens[turn % #tokens + 1]
        end
        function request()
            number = number + \(threads)
            return wrk.format(REQUEST)
        end
        function done(summary, latency)
            local errors = summary.errors
            print(string.format("RESULT %d %d %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
                errors.connect + errors.read + errors.write + errors.timeout, errors.status))
        end

        """

    /// Asks for so many seconds; any answer but success ends the benchmark, or any but an answer
    /// where refusals are what is measured.
    ///
    /// `number` is where counting begins; access tokens can be kept in files `.0` and `.1`.
    func run(
        _ load: Load, port: Int, seconds: Int, number: Int = 0, keepingTokensIn kept: URL? = nil,
        acceptingRefusals: Bool = false
    ) throws
        -> Sample
    {
        var script = Self.script.replacing("REQUEST", with: load.request)
        if let kept {
            script += """
                function response(status, fields, body)
                    kept = kept or io.open("\(kept.path())." .. first, "w")
                    kept:write(body:match('"access_token": ?"([^"]+)"'), "\\n")
                end

                """
        }
        let file = folder.appending(path: "load.lua")
        try Data(script.utf8).write(to: file)
        let output = try ChildProcess.run(
            "wrk",
            [
                "-t\(Self.threads)", "-c\(connections)", "-d\(seconds)s", "--timeout", "10s", "-s", file.path(),
                "http://127.0.0.1:\(port)\(load.path)",
            ]
                + ["--", String(number)] + (load.tokens.map { [$0.path()] } ?? []))
        let result = output.split(separator: "\n").last { $0.hasPrefix("RESULT ") }?.split(separator: " ").dropFirst()
            .compactMap { Double($0) }
        guard let result, result.count == 7, result[0] > 0 else { throw StackError("wrk says: \(output)") }
        let failures = result[5] + (acceptingRefusals ? 0 : result[6])
        guard failures == 0 else {
            throw StackError("\(Int(failures)) of \(Int(result[0])) requests to \(load.path) failed: \(output)")
        }
        return Sample(
            requests: result[0], seconds: result[1] / 1e6, p50: result[2] / 1000, p99: result[3] / 1000,
            slowest: result[4] / 1000)
    }
}
