import HTTP
import HTTPTypes
import OAuth

/// The published keys.
enum KeySetController {
    /// `GET /.well-known/jwks.json`: returns every key that verifies tokens (RFC 7517 §5).
    static func show(_ call: Call) throws -> Response {
        .json(call.application.keys.document, fields: [.cacheControl: "public, max-age=300"])
    }
}
