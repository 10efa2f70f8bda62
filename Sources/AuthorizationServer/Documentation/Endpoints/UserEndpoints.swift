import HTTP
import HTTPTypes

extension Endpoint {
    static let forgetCacheKey = Endpoint(
        """
        Forgets a key of the application's cache, which lifts a lock-out. It answers only while the debug bar is on, asks for no credential, and nginx lets 127.0.0.1 alone call it.
        """,
        takes: [
            .init(
                "key", in: .path, "The key, such as `login:ada@example.com|192.0.2.7`.",
                .value("login:ada@example.com|192.0.2.7")),
            .init("tags", in: .path, .tags, isRequired: false, "A JSON array of the tags that it was written under."),
        ],
        answers: [.init(.ok, "Whether there was something to forget.", ["success": false])],
        refuses: [
            .init(.notFound, "The debug bar is off."), .init(.forbidden, "The caller is not on this machine."),
            .init(.unprocessable([("tags", [.tags])]), "The tags are not a JSON array of strings."),
        ])

    static let apiLogin = Endpoint(
        "Exchanges email and password for tokens that may call every route which takes a bearer token.",
        takes: [.signInEmail, .password], as: .form,
        answers: [.init(.ok, "The tokens; the scope is `*`.", JSON(parsing: TokenResponse.signInSample.response.body))],
        refuses: [
            .init(.bearer(nil), "Email and password do not match."),
            .init(
                SecondFactorRequired.error,
                "The password is right, and the account has a second factor of Laravel Fortify."),
            .init(.unprocessable([("email", [.required])]), "A field is missing or no text."),
            .init(
                .tooManyAttempts(retryAfter: 60),
                "Five attempts failed within a minute, or too many came from one address."),
        ])

    static let storeUser = Endpoint(
        "Makes an account.", takes: [.userName, .newEmail, .newPassword, .confirmation], as: .form,
        answers: [.init(.created, "The user.", User.sample.json(forThemselves: true))],
        refuses: [
            .init(.unprocessable([("email", [.taken])]), "A field is missing or wrong, or the email is taken."),
            .init(.forbidden, "Registration is off."),
            .init(.tooManyAttempts(retryAfter: 60), "Too many accounts were made from one address."),
        ])

    static let showUser = Endpoint(
        "Shows a user by name; the email only to the user.", takes: [.userToFind],
        answers: [.init(.ok, "The user.", User.sample.json(forThemselves: true))],
        refuses: [
            .init(.notFound, "There is no user of this name."),
            .init(.unprocessable([("name", [.required])]), "The name is missing or wrong."),
            .init(.tooManyAttempts(retryAfter: 1), "Too many requests came from one address."),
        ])
}
