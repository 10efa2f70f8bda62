import Foundation

/// A table of the requests during each fault and their failures, in a file of `.build`.
package final class Figures: Sendable {
    private let file: URL
    private let lock = NSLock()
    nonisolated(unsafe) private var lines = [
        "| fault | requests | failures | longest outage |", "| --- | --- | --- | --- |",
    ]

    /// Creates an empty table with the name of its file.
    package init(_ name: String) {
        file = URL(filePath: #filePath).appending(path: "../../../.build/\(name)").standardizedFileURL
    }

    /// Adds the row of one fault and writes the file.
    package func add(_ fault: String, _ account: Load.Account) {
        let failures = account.failures.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(
            separator: ", ")
        let outage = String(format: "%.2f", account.longestOutage)
        lock.withLock {
            lines.append("| \(fault) | \(account.requests) | \(failures.isEmpty ? "none" : failures) | \(outage) s |")
            try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        }
    }
}
