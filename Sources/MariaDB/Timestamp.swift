import CMariaDB

/// A moment in UTC, to the millisecond.
///
/// The database stores only the seconds.
package struct Timestamp: Sendable, Comparable, Hashable {
    package let millisecondsSince1970: Int64

    /// Creates a moment from its distance from 1970, in milliseconds.
    package init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// Creates a moment from its distance from 1970, in seconds.
    package init(secondsSince1970: Int64) {
        millisecondsSince1970 = secondsSince1970 * 1000
    }

    /// The whole seconds since 1970, as in a JWT.
    package var seconds: Int64 { millisecondsSince1970 / 1000 }

    /// Returns the moment that is this many seconds later.
    package static func + (moment: Timestamp, seconds: Int) -> Timestamp {
        Timestamp(millisecondsSince1970: moment.millisecondsSince1970 + Int64(seconds) * 1000)
    }

    /// Returns the moment that is this many seconds earlier.
    package static func - (moment: Timestamp, seconds: Int) -> Timestamp {
        moment + -seconds
    }

    /// Orders moments by time.
    package static func < (earlier: Timestamp, later: Timestamp) -> Bool {
        earlier.millisecondsSince1970 < later.millisecondsSince1970
    }
}

// MARK: - Text

extension Timestamp {
    /// The moment as MariaDB writes it: `2026-11-24 01:02:03`.
    package var sql: String { text(separator: " ", suffix: "") }

    /// The year, month, day, hour and minute.
    package var parts: (year: Int, month: Int, day: Int, hour: Int, minute: Int) {
        let time = calendarTime
        return (Int(time.year), Int(time.month), Int(time.day), Int(time.hour), Int(time.minute))
    }

    /// The moment as Laravel writes it into JSON: `2026-11-24T01:02:03.000000Z`.
    package var iso8601: String { text(separator: "T", suffix: ".000000Z") }

    /// Writes the text byte by byte, because a list contains thousands of moments.
    private func text(separator: StaticString, suffix: StaticString) -> String {
        let time = calendarTime
        // MariaDB has no later year.
        let year = min(time.year, 9999)
        return unsafe String(unsafeUninitializedCapacity: 20 + suffix.utf8CodeUnitCount) { bytes in
            var count = 0
            func write(_ number: UInt32, _ mark: StaticString) {
                unsafe bytes[count] = UInt8(ascii: "0") + UInt8(number / 10)
                unsafe bytes[count + 1] = UInt8(ascii: "0") + UInt8(number % 10)
                count += 2
                for index in 0..<mark.utf8CodeUnitCount {
                    unsafe bytes[count] = unsafe mark.utf8Start[index]
                    count += 1
                }
            }
            write(year / 100, "")
            write(year % 100, "-")
            write(time.month, "-")
            write(time.day, separator)
            write(time.hour, ":")
            write(time.minute, ":")
            write(time.second, suffix)
            return count
        }
    }
}
