import CMariaDB

/// A moment in UTC, to the millisecond; the database keeps its seconds.
public struct Timestamp: Sendable, Comparable, Hashable {
    public let millisecondsSince1970: Int64

    /// A moment, by its distance from 1970.
    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// A moment, by its distance from 1970.
    public init(secondsSince1970: Int64) {
        millisecondsSince1970 = secondsSince1970 * 1000
    }

    /// The whole seconds since 1970, as a JWT has them.
    public var seconds: Int64 { millisecondsSince1970 / 1000 }

    /// The moment so many seconds later.
    public static func + (moment: Timestamp, seconds: Int) -> Timestamp {
        Timestamp(millisecondsSince1970: moment.millisecondsSince1970 + Int64(seconds) * 1000)
    }

    /// The moment so many seconds earlier.
    public static func - (moment: Timestamp, seconds: Int) -> Timestamp {
        moment + -seconds
    }

    /// Orders by time.
    public static func < (earlier: Timestamp, later: Timestamp) -> Bool {
        earlier.millisecondsSince1970 < later.millisecondsSince1970
    }
}

// MARK: - Text

extension Timestamp {
    /// The moment as MariaDB writes it: `2026-11-24 01:02:03`.
    public var sql: String { text(separator: " ", suffix: "") }

    /// The moment as Laravel writes it into JSON: `2026-11-24T01:02:03.000000Z`.
    public var iso8601: String { text(separator: "T", suffix: ".000000Z") }

    private func text(separator: String, suffix: String) -> String {
        let time = calendarTime
        func two(_ number: UInt32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(time.year)-\(two(time.month))-\(two(time.day))\(separator)\(two(time.hour)):\(two(time.minute)):\(two(time.second))\(suffix)"
    }
}
