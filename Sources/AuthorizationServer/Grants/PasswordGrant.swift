import HTTP
import MariaDB
import OAuth
import Storage

/// `grant_type=password` (RFC 6749 §4.3).
///
/// Only clients that were created for this grant may use it, and only if it is switched on.
/// RFC 9700 §2.4 forbids this grant.
enum PasswordGrant {
    static let grant = Grant(
        .password, isOffered: \.allowsPasswordGrant,
        takes: ", where it is on, takes `username`, `password` and `scope`",
        [
            .init("username", isRequired: false, "The user's email address."),
            .init("password", isRequired: false, "The user's password."), .scope,
        ],
        example: .init(
            title: "password",
            body: [
                ("grant_type", .value("password")), ("username", .variable("EMAIL", like: "ada@example.com")),
                ("password", .variable("PASSWORD", like: "four unrelated small words")),
            ], client: "PASSWORD_"),
        exchange: exchange)

    /// Exchanges a user's email and password for tokens.
    static func exchange(_ call: Call, _ client: Client, _ parameters: Parameters) throws -> IssuedTokens {
        let email = try parameters.requiredOAuthText("username")
        let password = try parameters.requiredOAuthText("password")
        let scopes = try call.settings.scopes.resolve(parameters.scope())
        let issuer = TokenIssuer(call)
        do {
            guard let user = try SignIn.authenticate(call, email: email, password: password),
                let issued = try SignIn.begin(
                    user, call,
                    { _ in
                        try issuer.foundFamily(
                            id: TokenIssuer.newFamilyID(), user: user.id, client: client, scopes: scopes,
                            grant: .password)
                    },
                    undo: issuer.revoke)
            else { throw OAuthError.invalidGrant("The user credentials were incorrect.") }
            return issued
        } catch is SecondFactorRequired {
            throw OAuthError.invalidGrant(SecondFactorRequired.error.message)
        }
    }
}
