import DevelopmentStack
import Foundation

/// What is compared: every hot path with its limit, and with its own statements in C.
struct Comparisons {
    let stack: BenchmarkStack
    let wrk: Wrk
    /// How many requests that use something up there may be on each side.
    let spare: Int

    /// The responders in C that these need.
    static func floors(_ instance: Instance, spare: Int) -> [Floor] {
        [
            .nothing, .select, .insert, .transaction, .check(instance, rows: spare), .issue(instance), .exchange(instance), .refresh(instance),
        ]
    }

    /// The targets' comparisons; makes the rows and tokens that they need.
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
            name: name, ours: Side(name: "Consulate", load: load, port: instance.port, process: instance.process),
            limit: Side(name: floor.name, load: load, port: responder.port, process: responder.process), target: target)
    }

    /// A file behind `auth_request`.
    private func protected(_ tokens: URL) -> Comparison {
        let load = Load.bearer("/protected", tokens)
        let floor = stack.floors[Floor.select.name] ?? (0, 0)
        return Comparison(
            name: "auth_request", ours: Side(name: "Consulate", load: load, port: stack.protectedPort, process: stack.instances[0].process),
            limit: Side(name: Floor.select.name, load: load, port: stack.floorProtectedPort, process: floor.process))
    }

    // MARK: Tables that are full

    /// The same on ten million tokens and on none; makes what they need in both databases.
    func full() throws -> [Comparison] {
        let loads = try stack.instances.map { try fullLoads($0) }
        return zip(loads[0], loads[1]).map { empty, full in
            Comparison(
                name: full.name, ours: side(stack.instances[1], full.load), limit: side(stack.instances[0], empty.load), target: 0.9)
        }
    }

    private func side(_ instance: Instance, _ load: Load) -> Side {
        Side(name: instance.database, load: load, port: instance.port, process: instance.process)
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
            ("revoking", .delete("/oauth/tokens/revocable", try signIn("alan", instance))), ("refreshing", Self.refresh(instance)),
        ]
    }

    // MARK: What is asked

    static func issue(_ instance: Instance) -> Load {
        .token("grant_type=client_credentials&scope=place-orders", by: instance.machine)
    }

    private static func exchange(_ instance: Instance) -> Load {
        .token(
            "grant_type=authorization_code&code=code-@&redirect_uri=https://shop.example/callback&code_verifier=\(Rows.verifier)", by: instance.web)
    }

    private static func refresh(_ instance: Instance) -> Load {
        .token("grant_type=refresh_token&refresh_token=refresh-@", by: instance.web)
    }

    /// Files of 32 tokens, which every worker soon knows, and of more than all workers together remember.
    func tokens(_ instance: Instance) throws -> (few: URL, many: URL) {
        let (few, many) = (stack.home.appending(path: "\(instance.database)-few"), stack.home.appending(path: "\(instance.database)-many"))
        var all: [Substring] = []
        while all.count < 20_000 {
            let kept = stack.home.appending(path: "kept")
            _ = try wrk.run(Self.issue(instance), port: instance.port, seconds: 3, keepingTokensIn: kept)
            for thread in 0..<Wrk.threads {
                all += try String(contentsOf: kept.appendingPathExtension("\(thread)"), encoding: .utf8).split(separator: "\n")
            }
        }
        try Data(all.prefix(32).joined(separator: "\n").utf8).write(to: few)
        try Data(all.joined(separator: "\n").utf8).write(to: many)
        return (few, many)
    }

    /// A file with one token of `POST /api/login`.
    private func signIn(_ name: String, _ instance: Instance) throws -> URL {
        let form = "email=\(name)@example.com&password=\(Instance.password.replacing(" ", with: "+"))"
        let answer = try ChildProcess.run("curl", ["-sf", "-d", form, "http://127.0.0.1:\(instance.port)/api/login"])
        guard let token = answer.firstMatch(of: #/"access_token":"([^"]+)"/#)?.1 else { throw StackError("nobody signs in: \(answer)") }
        let file = stack.home.appending(path: "\(instance.database)-\(name)")
        try Data(token.utf8).write(to: file)
        return file
    }
}
