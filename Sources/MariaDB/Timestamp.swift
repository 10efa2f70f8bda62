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
    /// Reads what MariaDB writes for DATETIME and TIMESTAMP: `2026-11-24 01:02:03`.
    public init?(sql text: String) {
        let numbers = text.split { " :-.".contains($0) }.compactMap { Int64($0) }
        guard numbers.count >= 6 else { return nil }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        // Days of the proleptic Gregorian calendar, with years that begin in March.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        self.init(secondsSince1970: days * 86400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
    }

    /// The moment as MariaDB reads it: `2026-11-24 01:02:03`.
    public var sql: String { text(separator: " ", suffix: "") }

    /// The moment as Laravel writes it into JSON: `2026-11-24T01:02:03.000000Z`.
    public var iso8601: String { text(separator: "T", suffix: ".000000Z") }

    private func text(separator: String, suffix: String) -> String {
        let days = Int64((Double(seconds) / 86400).rounded(.down))
        let second = seconds - days * 86400
        let era = (days + 719_468) / 146_097
        let dayOfEra = days + 719_468 - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(year)-\(two(month < 10 ? month + 3 : month - 9))-\(two(dayOfYear - (153 * month + 2) / 5 + 1))"
        return "\(date)\(separator)\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))\(suffix)"
    }
}
