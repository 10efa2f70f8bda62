public import MariaDB

/// The table `oauth_audit_events`.
///
/// Rows are only added and purged.
public struct AuditEventRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Adds an event.
    public func store(_ event: AuditEvent) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO oauth_audit_events (occurred_at, event, user_id, client_id, token_id, address, request_id,
                detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, event.occurredAt, event.kind.rawValue, event.userID, event.clientID, event.tokenID, event.address,
            event.requestID, event.detail)
    }
}
