import HTTP
import HTTPTypes
import OAuth

/// The published keys.
enum KeySetController {
    /// `GET /.well-known/jwks.json`: returns every key that verifies tokens, except Passport's
    /// (RFC 7517 §5).
    static func show(_ call: Call) throws -> Response { document(.ofServer, call) }

    /// `GET /.well-known/passport-jwks.json`: returns the keys of Passport's access tokens.
    ///
    /// They are apart from the other keys. Otherwise a client could accept an access token of
    /// Passport as a token of another kind, because the type of both is `JWT`.
    static func showPassports(_ call: Call) throws -> Response { document(.ofPassport, call) }

    private static func document(_ document: KeyPurpose.Document, _ call: Call) -> Response {
        .json(call.application.keys.published(in: document), fields: [.cacheControl: "public, max-age=300"])
    }
}
