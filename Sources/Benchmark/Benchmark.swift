import ArgumentParser
import DevelopmentStack
import Foundation
import HTTP

@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Measure Consulate against the limit: the same nginx, MariaDB and requests, and a responder in C that does the least that could answer.",
        discussion:
            "Only ratios count, each of two runs that follow each other. Everything runs on this machine, in a temporary folder, and is removed."
    )

    @Option(help: "How often each pair is measured.") var rounds = 5
    @Option(help: "How long each run takes, in seconds.") var seconds = 3
    @Option(help: "Connections of wrk.") var connections = 64
    @Option(help: "Also compare tables with so many access tokens with empty ones.") var rows = 0
    @Option(help: "Purge so many dead tokens under load instead.") var deadRows = 0
    @Option(help: "Compare with other authorization servers instead, which `.ci/install` has put into this folder.")
    var peers: String?
    @Flag(help: "Measure only what the most expensive request of each route costs.") var costs = false
    @Option(help: "Only comparisons whose name contains this.") var only = ""
    @Option(help: "Where the figures go as JSON.") var output = ".build/bench.json"

    func validate() throws {
        guard rounds > 0, seconds > 0, connections >= Wrk.threads, rows >= 0 else {
            throw ValidationError("There are rounds, seconds and connections to measure with, and no less than 0 rows.")
        }
    }

    func run() throws {
        let started = Started()
        started.endOnSignals()
        defer { started.end() }
        // At least as many codes or tokens as one side can use up in all rounds.
        let spare = max(rounds * seconds * 8000, 100_000)
        let stack = try BenchmarkStack(
            databases: rows > 0 ? ["empty", "full"] : ["empty"], memory: rows > 0 ? 4 : 1,
            floors: { Comparisons.floors($0, spare: spare) },
            peers: peers.map { URL(filePath: $0).absoluteURL }, started)
        let wrk = Wrk(folder: stack.home, connections: connections)
        let comparisons = Comparisons(stack: stack, wrk: wrk, spare: spare)
        var report = Report(connections: connections)
        if costs {
            report.notes += try RequestCosts(stack: stack, started: started, only: only).run()
        } else if deadRows > 0 {
            try purge(PurgeUnderLoad(stack: stack, comparisons: comparisons), started, &report)
        } else if rows > 0 {
            try fill(stack, &report)
            try measure(try comparisons.full(), stack, wrk, &report)
        } else if peers != nil {
            try measure(try comparisons.peers(), stack, wrk, &report)
        } else {
            try measure(try comparisons.all(), stack, wrk, &report)
            if only.isEmpty { report.notes += try RequestCosts(stack: stack, started: started, only: "").run() }
        }
        report.memory.megabytes = Kernel.residentMegabytes(of: stack.instances[stack.instances.count - 1].process)
        print(report.text)
        try Data(report.json.bytes).write(to: URL(filePath: output))
    }

    private func purge(_ purge: PurgeUnderLoad, _ started: Started, _ report: inout Report) throws {
        let (before, during, minutes) = try purge.run(deadRows: deadRows, started)
        report.notes += [
            ("slowest_before_ms", before, "Before the purge the slowest request took \(Int(before)) ms."),
            ("slowest_during_ms", during, "During it the slowest took \(Int(during)) ms; 250 at most is the target."),
            ("purge_minutes", minutes, "Purging \(deadRows) tokens took \(String(format: "%.1f", minutes)) minutes."),
        ]
    }

    private func fill(_ stack: BenchmarkStack, _ report: inout Report) throws {
        let rows = Rows(mariaDB: stack.mariaDB, instance: stack.instances[1])
        let start = Date.now
        try rows.fill(self.rows)
        let minutes = Date.now.timeIntervalSince(start) / 60
        report.notes.append(
            (
                "seeding_minutes", minutes,
                "Seeding \(self.rows) access tokens took \(String(format: "%.1f", minutes)) minutes."
            ))
        let bytes = try rows.bytesPerToken()
        report.notes.append(
            (
                "bytes_per_token", Double(bytes.row + bytes.indexes),
                "An access token takes \(bytes.row) bytes, and \(bytes.indexes) in indexes."
            ))
    }

    private func measure(_ comparisons: [Comparison], _ stack: BenchmarkStack, _ wrk: Wrk, _ report: inout Report)
        throws
    {
        // A load that uses up codes or tokens continues where the last comparison stopped.
        var numbers: [String: Int] = [:]
        for comparison in comparisons where only.isEmpty || comparison.name.contains(only) {
            report.own.append(try wrk.run(.get("/"), port: stack.ownPort, seconds: 1).rate)
            var (ours, limit) = (Series(), Series())
            for round in 0..<rounds {
                for isOurs in round.isMultiple(of: 2) ? [true, false] : [false, true] {
                    let side = isOurs ? comparison.ours : comparison.limit
                    let key = "\(comparison.name) \(side.port)"
                    let (sample, processor) = try run(side, number: numbers[key, default: 0], stack, wrk)
                    // Skips some numbers, because the threads of wrk are not equally fast, and
                    // because wrk does not count the last requests of a run.
                    numbers[key, default: 0] += Int(sample.requests * 1.1) + 4 * connections
                    if isOurs { ours.add(sample, processor) } else { limit.add(sample, processor) }
                }
            }
            report.memory.requests += ours.requests
            let outcome = Outcome(comparison: comparison, ours: ours, limit: limit)
            report.outcomes.append(outcome)
            FileHandle.standardError.write(
                Data(
                    "\(comparison.name) / \(comparison.limit.name): \(String(format: "%.2f", outcome.ratio.median))\n"
                        .utf8))
        }
    }

    private func run(_ side: Side, number: Int, _ stack: BenchmarkStack, _ wrk: Wrk) throws -> (
        Sample, processor: [String: Double]
    ) {
        let processes = [
            "responder": side.processes, "mariadbd": [stack.mariaDB.id ?? 0], "nginx": stack.nginx.workers,
        ]
        let before = processes.mapValues(Kernel.processorSeconds)
        let sample = try wrk.run(side.load, port: side.port, seconds: seconds, number: number)
        let after = processes.mapValues(Kernel.processorSeconds)
        return (sample, after.merging(before) { $0 - $1 })
    }
}
