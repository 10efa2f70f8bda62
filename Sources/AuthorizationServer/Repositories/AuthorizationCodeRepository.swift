import HTTP
import MariaDB

/// The table `oauth_auth_codes`, which is Passport's.
struct AuthorizationCodeRepository {
    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Adds a code.
    func store(_ code: AuthorizationCode) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO oauth_auth_codes (id, user_id, client_id, scopes, revoked, expires_at, redirect_uri, code_challenge, family_id)
            VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)
            """, code.id, code.userID, code.clientID, JSON(code.scopes).text(), code.expiresAt, code.redirectURI, code.codeChallenge?.text,
            code.familyID)
    }

    /// The code with this id, used or not; one that Passport made has no family and is not ours to redeem.
    func find(_ id: AuthorizationCode.ID) throws(DatabaseError) -> AuthorizationCode? {
        let row = try database.row(
            """
            SELECT id, user_id, client_id, scopes, revoked, expires_at, redirect_uri, code_challenge, family_id
            FROM oauth_auth_codes WHERE id = ? AND family_id IS NOT NULL
            """, id)
        guard let row else { return nil }
        return AuthorizationCode(
            id: id, userID: User.ID(try row.text("user_id")), clientID: Client.ID(try row.text("client_id")),
            scopes: [String](storedAs: try row.optionalText("scopes") ?? "[]"), isUsed: try row.flag("revoked"),
            expiresAt: try row.time("expires_at"),
            redirectURI: try row.optionalText("redirect_uri"),
            codeChallenge: try row.optionalText("code_challenge").map { CodeChallenge(stored: $0) },
            familyID: RefreshFamily.ID(try row.text("family_id")))
    }

    /// Uses a code up; of any number of attempts one is told `true`.
    func consume(_ id: AuthorizationCode.ID) throws(DatabaseError) -> Bool {
        try database.execute("UPDATE oauth_auth_codes SET revoked = 1 WHERE id = ? AND revoked = 0", id) == 1
    }
}
