import DevelopmentStack
import Foundation

/// A request in Lua that wrk sends again and again.
///
/// In the Lua text, `number` is counted up, and `token()` is the next line of the load's file.
struct Load: Sendable {
    let path: String
    /// The arguments of `wrk.format`: method, path, header fields, body.
    let request: String
    /// A file of tokens that the requests use in turn, one token a line.
    var tokens: URL?

    /// Returns a `GET` without header fields or a body.
    static func get(_ path: String) -> Load { Load(path: path, request: #""GET", nil, {}, nil"#) }

    /// Returns a `GET` with one of the tokens.
    static func bearer(_ path: String, _ tokens: URL) -> Load {
        Load(path: path, request: #""GET", nil, {["Authorization"] = "Bearer " .. token()}, nil"#, tokens: tokens)
    }

    /// Returns a `DELETE` of a numbered resource with one of the tokens.
    static func delete(_ path: String, _ tokens: URL) -> Load {
        Load(
            path: path, request: #""DELETE", "\#(path)" .. number, {["Authorization"] = "Bearer " .. token()}, nil"#,
            tokens: tokens)
    }

    /// Returns a `POST` of a form by a client that sends its secret.
    ///
    /// `@` in the form is the request's number.
    static func form(_ form: String, to path: String, by client: BenchmarkClient) -> Load {
        Load(path: path, request: #""POST", nil, \#(fields(client)), (("\#(form)"):gsub("@", number))"#)
    }

    /// Returns a `POST` that introspects one of the tokens (RFC 7662 §2.1), by a client that sends
    /// its secret.
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
    /// Response times in milliseconds.
    let p50, p99, slowest: Double

    var rate: Double { requests / seconds }
}

/// The program wrk on this machine, with two threads and the given number of connections.
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

    /// Sends the load for the given number of seconds and returns the measured times.
    ///
    /// Throws if a request does not succeed, which ends the benchmark. If refusals are measured,
    /// throws only if a request has no answer. Counting begins at `number`. Access tokens can be
    /// kept in files with the extensions `.0` and `.1`.
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
