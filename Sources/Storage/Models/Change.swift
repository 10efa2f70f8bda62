package import MariaDB

/// A change of the database that an auditor asks about, together with the event that reports it.
///
/// A repository takes a `Change` for each such change. Only `report` makes a `Change` for other
/// modules. So a change without an event does not compile.
package final class Change {
    /// The time of the change.
    package let now: Timestamp
    /// The event, or `nil` if nothing was changed.
    ///
    /// The change may add what it has found out, such as the id of a new row.
    package var event: AuditEvent?

    init(_ event: AuditEvent) {
        now = event.occurredAt
        self.event = event
    }

    /// Runs a change and stores its event in the same transaction.
    ///
    /// Returns the result and the event to log. The event is not stored if the audit trail is off.
    package static func report<Result>(
        _ event: AuditEvent, on database: Connection, isStored: Bool, _ body: (Change) throws -> Result
    ) throws -> (result: Result, event: AuditEvent?) {
        try database.transaction {
            let change = Change(event)
            let result = try body(change)
            if isStored, let event = change.event { try AuditEventRepository(database).store(event) }
            return (result, change.event)
        }
    }
}
