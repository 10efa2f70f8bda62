package import MariaDB

/// Parts of statements that several statements share.
///
/// `c` is the alias of the clients, `t` of the access tokens, `f` of the families, `r` of the
/// refresh tokens.
extension SQL {
    /// The condition that the users of a client are our users.
    ///
    /// The users of another provider are in another table, where they have the same numbers as ids.
    package static let isOfUsers: SQL = "COALESCE(c.provider, 'users') = 'users'"

    /// The condition that a client is an application of a third party.
    package static let isThirdParty: SQL = "c.internal IS NULL AND COALESCE(c.first_party, 0) = 0 AND \(isOfUsers)"

    /// The condition that a family is a sign-in, which the account lists as a session.
    package static let isSignIn: SQL = "(c.internal = 'sign-in' OR c.first_party = 1) AND \(isOfUsers)"

    /// The condition that a token without a family is a sign-in at Passport.
    package static let isSignInOfPassport: SQL =
        "c.personal_access_client = 0 AND (c.first_party = 1 OR c.password_client = 1) AND \(isOfUsers)"

    /// The condition that a token is a personal token.
    ///
    /// A token of Consulate names its grant. A token of Passport does not, so the client of the
    /// token decides.
    package static let isPersonal: SQL =
        """
        (t.grant_type = 'personal_access' OR t.grant_type IS NULL) AND c.revoked = 0
            AND c.personal_access_client = 1 AND \(isOfUsers)
        """

    /// Returns the condition that a live refresh token of Passport belongs to an access token.
    package static func isRefreshable(_ now: Timestamp) -> SQL {
        """
        EXISTS (SELECT 1 FROM \(.refreshTokens) r WHERE \(.refreshTokens, "r.access_token_id", joins: "t.id")
            AND r.revoked = 0 AND r.expires_at > \(now))
        """
    }
}
