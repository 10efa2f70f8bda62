import ArgumentParser
import DevelopmentStack
import Foundation

@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure Consulate against the limit: the same nginx, MariaDB and requests, and a responder in C that does the least that could answer.",
        discussion: "Only ratios count: each is of two runs that follow each other at once.")

    @Option(help: "How often each pair is measured.") var rounds = 5
    @Option(help: "How long each run takes, in seconds.") var seconds = 3
    @Option(help: "Connections of wrk.") var connections = 64
    @Option(help: "Only comparisons whose name contains this.") var only = ""

    func run() throws {
        let stack = try BenchmarkStack(databases: ["empty"])
        defer { stack.stop() }
        let wrk = Wrk(folder: stack.home, connections: connections)
        for comparison in try comparisons(stack, wrk) where only.isEmpty || comparison.name.contains(only) {
            let outcome = try measure(comparison, stack, wrk)
            let ratio = outcome.ratio
            func two(_ n: Double) -> String { String(format: "%.2f", n) }
            print(comparison.name, two(ratio.minimum), two(ratio.median), two(ratio.maximum), "rate", Int(Spread(outcome.ours.rates).median), Int(Spread(outcome.limit.rates).median), "p50", two(outcome.ours.p50), "p99", two(outcome.ours.p99), "floor", two(outcome.limit.p50), two(outcome.limit.p99), outcome.ours.processorPerRequest.mapValues { Int($0) }, outcome.limit.processorPerRequest.mapValues { Int($0) })
        }
        print("resident", ProcessorTime.residentMegabytes(of: stack.instances[0].process.id))
    }

    func comparisons(_ stack: BenchmarkStack, _ wrk: Wrk) throws -> [Comparison] {
        let instance = stack.instances[0]
        let rows = Rows(mariaDB: stack.mariaDB, instance: instance)
        try rows.addCodes(rounds * seconds * 6000)
        try rows.addRefreshTokens(rounds * seconds * 6000)
        let tokens = stack.home.appending(path: "tokens")
        let credentials = Load.token("grant_type=client_credentials&scope=place-orders", by: instance.machine)
        _ = try wrk.run(credentials, port: instance.port, seconds: 10, keepingAnswersIn: tokens)
        let all = try (0..<Wrk.threads).map { try String(contentsOf: stack.home.appending(path: "tokens\($0)"), encoding: .utf8) }.joined().split(separator: "\n")
        let few = stack.home.appending(path: "few"), many = stack.home.appending(path: "many")
        try Data(all.prefix(32).joined(separator: "\n").utf8).write(to: few)
        try Data(all.joined(separator: "\n").utf8).write(to: many)
        print("tokens", all.count)
        func make(_ name: String, _ load: Load, _ floor: Floor, _ target: Double?) throws -> Comparison {
            Comparison(name: name, load: load, port: instance.port, process: instance.process.id, limit: (floor.rawValue, stack.floors[floor]!.port, stack.floors[floor]!.process.id), target: target)
        }
        return [
            try make("cheapest", .get("/.well-known/jwks.json"), .nothing, 0.9),
            try make("verify seen", .bearer("/oauth/verify", few), .select, 0.8),
            try make("verify new", .bearer("/oauth/verify", many), .select, 0.7),
            try make("client_credentials", credentials, .insert, 0.8),
            try make("code", .token("grant_type=authorization_code&code=code-@&redirect_uri=https://shop.example/callback&code_verifier=\(Rows.verifier)", by: instance.web, isUsedUp: true), .transaction, 0.7),
            try make("refresh", .token("grant_type=refresh_token&refresh_token=refresh-@", by: instance.web, isUsedUp: true), .transaction, 0.7),
            Comparison(name: "auth_request", load: .bearer("/protected", few), port: stack.protectedPort, process: instance.process.id, limit: ("select", stack.floorProtectedPort, stack.floors[.select]!.process.id), target: nil),
        ]
    }

    func measure(_ comparison: Comparison, _ stack: BenchmarkStack, _ wrk: Wrk) throws -> Outcome {
        var (ours, limit) = (Series(), Series())
        var number = 0
        for round in 0..<rounds {
            let sides = round % 2 == 0 ? [true, false] : [false, true]
            for isOurs in sides {
                let processes = ["responder": [isOurs ? comparison.process : comparison.limit.process], "mariadbd": [stack.mariaDB.id ?? 0], "nginx": stack.nginx.workers]
                let before = processes.mapValues(ProcessorTime.seconds)
                let sample = try wrk.run(comparison.load, port: isOurs ? comparison.port : comparison.limit.port, seconds: seconds, number: isOurs ? number : 0)
                let used = processes.mapValues(ProcessorTime.seconds).merging(before) { $0 - $1 }
                if isOurs {
                    number += Int(sample.requests) + 1000
                    ours.samples.append(sample)
                    ours.processor.merge(used, uniquingKeysWith: +)
                } else {
                    limit.samples.append(sample)
                    limit.processor.merge(used, uniquingKeysWith: +)
                }
            }
        }
        return Outcome(comparison: comparison, ours: ours, limit: limit)
    }
}
