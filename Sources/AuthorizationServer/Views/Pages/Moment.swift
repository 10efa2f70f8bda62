import MariaDB
import Mustache

/// A moment in UTC, as people read it.
struct Moment: Sendable {
    let iso: String
    let day: Int
    /// The key of the name of the month: `month.11`.
    let month: String
    let year: Int
    /// The time of day: `13:05`.
    let time: String

    init(_ moment: Timestamp) {
        let parts = moment.parts
        iso = String(moment.iso8601.prefix { $0 != "." }) + "Z"
        year = parts.year
        month = "month.\(parts.month)"
        day = parts.day
        time = "\(parts.hour < 10 ? "0" : "")\(parts.hour):\(parts.minute < 10 ? "0" : "")\(parts.minute)"
    }
}

extension Moment: MustacheParent {
    /// Returns a part of the moment by name.
    ///
    /// Does not use reflection, because a long page has a hundred moments.
    func child(named name: String) -> Any? {
        switch name {
        case "iso": iso
        case "day": day
        case "month": month
        case "year": year
        case "time": time
        default: nil
        }
    }
}

extension Moment {
    static let sample = Moment(Timestamp(secondsSince1970: 1_795_000_000))
}
