import CMariaDB

extension Timestamp {
    /// Converts MariaDB's value of a DATETIME or a TIMESTAMP.
    ///
    /// Returns `nil` for `0000-00-00`, which old tables contain in place of NULL.
    init?(_ time: MYSQL_TIME) {
        guard time.month > 0, time.day > 0 else { return nil }
        let (year, month, day) = (Int64(time.year), Int64(time.month), Int64(time.day))
        // Counts days of the proleptic Gregorian calendar, with years that begin in March.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        self.init(
            secondsSince1970: days * 86400 + Int64(time.hour) * 3600 + Int64(time.minute) * 60 + Int64(time.second))
    }

    /// The moment in the form that MariaDB accepts, to the second.
    var calendarTime: MYSQL_TIME {
        let days = Int64((Double(seconds) / 86400).rounded(.down))
        let second = seconds - days * 86400
        let era = Int64((Double(days + 719_468) / 146_097).rounded(.down))
        let dayOfEra = days + 719_468 - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        var time = MYSQL_TIME()
        time.year = UInt32(max(0, yearOfEra + era * 400 + (month >= 10 ? 1 : 0)))
        time.month = UInt32(month < 10 ? month + 3 : month - 9)
        time.day = UInt32(dayOfYear - (153 * month + 2) / 5 + 1)
        time.hour = UInt32(second / 3600)
        time.minute = UInt32(second / 60 % 60)
        time.second = UInt32(second % 60)
        time.time_type = MYSQL_TIMESTAMP_DATETIME
        return time
    }
}
