import HTTP
package import MariaDB
package import OAuth

/// The table `oauth_pending_authorizations`.
package struct PendingAuthorizationRepository {
    let database: Connection

    package init(_ database: Connection) {
        self.database = database
    }

    /// Stores a request.
    ///
    /// Also writes the column `max_age`, which responders of the earlier version read and write
    /// during an upgrade.
    ///
    /// A session has at most twenty requests. The oldest requests are deleted to make room.
    package func store(
        _ id: PendingAuthorization.ID, _ request: AuthorizationRequest, session: Session.ID, expiresAt: Timestamp
    ) throws(DatabaseError) {
        try database.execute(
            """
            DELETE p FROM \(.pendingAuthorizations) p JOIN (
                SELECT id FROM \(.pendingAuthorizations) WHERE session_id = \(session)
                    ORDER BY expires_at DESC LIMIT 1000 OFFSET 19
            ) oldest ON oldest.id = p.id
            """
        )
        try database.execute(
            """
            INSERT INTO \(.pendingAuthorizations)
                (id, session_id, client_id, response_type, redirect_uri, redirect_uri_was_given, scopes, state,
                    code_challenge, authorization, max_age, expires_at)
            VALUES (\(id), \(session), \(request.clientID), \(request.responseType.rawValue),
                \(request.target.redirectURI.text), \(request.target.wasGiven), \(JSON(request.scopes).compact),
                \(request.target.state), \(request.codeChallenge?.text), \(request.authorization?.stored),
                \(request.authorization?.maxAge), \(expiresAt))
            """
        )
    }

    /// Returns a request of this session.
    package func find(_ id: PendingAuthorization.ID, session: Session.ID, now: Timestamp) throws(DatabaseError)
        -> PendingAuthorization?
    {
        let row = try database.row(
            """
            SELECT client_id, response_type, redirect_uri, redirect_uri_was_given, scopes, state, code_challenge,
                COALESCE(authorization, IF(max_age IS NULL, NULL, JSON_OBJECT('max_age', max_age))) AS authorization,
                decision, decided_at
            FROM \(.pendingAuthorizations) WHERE id = \(id) AND session_id = \(session) AND expires_at > \(now)
            """
        )
        guard let row, let responseType = AuthorizationRequest.ResponseType(rawValue: try row.text("response_type"))
        else { return nil }
        let target = AuthorizationTarget(
            redirectURI: RedirectURI(registered: try row.text("redirect_uri")),
            wasGiven: try row.flag("redirect_uri_was_given"),
            state: try row.optionalText("state"), mode: responseType.mode)
        let request = AuthorizationRequest(
            clientID: try row.text("client_id"), target: target, responseType: responseType,
            scopes: [String](storedAs: try row.text("scopes")),
            codeChallenge: try row.optionalText("code_challenge").map { CodeChallenge(stored: $0) },
            authorization: try row.optionalText("authorization").flatMap { Authorization(stored: $0) })
        return PendingAuthorization(
            id: id, request: request,
            decision: try row.optionalText("decision").flatMap { PendingAuthorization.Decision(rawValue: $0) },
            decidedAt: try row.optionalTime("decided_at"))
    }

    /// Deletes a request.
    package func delete(_ id: PendingAuthorization.ID) throws(DatabaseError) {
        try database.execute("DELETE FROM \(.pendingAuthorizations) WHERE id = \(id)")
    }

    /// Stores the decision on a consent page of this session.
    ///
    /// Returns `true` to only one of any number of attempts.
    package func decide(
        _ id: PendingAuthorization.ID, _ decision: PendingAuthorization.Decision, session: Session.ID, now: Timestamp
    ) throws(DatabaseError) -> Bool {
        try database.execute(
            """
            UPDATE \(.pendingAuthorizations) SET decision = \(decision), decided_at = \(now)
            WHERE id = \(id) AND session_id = \(session) AND decision IS NULL AND expires_at > \(now)
            """
        ) == 1
    }
}
