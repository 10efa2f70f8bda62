import HTTP
import HTTPTypes

extension Endpoint {
    private static let csrfToken: JSON = ["csrf_token": "1vDHJf5dBQ5a5rYv2m0b0p4kQ2bCwS1Vg5pLr0nVZ3s"]
    private static let csrf = Answer(
        .ok, "A browser gets the page, a script the CSRF token that sending the form takes.", csrfToken)
    private static let often = Refusal(.tooManyAttempts(retryAfter: 60), "Too many attempts.")
    private static let noCSRFToken = Refusal(.csrfTokenMismatch, "The CSRF token is missing, or of another cookie.")
    private static let returnTo = Parameter(
        "return_to", isRequired: false, "Where a browser goes afterwards: an address of ours.")
    private static let locales = Parameter(
        "ui_locales", isRequired: false, "The languages that the user reads, the best first.")
    private static let wayOn = [
        Parameter("return_to", in: .query, isRequired: false, returnTo.meaning),
        Parameter("ui_locales", in: .query, isRequired: false, locales.meaning),
    ]

    static let signInPage = Endpoint(
        "The sign-in page; who is signed in goes on.", takes: wayOn, with: .guest,
        answers: [csrf, .init(.found, "A browser that is signed in goes on.")],
        refuses: [.init(.tooManyAttempts(retryAfter: 1), "Too many requests came from one address.")], isFixed: true)

    static let signIn = Endpoint(
        "Signs in, under a new session.", takes: [.signInEmail, .password, returnTo, locales], as: .form, with: .guest,
        answers: [
            .init(.noContent, "For a script; the cookie is the session."), .init(.seeOther, "A browser goes on."),
        ],
        refuses: [
            .init(.unauthorized, "Email and password do not match; a browser gets the page again, with 422."),
            .init(
                SecondFactorRequired.error,
                "The password is right, and the account has a second factor of Laravel Fortify."),
            .init(.unprocessable([("email", [.required])]), "A field is missing or no text."), noCSRFToken, often,
        ])

    static let signOutPage = Endpoint(
        "Asks whether to sign out, or says that it is done.", with: .session, answers: [csrf], isFixed: true)

    static let signOut = Endpoint(
        "Ends the session, here and in the browser.", with: .session,
        answers: [.init(.noContent, "For a script."), .init(.seeOther, "A browser goes to `/logout`, which says so.")],
        refuses: [noCSRFToken])

    static let registrationPage = Endpoint(
        "The registration page.", takes: wayOn, with: .guest, answers: [csrf],
        refuses: [
            .init(.notFound, "Registration is off."),
            .init(.tooManyAttempts(retryAfter: 1), "Too many requests came from one address."),
        ],
        isFixed: true)

    static let register = Endpoint(
        "Makes an account and signs in. It refuses the passwords that everybody guesses first.",
        takes: [.userName, .newEmail, .newPassword, .confirmation, returnTo, locales], as: .form, with: .guest,
        answers: [.init(.created, "For a script; the cookie is the session."), .init(.seeOther, "A browser goes on.")],
        refuses: [
            .init(.unprocessable([("email", [.taken])]), "A field is missing or wrong, or the email is taken."),
            .init(.notFound, "Registration is off."), noCSRFToken, often,
        ])

    static let account = Endpoint(
        "The user's own page: applications, personal tokens, clients and sessions.", takes: [.page],
        answers: [
            .init(
                .ok, "A browser gets the page, a script what has no list of its own.",
                [
                    "user": User.sample.json(forThemselves: true), "applications": [AuthorizedApplication.sample.json],
                    "sessions": [AccountSession.sample.json(isCurrent: true)],
                ])
        ], refuses: [.noPortion])

    static let destroyApplication = Endpoint(
        "Takes back everything that an application was given, on every device.",
        takes: [
            .init(
                "client_id", in: .path, "The application's client.",
                .variable("AUTHORIZED_CLIENT_ID", like: Client.sample.id.rawValue))
        ],
        answers: [.init(.noContent, "For a script."), .back],
        refuses: [.init(.notFound, "The application has no access.")])

    static let confirm = Endpoint("Asks first: one click must not lose anything.", answers: [csrf])

    static let confirmApplication = Endpoint(
        confirm.text, takes: destroyApplication.parameters, answers: [csrf],
        refuses: [.init(.notFound, "There is no such application.")])

    static let confirmToken = Endpoint(
        confirm.text, takes: destroyPersonalToken.parameters, answers: [csrf],
        refuses: [.init(.notFound, "There is no such token, or it is somebody else's.")])

    static let confirmSession = Endpoint(
        confirm.text, takes: destroySession.parameters, answers: [csrf],
        refuses: [.init(.notFound, "There is no such session, or it is somebody else's.")])

    static let destroyPersonalTokens = Endpoint(
        "Revokes all personal access tokens of the user.", answers: [.init(.noContent, "For a script."), .back])

    static let form = Endpoint("The form as a page.", answers: [csrf])

    static let passwordForm = Endpoint("The form as a page.", answers: [csrf], refuses: [often])

    static let clientForm = Endpoint(
        "The form as a page.", takes: [.clientID], answers: [csrf],
        refuses: [.init(.notFound, "There is no such client, or it is somebody else's.")])

    static let destroyOtherSessions = Endpoint(
        "Signs out everywhere else: other browsers, programs that signed in by `POST /api/login` or the password grant, and first-party applications.",
        answers: [.init(.noContent, "For a script."), .back])

    static let destroySession = Endpoint(
        "Signs out of another browser, a program or a first-party application.",
        takes: [
            .init(
                "session_id", in: .path, "The id of the session.",
                .variable("SESSION_ID", like: AccountSession.sample.id))
        ],
        answers: [.init(.noContent, "For a script."), .back],
        refuses: [.init(.notFound, "There is no such session, or it is somebody else's.")])

    static let updatePassword = Endpoint(
        "Changes the password, and ends every other session: browsers, whatever signed in with the old password, and first-party applications. Applications and personal access tokens keep their access.",
        takes: [.currentPassword, .newPassword, .confirmation], as: .form,
        answers: [
            .init(.noContent, "For a script; the cookie is a new session."),
            .init(.seeOther, "A browser goes to `/account/password/changed`."),
        ],
        refuses: [.init(.unprocessable([("current_password", [.wrong])]), "A field is missing or wrong."), often])

    static let asset = Endpoint(
        "The stylesheet, the script, the icon and the logo, under names that change with what is in them.",
        takes: [.init("file", in: .path, "The name.", .variable("FILE", like: "style-0123456789abcdef.css"))],
        answers: [.init(.ok, "The file, which may be kept for ever.", type: "text/css")],
        refuses: [.init(.notFound, "There is no such file.")],
        isFixed: true)
}
