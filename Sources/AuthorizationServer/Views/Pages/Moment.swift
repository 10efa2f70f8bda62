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
        let text = moment.sql
        let numbers = text.split { " -:".contains($0) }.compactMap { Int($0) }
        iso = text.replacing(" ", with: "T") + "Z"
        year = numbers[0]
        month = "month.\(numbers[1])"
        day = numbers[2]
        time = String(text.dropFirst(11).prefix(5))
    }
}

extension Moment {
    static let sample = Moment(Timestamp(secondsSince1970: 1_795_000_000))
}
