/// Tokens whose rows are stored.
struct IssuedTokens {
    let accessToken: AccessToken
    let refreshToken: IssuedRefreshToken?
}

/// A refresh token as it is handed out, and what it is stored by.
struct IssuedRefreshToken {
    let id: RefreshToken.ID
    let text: String
}
