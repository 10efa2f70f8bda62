public import MariaDB

/// The table `oauth_sessions`.
public struct SessionRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Adds a session.
    func store(_ id: Session.ID, user: User, address: String, userAgent: String, now: Timestamp, expiresAt: Timestamp) throws(DatabaseError) {
        try database.execute(
            "INSERT INTO oauth_sessions (id, user_id, address, user_agent, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            id, user.id, address.truncated(to: 45), userAgent.truncated(to: 255), now, now, expiresAt)
    }

    /// The session with this id and its user, while it lives.
    func findActive(_ id: Session.ID, now: Timestamp) throws(DatabaseError) -> Session? {
        let row = try database.row(
            """
            SELECT s.created_at AS session_created_at, s.last_seen_at, s.expires_at, u.id, u.name, u.email, u.password, u.created_at, u.updated_at
            FROM oauth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ? AND s.expires_at > ?
            """, id, now)
        guard let row else { return nil }
        return Session(
            id: id, user: try User(row), createdAt: try row.time("session_created_at"), lastSeenAt: try row.time("last_seen_at"),
            expiresAt: try row.time("expires_at"))
    }

    /// Notes that the session was used.
    func touch(_ id: Session.ID, now: Timestamp, expiresAt: Timestamp) throws(DatabaseError) {
        try database.execute("UPDATE oauth_sessions SET last_seen_at = ?, expires_at = ? WHERE id = ?", now, expiresAt, id)
    }

    /// Ends a session.
    func delete(_ id: Session.ID) throws(DatabaseError) {
        try database.execute("DELETE FROM oauth_sessions WHERE id = ?", id)
    }

    /// Ends all sessions of a user, as a changed password does.
    public func delete(of user: User.ID) throws(DatabaseError) {
        try database.execute("DELETE FROM oauth_sessions WHERE user_id = ?", user)
    }
}
