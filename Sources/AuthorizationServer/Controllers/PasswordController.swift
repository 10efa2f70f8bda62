import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import Pages
import Storage

/// The change of a user's own password.
enum PasswordController {
    /// `GET /account/password`: shows the form.
    static func edit(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        return try page(call, [])
    }

    /// `PUT /account/password`: changes the password, and ends everything that signed in with the
    /// old password.
    static func update(_ call: Call) throws -> Response {
        let user = try call.user()
        do {
            let (verified, hash) = try newPassword(of: user, call)
            let cookie = try call.change(.passwordChanged, user: user.id) { change in
                try call.holdCredential()
                guard try call.users.change(verified, password: hash, in: change) else { throw wrong }
                return try SessionCookie.signIn(user, replacing: call.caller?.session, call, in: change)
            }
            call.users.endLateSignIns(of: user.id, but: cookie.sessionID, now: call.now)
            var response =
                call.prefersPage ? Response.redirect(to: "/account/password/changed", status: .seeOther) : .noContent
            cookie.set(on: &response, call.application)
            if let changed = try call.users.find(user.id) {
                KnownBrowser(call).add(changed, to: &response, call.application)
            }
            return response
        } catch let error as HTTPError where error.status == .unprocessableContent && call.prefersPage {
            return try page(call, error.errors)
        }
    }

    /// `GET /account/password/changed`: says which access remains, and offers to revoke the
    /// personal access tokens.
    static func changed(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        let (user, portion) = (try call.user(), try Portion(of: Portion.ofPage, call))
        let (applications, moreApplications) = portion.cut(
            try AuthorizedApplicationRepository(call.database).activeForUser(
                user, limit: portion.limit, offset: portion.offset, now: call.now))
        let (tokens, moreTokens) = portion.cut(
            try AccessTokenRepository(call.database).personalForUser(
                user, limit: portion.limit, offset: portion.offset, now: call.now))
        return Page.render(
            PasswordChangedPage(
                applications: applications.map { .init(name: $0.name) },
                tokens: tokens.map { .init(name: $0.name ?? "") },
                hasTokens: !tokens.isEmpty, hasAccess: !applications.isEmpty || !tokens.isEmpty,
                hasMore: moreApplications != nil || moreTokens != nil), call)
    }

    private static let wrong = HTTPError.unprocessable([("current_password", [.wrong])])

    /// Checks the old password like a sign-in, and returns the hash of the new password.
    ///
    /// The limits of sign-ins apply, so a person who holds a session cannot continue to guess.
    private static func newPassword(of user: User, _ call: Call) throws -> (verified: User, hash: PasswordHash) {
        var validation = Validation(try call.body)
        let current = validation.password(.currentPassword)
        let password = validation.newPassword(.newPassword, knowing: [user.name, user.email, call.settings.appName])
        try validation.finish()
        guard let verified = try SignIn.authenticate(call, email: user.email, password: current) else { throw wrong }
        return (verified, try call.application.hashing.hash(password))
    }

    private static func page(_ call: Call, _ failures: Failures) throws -> Response {
        let (texts, problems) = (call.application.views.texts(call.language), failures.problems)
        return Page.render(
            PasswordPage(
                email: try call.user().email, current: Field("current_password", problems, texts),
                password: Field("password", problems, texts),
                label: "passwordLabel.new"),
            call, failures: failures)
    }
}
