import MariaDB

/// A moment as people read it, in UTC.
struct Moment: Sendable {
    let iso: String
    let day: Int
    /// The key of its name: `month.11`.
    let month: String
    let year: Int
    /// `13:05`.
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

extension Moment {
    static let sample = Moment(Timestamp(secondsSince1970: 1_795_000_000))
}
