import DevelopmentStack
import Foundation

/// The comparisons: every hot path with its limit, and with its own statements in C.
struct Comparisons {
    let stack: BenchmarkStack
    let wrk: Wrk
    /// The highest number of requests on each side that use up a code or a token.
    let spare: Int

    /// Returns the responders in C that the comparisons need.
    static func floors(_ instance: Instance, spare: Int) -> [Floor] {
        [
            .nothing, .select, .insert, .transaction, .check(instance, rows: spare), .issue(instance),
            .exchange(instance), .refresh(instance),
        ]
    }

    /// Returns the comparisons of the targets.
    ///
    /// Creates the rows and tokens that the comparisons need.
    func all() throws -> [Comparison] {
        let instance = stack.instances[0]
        let rows = Rows(mariaDB: stack.mariaDB, instance: instance)
        try rows.addCodes(spare)
        try rows.addRefreshTokens(spare)
        try rows.addForFloor(spare)
        let (few, many) = try tokens(instance)
        let (check, newCheck) = (Load.bearer("/oauth/verify", few), Load.bearer("/oauth/verify", many))
        let (issue, exchange, refresh) = (Self.issue(instance), Self.exchange(instance), Self.refresh(instance))
        return [
            against(.nothing, "cheapest route", .get("/.well-known/jwks.json"), 0.9),
            against(.select, "bearer check, signature seen", check, 0.8),
            against(.check(instance, rows: spare), "bearer check, signature seen", check),
            against(.select, "bearer check, signature new", newCheck, 0.7),
            against(.insert, "client_credentials, ES256", issue, 0.8),
            against(.issue(instance), "client_credentials, ES256", issue),
            against(.transaction, "code exchange", exchange, 0.7),
            against(.exchange(instance), "code exchange", exchange),
            against(.transaction, "refresh", refresh, 0.7),
            against(.refresh(instance), "refresh", refresh),
            protected(few),
        ]
    }

    private func against(_ floor: Floor, _ name: String, _ load: Load, _ target: Double? = nil) -> Comparison {
        let instance = stack.instances[0]
        let responder = stack.floors[floor.name] ?? (0, 0)
        return Comparison(
            name: name, ours: Side(name: "Consulate", load: load, port: instance.port, processes: [instance.process]),
            limit: Side(name: floor.name, load: load, port: responder.port, processes: [responder.process]),
            target: target)
    }

    /// Returns the comparison of a file behind `auth_request`.
    private func protected(_ tokens: URL) -> Comparison {
        let load = Load.bearer("/protected", tokens)
        let floor = stack.floors[Floor.select.name] ?? (0, 0)
        return Comparison(
            name: "auth_request",
            ours: Side(
                name: "Consulate", load: load, port: stack.protectedPort, processes: [stack.instances[0].process]),
            limit: Side(name: Floor.select.name, load: load, port: stack.floorProtectedPort, processes: [floor.process])
        )
    }

    // MARK: Other authorization servers

    /// Returns comparisons of issuing and checking tokens in Consulate and in each peer.
    func peers() throws -> [Comparison] {
        let instance = stack.instances[0]
        let issue = Self.issue(instance)
        let check = Load.bearer("/oauth/verify", try tokens(instance).few)
        return try stack.peers.flatMap { peer in
            let few = try file(peer.name, try issued(32, peer.issue, port: peer.port).prefix(32))
            let issuing = Comparison(
                name: "client_credentials", ours: side(instance, issue),
                limit: Side(name: peer.name, load: peer.issue, port: peer.port, processes: peer.processes),
                target: peer.target)
            let checking = peer.checks(few).map { name, load in
                Comparison(
                    name: "bearer check", ours: side(instance, check),
                    limit: Side(name: "\(peer.name), \(name)", load: load, port: peer.port, processes: peer.processes))
            }
            return [issuing] + checking
        }
    }

    // MARK: Full tables

    /// Returns comparisons of the same load on ten million tokens and on none.
    ///
    /// Creates the rows that the loads need in both databases.
    func full() throws -> [Comparison] {
        let loads = try stack.instances.map { try fullLoads($0) }
        return zip(loads[0], loads[1]).map { empty, full in
            Comparison(
                name: full.name, ours: side(stack.instances[1], full.load), limit: side(stack.instances[0], empty.load),
                target: 0.9)
        }
    }

    private func side(_ instance: Instance, _ load: Load) -> Side {
        Side(name: instance.database, load: load, port: instance.port, processes: [instance.process])
    }

    private func fullLoads(_ instance: Instance) throws -> [(name: String, load: Load)] {
        let rows = Rows(mariaDB: stack.mariaDB, instance: instance)
        try rows.addRefreshTokens(spare)
        try rows.addTokens("listed", 10, user: instance.grace)
        try rows.addTokens("revocable", spare, user: instance.alan)
        let few = try tokens(instance).few
        return [
            ("issuing", Self.issue(instance)), ("checking", .bearer("/oauth/verify", few)),
            ("listing one user's tokens", .bearer("/oauth/tokens", try signIn("grace", instance))),
            ("revoking", .delete("/oauth/tokens/revocable", try signIn("alan", instance))),
            ("refreshing", Self.refresh(instance)),
        ]
    }

    // MARK: Requests

    private static let path = "/oauth/token"

    static func issue(_ instance: Instance) -> Load {
        .form("grant_type=client_credentials&scope=place-orders", to: path, by: instance.machine)
    }

    private static func exchange(_ instance: Instance) -> Load {
        .form(
            "grant_type=authorization_code&code=code-@&redirect_uri=https://shop.example/callback&code_verifier=\(Rows.verifier)",
            to: path,
            by: instance.web)
    }

    private static func refresh(_ instance: Instance) -> Load {
        .form("grant_type=refresh_token&refresh_token=refresh-@", to: path, by: instance.web)
    }

    /// Issues tokens and returns two files of them, `few` and `many`.
    ///
    /// `few` has 32 tokens, which every worker soon remembers. `many` has more tokens than all
    /// workers together remember.
    func tokens(_ instance: Instance) throws -> (few: URL, many: URL) {
        let all = try issued(20_000, Self.issue(instance), port: instance.port)
        return (try file("\(instance.database)-few", all.prefix(32)), try file("\(instance.database)-many", all[...]))
    }

    /// Returns at least `count` tokens that the server at the port has issued.
    private func issued(_ count: Int, _ load: Load, port: Int) throws -> [Substring] {
        let kept = stack.home.appending(path: "kept")
        var all: [Substring] = []
        while all.count < count {
            _ = try wrk.run(load, port: port, seconds: 3, keepingTokensIn: kept)
            for thread in 0..<Wrk.threads {
                all += try String(contentsOf: kept.appendingPathExtension("\(thread)"), encoding: .utf8).split(
                    separator: "\n")
            }
        }
        return all
    }

    private func file(_ name: String, _ tokens: ArraySlice<Substring>) throws -> URL {
        let file = stack.home.appending(path: name)
        try Data(tokens.joined(separator: "\n").utf8).write(to: file)
        return file
    }

    /// Signs a user in by `POST /api/login` and returns a file with the token.
    private func signIn(_ name: String, _ instance: Instance) throws -> URL {
        let form = "email=\(name)@example.com&password=\(Instance.password.replacing(" ", with: "+"))"
        let answer = try ChildProcess.run("curl", ["-sf", "-d", form, "http://127.0.0.1:\(instance.port)/api/login"])
        guard let token = answer.firstMatch(of: #/"access_token":"([^"]+)"/#)?.1 else {
            throw StackError("nobody signs in: \(answer)")
        }
        return try file("\(instance.database)-\(name)", [token])
    }
}
