import HTTP
import HTTPTypes
import MariaDB
import Storage

// The JSON of the models: Passport's members, in Passport's order.

extension HTTPField.Name {
    static let link = HTTPField.Name("Link")!
    static let pragma = HTTPField.Name("Pragma")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
    static let tokenID = HTTPField.Name("X-Token-Id")!
    static let userID = HTTPField.Name("X-User-Id")!
    static let clientID = HTTPField.Name("X-Client-Id")!
    static let scopes = HTTPField.Name("X-Scopes")!
    static let csrfToken = HTTPField.Name("X-CSRF-TOKEN")!
    static let xsrfToken = HTTPField.Name("X-XSRF-TOKEN")!
}

extension Client {
    /// The client as an entry of a list, never with its secret.
    var json: JSON {
        [
            "id": id.json, "user_id": userID?.json ?? .null, "name": .string(name), "provider": JSON(provider),
            "redirect": .string(redirect),
            "personal_access_client": .bool(isPersonalAccessClient), "password_client": .bool(isPasswordClient),
            "revoked": .bool(isRevoked),
            "created_at": JSON(createdAt?.iso8601), "updated_at": JSON(updatedAt?.iso8601),
        ]
    }

    /// Returns a client with its new secret.
    ///
    /// The secret is shown only this one time.
    func json(withSecret plain: String?) -> JSON {
        [
            "user_id": userID?.json ?? .null, "name": .string(name), "secret": JSON(plain), "provider": JSON(provider),
            "redirect": .string(redirect),
            "personal_access_client": .bool(isPersonalAccessClient), "password_client": .bool(isPasswordClient),
            "revoked": .bool(isRevoked),
            "updated_at": JSON(updatedAt?.iso8601), "created_at": JSON(createdAt?.iso8601), "id": id.json,
            "plainSecret": JSON(plain),
        ]
    }
}

extension AccessToken {
    /// The token as an entry of a list, never with the token itself.
    var json: JSON {
        [
            "id": .string(id.rawValue), "user_id": userID?.json ?? .null, "client_id": clientID.json,
            "name": JSON(name), "scopes": JSON(scopes),
            "revoked": .bool(isRevoked), "created_at": .string(createdAt.iso8601),
            "updated_at": .string(updatedAt.iso8601),
            "expires_at": .string(expiresAt.iso8601),
        ]
    }
}

extension AccessToken {
    /// Returns the token with its client, as in Passport's lists.
    func json(withClient client: JSON?) -> JSON {
        var document = json
        document.append("client", client ?? .null)
        return document
    }
}

extension AuthorizedApplication {
    /// The application as its user sees it.
    var json: JSON {
        [
            "client_id": clientID.json, "name": .string(name), "scopes": JSON(scopes),
            "authorized_at": .string(since.iso8601),
            "last_used_at": .string(lastUsedAt.iso8601),
        ]
    }
}

extension AccountSession {
    /// Returns the session as its user sees it.
    func json(isCurrent: Bool) -> JSON {
        [
            "id": .string(id), "address": .string(address), "user_agent": .string(userAgent),
            "created_at": .string(createdAt.iso8601),
            "last_seen_at": .string(lastSeenAt.iso8601), "is_current": .bool(isCurrent), "client": JSON(client),
        ]
    }
}

extension User {
    /// Returns the user as others see them.
    ///
    /// With `forThemselves`, the document also contains the email, as users see themselves.
    func json(forThemselves: Bool) -> JSON {
        var document: JSON = ["id": id.json, "name": .string(name)]
        if forThemselves { document.append("email", email.isEmpty ? .null : .string(email)) }
        document.append("created_at", JSON(createdAt?.iso8601))
        document.append("updated_at", JSON(updatedAt?.iso8601))
        return document
    }
}
