import HTTP
import HTTPTypes
import Pages
import Storage

/// The sign-out with a browser.
enum LogoutController {
    /// `GET /logout`: asks whether to sign out, or says that the user is signed out.
    ///
    /// The page asks because a link must not sign anybody out.
    static func show(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        guard let session = try call.session() else { return Page.render(SignedOutPage(), call) }
        return Page.render(SignOutPage(name: session.user.name, email: session.user.email), call, user: session.user)
    }

    /// `POST /logout`: ends the session on the server and in the browser.
    static func logout(_ call: Call) throws -> Response {
        if let session = try call.session() {
            try call.change(.signedOut, user: session.user.id) { change in
                try SessionRepository(call.database).end(session.id, in: change)
            }
        }
        var response = call.prefersPage ? Response.redirect(to: "/logout", status: .seeOther) : Response.noContent
        SessionCookie.clear(on: &response, call.settings)
        return response
    }
}
