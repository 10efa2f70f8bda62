public import MariaDB

/// The table `oauth_audit_events`, to which rows are added, and nothing else but purging is done.
public struct AuditEventRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Whether a user has signed in from an address before, as far back as the trail goes.
    func hasSignedIn(_ user: User.ID, from address: String) throws(DatabaseError) -> Bool {
        try database.row(
            "SELECT 1 FROM oauth_audit_events WHERE user_id = ? AND event = 'user.signed-in' AND address = ? LIMIT 1", user, address) != nil
    }

    /// Adds an event.
    public func store(_ event: AuditEvent) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO oauth_audit_events (occurred_at, event, user_id, client_id, token_id, address, request_id, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, event.occurredAt, event.kind.rawValue, event.userID, event.clientID, event.tokenID, event.address, event.requestID, event.detail)
    }
}
