import HTTP
package import MariaDB
package import OAuth

/// The table `oauth_sessions`.
package struct SessionRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Adds a session of a user who has just signed in.
    package func store(
        _ id: Session.ID, number: String, user: User, methods: [AuthenticationMethod], from place: Place,
        signedInFor: PendingAuthorization.ID?, expiresAt: Timestamp, in change: Change
    ) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO \(.sessions) (id, number, user_id, address, user_agent, authenticated_at, methods,
                signed_in_for, created_at, last_seen_at, expires_at)
            VALUES (\(id), \(number), \(user.id), \(place.address), \(place.userAgent), \(change.now),
                \(JSON(methods.map(\.rawValue)).compact), \(signedInFor), \(change.now), \(change.now), \(expiresAt))
            """
        )
    }

    /// Returns the session with this id and its user, unless the session has expired.
    package func findActive(_ id: Session.ID, now: Timestamp) throws(DatabaseError) -> Session? {
        let row = try database.row(
            """
            SELECT s.id AS session_id, COALESCE(s.number, LEFT(s.id, 32)) AS number, s.address, s.user_agent,
                COALESCE(s.authenticated_at, s.created_at) AS authenticated_at, s.methods, s.signed_in_for,
                s.created_at AS session_created_at, s.last_seen_at, s.expires_at,
                u.id, u.name, u.email, u.password, u.created_at, u.updated_at
            FROM \(.sessions) s JOIN \(.users) u ON \(.users, "u.id", joins: "s.user_id") WHERE s.id = \(id)
                AND s.expires_at > \(now)
            """
        )
        return try row.map(Session.init)
    }

    /// Returns whether a session exists.
    ///
    /// Nobody can then end the session until the transaction ends.
    package func hold(_ id: Session.ID) throws(DatabaseError) -> Bool {
        try database.row("SELECT id FROM \(.sessions) WHERE id = \(id) LOCK IN SHARE MODE") != nil
    }

    /// Does the same as `hold`.
    ///
    /// In addition, prevents others from counting or adding the rows that belong to the session.
    package func lockAlone(_ id: Session.ID) throws(DatabaseError) -> Bool {
        try database.row("SELECT id FROM \(.sessions) WHERE id = \(id) FOR UPDATE") != nil
    }

    /// Records that the session was used.
    package func touch(_ id: Session.ID, now: Timestamp, expiresAt: Timestamp) throws(DatabaseError) {
        try database.execute(
            "UPDATE \(.sessions) SET last_seen_at = \(now), expires_at = \(expiresAt) WHERE id = \(id)")
    }

    /// Deletes the request for which the user signed in.
    ///
    /// This request is answered. The next request is another request, even with the same
    /// parameters.
    package func forgetRequest(_ session: Session) throws(DatabaseError) {
        guard let request = session.signedInFor else { return }
        try PendingAuthorizationRepository(database).delete(request)
        try database.execute("UPDATE \(.sessions) SET signed_in_for = NULL WHERE id = \(session.id)")
    }

    /// Ends a session.
    package func delete(_ id: Session.ID) throws(DatabaseError) {
        try database.execute("DELETE FROM \(.sessions) WHERE id = \(id)")
    }

    /// Ends a session, because its user signs out.
    package func end(_ id: Session.ID, in change: Change) throws(DatabaseError) { try delete(id) }

    /// Ends a session of a user and returns whether the session existed.
    package func delete(_ id: Session.ID, of user: User) throws(DatabaseError) -> Bool {
        // The column is ASCII, and MariaDB does not compare it with other characters.
        guard id.rawValue.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        return try database.execute("DELETE FROM \(.sessions) WHERE id = \(id) AND user_id = \(user.id)") == 1
    }

    /// Ends all sessions of a user, or all except one.
    ///
    /// A password change does this.
    package func delete(of user: User.ID, but id: Session.ID? = nil) throws(DatabaseError) {
        try database.execute("DELETE FROM \(.sessions) WHERE user_id = \(user) AND id <> \(id?.rawValue ?? "")")
    }
}

extension Session {
    package init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: ID(try row.text("session_id")), number: try row.text("number"), user: try User(row),
            address: try row.text("address"),
            userAgent: try row.text("user_agent"),
            authenticatedAt: try row.time("authenticated_at"),
            methods: [String](storedAs: try row.optionalText("methods") ?? #"["pwd"]"#).compactMap {
                AuthenticationMethod(rawValue: $0)
            },
            signedInFor: try row.optionalText("signed_in_for").map { PendingAuthorization.ID($0) },
            createdAt: try row.time("session_created_at"),
            lastSeenAt: try row.time("last_seen_at"), expiresAt: try row.time("expires_at"))
    }
}
