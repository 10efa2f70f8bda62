import DevelopmentStack
import Foundation

/// A purge of many dead tokens while other clients issue and check tokens.
///
/// It shows how long a request waits for the purge.
struct PurgeUnderLoad {
    let stack: BenchmarkStack
    let comparisons: Comparisons

    /// Runs the purge and returns how long the slowest request and the purge took.
    ///
    /// The times of the slowest request, before and during the purge, are in milliseconds. The time
    /// of the purge is in minutes.
    func run(deadRows: Int, _ started: Started) throws -> (before: Double, during: Double, minutes: Double) {
        let instance = stack.instances[0]
        try Rows(mariaDB: stack.mariaDB, instance: instance).addDead(deadRows)
        // Only a few connections, so that requests wait for the purge and not for each other.
        let wrk = Wrk(folder: stack.home, connections: 4)
        let loads = [Comparisons.issue(instance), .bearer("/oauth/verify", try comparisons.tokens(instance).few)]
        func slowest() throws -> Double {
            try loads.map { try wrk.run($0, port: instance.port, seconds: 2).slowest }.max() ?? 0
        }
        let before = try slowest()
        let (start, log) = (Date.now, stack.home.appending(path: "purge.log"))
        let purge = started.add(
            try ChildProcess(
                BenchmarkStack.program.appending(path: "consulate").path(), ["purge"],
                environment: instance.environment, log: log))
        var during = 0.0
        while purge.isRunning { during = max(during, try slowest()) }
        guard try String(contentsOf: log, encoding: .utf8).contains("oauth_access_tokens: \(deadRows) deleted") else {
            throw StackError("The purge says: \(try String(contentsOf: log, encoding: .utf8))")
        }
        return (before, during, Date.now.timeIntervalSince(start) / 60)
    }
}
