package import MariaDB

/// The table `oauth_audit_events`.
///
/// Rows are only added and purged.
package struct AuditEventRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Adds an event.
    package func store(_ event: AuditEvent) throws(DatabaseError) {
        try database.execute(event.insertion)
    }
}

extension AuditEvent {
    /// The statement that adds the row.
    package var insertion: SQL {
        """
        INSERT INTO \(.auditEvents) (occurred_at, event, user_id, client_id, token_id, address, request_id, detail)
        VALUES (\(occurredAt), \(kind.rawValue), \(userID), \(clientID), \(tokenID), \(address), \(requestID),
            \(detail))
        """
    }
}
