import Mustache

/// A moment in UTC, as people read it.
package struct Moment: Sendable {
    let iso: String
    let day: Int
    /// The key of the name of the month: `month.11`.
    let month: String
    let year: Int
    /// The time of day: `13:05`.
    let time: String

    /// Creates a moment from its ISO 8601 form and its parts.
    package init(iso: String, _ parts: (year: Int, month: Int, day: Int, hour: Int, minute: Int)) {
        self.iso = iso
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
    package func child(named name: String) -> Any? {
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
    package static let sample = Moment(iso: "2026-11-18T11:06:40Z", (2026, 11, 18, 11, 6))
}
