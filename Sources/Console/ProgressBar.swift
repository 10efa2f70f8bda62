import Foundation

/// The progress of a task, in one line on a terminal.
///
/// If the output is no terminal, nothing is shown.
struct ProgressBar {
    /// Whether somebody can see the bar: standard error is a terminal.
    static let isShown = isatty(STDERR_FILENO) == 1
    private static let width = 30

    private let name: String
    private let total: Int
    private var percent = -1

    init(_ name: String, of total: Int) {
        self.name = name
        self.total = total
    }

    /// Draws the bar if it has changed.
    mutating func show(_ done: Int) {
        guard Self.isShown, total > 0, case let now = min(done * 100 / total, 100), now != percent else { return }
        percent = now
        let filled = String(repeating: "█", count: now * Self.width / 100)
        let empty = String(repeating: "░", count: Self.width - filled.count)
        write("\r\(name) \(filled)\(empty) \(now) % of \(total)\u{1b}[K")
    }

    /// Removes the bar.
    func clear() {
        if Self.isShown, percent >= 0 { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
