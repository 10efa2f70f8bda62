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

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let time = currentTime().iso8601
        var document = JSON.object(
            [("time", time), ("level", event.level.rawValue), ("message", event.message.description)].map {
                JSON.Member(name: $0.0, value: .string($0.1))
            })
        for (name, value) in values { document.append(name, .string("\(value)")) }
        guard isJSON else {
            // As JSON strings, so that no value can begin a line of its own.
            let pairs = values.map { "\($0.key)=\(String(decoding: JSON.string("\($0.value)").bytes, as: UTF8.self))" }
            write(([time, event.level.rawValue, event.message.description] + pairs).joined(separator: " "))
            return
        }
        write(String(decoding: document.bytes, as: UTF8.self))
    }

    /// A line that cannot be written at once is lost: whoever does not read the log must not stop the server.
    private func write(_ line: String) {
        var log = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&log, 1, 0) == 1, log.revents & Int16(POLLOUT) != 0 else { return }
        // A pipe takes this much in one piece, or says that it is full.
        let bytes = Array(line.utf8.prefix(Int(PIPE_BUF) - 1)) + [UInt8(ascii: "\n")]
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
