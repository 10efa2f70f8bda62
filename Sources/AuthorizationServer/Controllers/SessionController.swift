import HTTP

/// The browsers in which a user is signed in.
enum SessionController {
    /// `DELETE /account/sessions/{session_id}`: ends one.
    static func destroy(_ call: Call) throws -> Response {
        guard try SessionRepository(call.database).delete(Session.ID(call.path["session_id"] ?? ""), of: call.user()) else {
            throw HTTPError.notFound
        }
        return try done(call)
    }

    /// `DELETE /account/sessions`: ends all but the one that asks.
    static func destroyOthers(_ call: Call) throws -> Response {
        guard case .session(let current)? = call.caller?.credential else { throw HTTPError.forbidden }
        try SessionRepository(call.database).delete(of: current.user.id, but: current.id)
        return try done(call)
    }

    private static func done(_ call: Call) throws -> Response {
        try call.record(.sessionEnded, user: call.user().id)
        return Page.done(.session, call)
    }
}
