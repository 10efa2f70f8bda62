package import MariaDB

/// A change of the database that an auditor asks about, together with the event that reports it.
///
/// A repository takes a `Change` for each such change. Only the two static methods make a `Change`
/// for other modules. So a change without an event does not compile.
package final class Change {
    /// The time of the change.
    package let now: Timestamp
    /// The event, or `nil` if nothing was changed.
    ///
    /// The change may add what it has found out, such as the id of a new row.
    package var event: AuditEvent?
    /// Whether the audit trail keeps the event.
    private let isStored: Bool
    /// Whether the statements of the change have stored the event.
    private var isInserted = false

    init(_ event: AuditEvent, isStored: Bool) {
        now = event.occurredAt
        self.event = event
        self.isStored = isStored
    }

    /// Returns the statement that stores the event, for statements that run in one round trip.
    ///
    /// Returns `nil` if the audit trail does not keep the event.
    func insertion() -> SQL? {
        isInserted = true
        return isStored ? event?.insertion : nil
    }

    /// Runs a change and stores its event in the same transaction.
    ///
    /// Returns the result and the event to log. The event is not stored if the audit trail is off.
    package static func report<Result>(
        _ event: AuditEvent, on database: Connection, isStored: Bool, _ body: (Change) throws -> Result
    ) throws -> (result: Result, event: AuditEvent?) {
        try database.transaction {
            let change = Change(event, isStored: isStored)
            let result = try body(change)
            if !change.isInserted, let insertion = change.insertion() { try database.execute(insertion) }
            return (result, change.event)
        }
    }

    /// Runs a change whose own statements store the event, in one round trip.
    ///
    /// Throws an error if they did not.
    package static func reportInOneStatement<Result>(
        _ event: AuditEvent, isStored: Bool, _ body: (Change) throws -> Result
    ) throws -> (result: Result, event: AuditEvent?) {
        let change = Change(event, isStored: isStored)
        let result = try body(change)
        guard change.isInserted else { throw UnreportedChange() }
        return (result, change.event)
    }
}

/// The error for a change whose statements left out its event, which is a defect.
struct UnreportedChange: Error {}
