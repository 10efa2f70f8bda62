import HTTP
import OAuth

/// The scopes that clients can ask for.
enum ScopeController {
    /// `GET /oauth/scopes`: lists the scopes as they are configured.
    static func all(_ call: Call) throws -> Response {
        .json(.array(call.settings.scopes.all.map(\.json)))
    }
}

extension Scope {
    /// The scope as an entry of the list.
    var json: JSON { ["id": .string(id), "description": .string(description)] }
}
