/// The tokens of one grant, with rows in the database.
package struct IssuedTokens {
    package let accessToken: AccessToken
    package let refreshToken: IssuedRefreshToken?

    /// Creates the row from its values.
    package init(
        accessToken: AccessToken, refreshToken: IssuedRefreshToken?
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
    }
}

/// A refresh token: the text that the client receives, and the id of the stored row.
package struct IssuedRefreshToken {
    package let id: RefreshToken.ID
    package let text: String

    /// Creates the row from its values.
    package init(
        id: RefreshToken.ID, text: String
    ) {
        self.id = id
        self.text = text
    }
}
