import Foundation

/// What happened to the requests of every fault, in a file of `.build`.
public final class Figures: Sendable {
    private let file: URL
    private let lock = NSLock()
    nonisolated(unsafe) private var lines = [
        "| fault | requests | failures | longest outage |", "| --- | --- | --- | --- |",
    ]

    /// Names the file.
    public init(_ name: String) {
        file = URL(filePath: #filePath).appending(path: "../../../.build/\(name)").standardizedFileURL
    }

    /// Adds the line of a fault.
    public func add(_ fault: String, _ account: Load.Account) {
        let failures = account.failures.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(
            separator: ", ")
        let outage = String(format: "%.2f", account.longestOutage)
        lock.withLock {
            lines.append("| \(fault) | \(account.requests) | \(failures.isEmpty ? "none" : failures) | \(outage) s |")
            try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        }
    }
}
