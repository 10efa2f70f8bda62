import HTTP
import HTTPTypes
import Storage

extension Endpoint {
    static let forgetCacheKey = Endpoint(
        """
        Deletes a key of the application's cache, which lifts a lock-out. It answers only while the debug bar is on. It needs no credential, and nginx admits only 127.0.0.1.
        """,
        takes: [
            .init(
                "key", in: .path, "The key, such as `login:ada@example.com|192.0.2.7`.",
                .value("login:ada@example.com|192.0.2.7")),
            .init("tags", in: .path, .tags, isRequired: false, "A JSON array of the tags of the key."),
        ],
        answers: [.init(.ok, "Says whether the key existed.", ["success": false])],
        refuses: [
            .init(.notFound, "The debug bar is off."), .init(.forbidden, "The caller is on another machine."),
            .init(.unprocessable([("tags", [.tags])]), "The tags are not a JSON array of strings."),
        ])

    static let apiLogin = Endpoint(
        "Exchanges email and password for tokens that are valid for every route with a bearer token.",
        takes: [.signInEmail, .password], as: .form,
        answers: [.init(.ok, "The tokens; the scope is `*`.", JSON(parsing: TokenResponse.signInSample.response.body))],
        refuses: [
            .init(.bearer(nil), "Email and password do not match."),
            .init(
                SecondFactorRequired.error,
                "The password is right, and the account has a second factor of Laravel Fortify."),
            .init(.unprocessable([("email", [.required])]), "A field is missing or not text."),
            .init(
                .tooManyAttempts(retryAfter: 60),
                "Five attempts failed within a minute, or too many requests came from one address."),
        ])

    static let storeUser = Endpoint(
        "Creates an account.", takes: [.userName, .newEmail, .newPassword, .confirmation], as: .form,
        answers: [.init(.created, "The user.", User.sample.json(forThemselves: true))],
        refuses: [
            .init(.unprocessable([("email", [.taken])]), "A field is missing or wrong, or the email is taken."),
            .init(.forbidden, "Registration is off."),
            .init(.tooManyAttempts(retryAfter: 60), "Too many accounts were created from one address."),
        ])

    static let showUser = Endpoint(
        "Finds a user by name. Only the user also sees the email.", takes: [.userToFind],
        answers: [.init(.ok, "The user.", User.sample.json(forThemselves: true))],
        refuses: [
            .init(.notFound, "No user has this name."),
            .init(.unprocessable([("name", [.required])]), "The name is missing or wrong."),
            .init(.tooManyAttempts(retryAfter: 1), "Too many requests came from one address."),
        ])
}
