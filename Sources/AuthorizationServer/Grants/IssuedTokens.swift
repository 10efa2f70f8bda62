/// The tokens of one grant, with rows in the database.
struct IssuedTokens {
    let accessToken: AccessToken
    let refreshToken: IssuedRefreshToken?
}

/// A refresh token: the text that the client receives, and the id of the stored row.
struct IssuedRefreshToken {
    let id: RefreshToken.ID
    let text: String
}
