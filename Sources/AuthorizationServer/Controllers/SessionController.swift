import HTTP
import Storage

/// The sessions of a user: browsers, programs and first-party applications.
enum SessionController {
    /// `DELETE /account/sessions/{session_id}`: ends a session.
    static func destroy(_ call: Call) throws -> Response {
        let user = try call.user()
        try call.change(.sessionEnded, user: user.id) { change in
            guard try AccountSessionRepository(call.database).end(call.path["session_id"] ?? "", of: user, in: change)
            else { throw HTTPError.notFound }
        }
        return Page.done(.session, call)
    }

    /// `DELETE /account/sessions`: ends all sessions except the session that sends the request.
    static func destroyOthers(_ call: Call) throws -> Response {
        let current = try call.callersSession()
        try call.change(.sessionEnded, user: current.user.id) { change in
            try call.holdCredential()
            try AccountSessionRepository(call.database).endAll(of: current.user, but: current.id, in: change)
        }
        call.users.endLateSignIns(of: current.user.id, but: current.id, now: call.now)
        return Page.done(.session, call)
    }
}
