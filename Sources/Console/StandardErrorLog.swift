import AuthorizationServer
import Foundation
import HTTP
import Logging
import MariaDB

/// Writes log lines to stderr, as text or as a JSON object a line.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let isJSON: Bool

    /// The logger that the settings ask for.
    static func logger(_ settings: Settings) -> Logger {
        Logger(label: "consulate") { _ in
            StandardErrorLog(logLevel: Logger.Level(rawValue: settings.logLevel) ?? .info, isJSON: settings.logsJSON)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The most letters of a value, so that a line is whole.
    private static let longestValue = 500
    /// One line at a time; the thread sanitizer sees through this lock, and not through `Mutex`.
    private static let lock = NSLock()
    /// How many lines were lost since the last that was not.
    nonisolated(unsafe) private static var lost = 0

    /// Writes a line; one that cannot be written at once is lost, and counted: whoever does not read the log must not stop the server.
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

    /// Values as JSON strings, so that none can begin a line of its own.
    private func text(_ event: LogEvent, _ values: [(name: String, value: String)]) -> String {
        let pairs = values.map { "\($0.name)=\(JSON.string($0.value).compact)" }
        return ([currentTime().iso8601, event.level.rawValue, event.message.description] + pairs).joined(separator: " ")
    }

    private static var takesMore: Bool {
        var log = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&log, 1, 0) == 1 && log.revents & Int16(POLLOUT) != 0
    }

    /// A pipe that takes more takes this much in one piece.
    private static func write(_ line: String) {
        let bytes = Array(line.utf8.prefix(Int(PIPE_BUF) - 1)) + [UInt8(ascii: "\n")]
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
