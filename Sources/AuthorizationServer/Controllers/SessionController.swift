import HTTP
import Storage

/// The sessions of a user: browsers, programs and first-party applications.
enum SessionController {
    /// `DELETE /account/sessions/{session_id}`: ends a session.
    static func destroy(_ call: Call) throws -> Response {
        guard
            try AccountSessionRepository(call.database).end(
                call.path["session_id"] ?? "", of: call.user(), now: call.now)
        else {
            throw HTTPError.notFound
        }
        return try done(call)
    }

    /// `DELETE /account/sessions`: ends all sessions except the session that sends the request.
    static func destroyOthers(_ call: Call) throws -> Response {
        guard let current = call.caller?.session else { throw HTTPError.forbidden }
        try call.transaction {
            try call.holdCredential()
            try AccountSessionRepository(call.database).endAll(of: current.user, but: current.id, now: call.now)
        }
        call.users.endLateSignIns(of: current.user.id, but: current.id, now: call.now)
        return try done(call)
    }

    private static func done(_ call: Call) throws -> Response {
        try call.record(.sessionEnded, user: call.user().id)
        return Page.done(.session, call)
    }
}
