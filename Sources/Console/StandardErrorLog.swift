import AuthorizationServer
import Foundation
import HTTP
import Logging
import MariaDB

/// A log that writes lines to stderr, as text or as one JSON object per line.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let isJSON: Bool

    /// Returns the logger for the settings.
    static func logger(_ settings: Settings) -> Logger {
        Logger(label: "consulate") { _ in
            StandardErrorLog(logLevel: Logger.Level(rawValue: settings.logLevel) ?? .info, isJSON: settings.logsJSON)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The maximum number of characters of a value, so that a line stays complete.
    private static let longestValue = 500
    /// The lock that lets only one thread write a line at a time.
    ///
    /// The thread sanitizer understands this lock, but not `Mutex`.
    private static let lock = NSLock()
    /// The number of lines that were lost since the last written line.
    nonisolated(unsafe) private static var lost = 0

    /// Writes a line, or counts it as lost if it cannot be written at once.
    ///
    /// A reader that does not read the log must not stop the server.
    func log(event: LogEvent) {
        var values = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: String("\($0.value)".unicodeScalars.prefix(Self.longestValue))) }
        Self.lock.withLock {
            guard Self.takesMore else {
                unsafe Self.lost += 1
                return
            }
            if unsafe Self.lost > 0 { values.append(("lines_lost", unsafe "\(Self.lost)")) }
            unsafe Self.lost = 0
            Self.write(isJSON ? document(event, values) : text(event, values))
        }
    }

    private func document(_ event: LogEvent, _ values: [(name: String, value: String)]) -> String {
        let members =
            [("time", currentTime().iso8601), ("level", event.level.rawValue), ("message", event.message.description)]
            + values
        return String(
            decoding: JSON.object(members.map { JSON.Member(name: $0.0, value: .string($0.1)) }).bytes, as: UTF8.self)
    }

    /// Returns a line with values as JSON strings, so that no value can begin a line of its own.
    private func text(_ event: LogEvent, _ values: [(name: String, value: String)]) -> String {
        let pairs = values.map { "\($0.name)=\(JSON.string($0.value).compact)" }
        return ([currentTime().iso8601, event.level.rawValue, event.message.description] + pairs).joined(separator: " ")
    }

    private static var takesMore: Bool {
        var log = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&log, 1, 0) == 1 && log.revents & Int16(POLLOUT) != 0
    }

    /// Writes no more than `PIPE_BUF` bytes, which a writable pipe accepts in one piece.
    private static func write(_ line: String) {
        let bytes = Array(line.utf8.prefix(Int(PIPE_BUF) - 1)) + [UInt8(ascii: "\n")]
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
