import HTTP
import HTTPTypes
import Storage

extension Endpoint {
    private static let csrfToken: JSON = ["csrf_token": "1vDHJf5dBQ5a5rYv2m0b0p4kQ2bCwS1Vg5pLr0nVZ3s"]
    private static let csrf = Answer(
        .ok, "A browser gets the page. A script gets the CSRF token of the form.", csrfToken)
    private static let often = Refusal(.tooManyAttempts(retryAfter: 60), "Too many attempts.")
    private static let noCSRFToken = Refusal(
        .csrfTokenMismatch, "The CSRF token is missing, or belongs to another cookie.")
    private static let returnTo = Input(
        "return_to", isRequired: false, "The address to which the browser continues: one of this host.")
    private static let locales = Input(
        "ui_locales", isRequired: false, "The user's languages, the preferred language first.")
    private static let wayOn = [
        Input("return_to", in: .query, isRequired: false, returnTo.meaning),
        Input("ui_locales", in: .query, isRequired: false, locales.meaning),
    ]

    static let signInPage = Endpoint(
        "The sign-in page. A person who is signed in continues.", takes: wayOn, with: .guest,
        answers: [csrf, .init(.found, "A browser that is signed in continues.")],
        refuses: [.init(.tooManyAttempts(retryAfter: 1), "Too many requests came from one address.")], isFixed: true)

    static let signIn = Endpoint(
        "Signs in, under a new session.", takes: [.signInEmail, .password, returnTo, locales], as: .form,
        answers: [
            .init(.noContent, "For a script. The cookie is the session."), .init(.seeOther, "A browser continues."),
        ],
        refuses: [
            .init(.unauthorized, "Email and password do not match. A browser gets the page again, with 422."),
            .init(
                SecondFactorRequired.error,
                "The password is right, and the account has a second factor of Laravel Fortify."),
            .init(.unprocessable([("email", [.required])]), "A field is missing or not text."), noCSRFToken, often,
        ])

    static let signOutPage = Endpoint(
        "Asks whether to sign out, or says that the user has signed out.", with: .session, answers: [csrf],
        isFixed: true)

    static let signOut = Endpoint(
        "Ends the session, here and in the browser.",
        answers: [
            .init(.noContent, "For a script."),
            .init(.seeOther, "A browser continues to `/logout`, which confirms it."),
        ],
        refuses: [noCSRFToken])

    static let registrationPage = Endpoint(
        "The registration page.", takes: wayOn, with: .guest, answers: [csrf],
        refuses: [
            .init(.notFound, "Registration is off."),
            .init(.tooManyAttempts(retryAfter: 1), "Too many requests came from one address."),
        ],
        isFixed: true)

    static let register = Endpoint(
        "Creates an account and signs in. The most common passwords are refused.",
        takes: [.userName, .newEmail, .newPassword, .confirmation, returnTo, locales], as: .form,
        answers: [
            .init(.created, "For a script. The cookie is the session."), .init(.seeOther, "A browser continues."),
        ],
        refuses: [
            .init(.unprocessable([("email", [.taken])]), "A field is missing or wrong, or the email is taken."),
            .init(.notFound, "Registration is off."), noCSRFToken, often,
        ])

    static let account = Endpoint(
        "The user's own page: applications, personal tokens, clients and sessions.", takes: [.page],
        answers: [
            .init(
                .ok, "A browser gets the page. A script gets the parts that have no list of their own.",
                [
                    "user": User.sample.json(forThemselves: true), "applications": [AuthorizedApplication.sample.json],
                    "sessions": [AccountSession.sample.json(isCurrent: true)],
                ])
        ], refuses: [.noPortion])

    static let destroyApplication = Endpoint(
        "Withdraws all access of an application, on every device.",
        takes: [
            .init(
                "client_id", in: .path, "The application's client.",
                .variable("AUTHORIZED_CLIENT_ID", like: Client.sample.id.rawValue))
        ],
        answers: [.init(.noContent, "For a script."), .back],
        refuses: [.init(.notFound, "The application has no access.")])

    static let confirm = Endpoint("Asks for confirmation.", answers: [csrf])

    static let confirmApplication = Endpoint(
        confirm.text, takes: destroyApplication.parameters, answers: [csrf],
        refuses: [.init(.notFound, "The application does not exist.")])

    static let confirmToken = Endpoint(
        confirm.text, takes: destroyPersonalToken.parameters, answers: [csrf],
        refuses: [.init(.notFound, "The token does not exist, or it belongs to another user.")])

    static let confirmSession = Endpoint(
        confirm.text, takes: destroySession.parameters, answers: [csrf],
        refuses: [.init(.notFound, "The session does not exist, or it belongs to another user.")])

    static let destroyPersonalTokens = Endpoint(
        "Revokes all personal access tokens of the user.", answers: [.init(.noContent, "For a script."), .back])

    static let form = Endpoint("The form as a page.", answers: [csrf])

    static let passwordForm = Endpoint("The form as a page.", answers: [csrf], refuses: [often])

    static let clientForm = Endpoint(
        "The form as a page.", takes: [.clientID], answers: [csrf],
        refuses: [.init(.notFound, "The client does not exist, or it belongs to another user.")])

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
        refuses: [.init(.notFound, "The session does not exist, or it belongs to another user.")])

    static let updatePassword = Endpoint(
        "Changes the password and ends every other session: browsers, programs that signed in with the old password, and first-party applications. Other applications and personal access tokens keep their access.",
        takes: [.currentPassword, .newPassword, .confirmation], as: .form,
        answers: [
            .init(.noContent, "For a script. The cookie is a new session."),
            .init(.seeOther, "A browser continues to `/account/password/changed`."),
        ],
        refuses: [.init(.unprocessable([("current_password", [.wrong])]), "A field is missing or wrong."), often])

    static let asset = Endpoint(
        "The stylesheet, the script, the icon and the logo. Their names change with their content.",
        takes: [.init("file", in: .path, "The name.", .variable("FILE", like: "style-0123456789abcdef.css"))],
        answers: [.init(.ok, "The file. It may be cached without limit.", type: "text/css")],
        refuses: [.init(.notFound, "The file does not exist.")],
        isFixed: true)
}
