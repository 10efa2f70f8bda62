import HTTP

/// What can be asked for.
enum ScopeController {
    /// `GET /oauth/scopes`: lists the scopes, as configured.
    static func all(_ call: Call) throws -> Response {
        .json(.array(call.settings.scopes.all.map(\.json)))
    }
}

extension Scope {
    /// The scope as it is listed.
    var json: JSON { ["id": .string(id), "description": .string(description)] }
}
