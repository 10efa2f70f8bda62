import Cryptography
import HTTP
public import MariaDB

/// The table `oauth_clients` of Passport.
public struct ClientRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Returns the client with this id, unless the client has another provider.
    ///
    /// Ids are compared as text: `3abc` is not client 3.
    public func find(_ id: Client.ID) throws(DatabaseError) -> Client? {
        let row = try database.row(
            """
            SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked,
                created_at, updated_at,
                allowed_grants, first_party, internal
            FROM consulate_clients WHERE id = ?
            """, id)
        return try row.map(Client.init).flatMap { $0.id == id && Client.isOfUsers($0.provider) ? $0 : nil }
    }

    /// Returns the client with this id, unless it is revoked.
    public func findActive(_ id: Client.ID) throws(DatabaseError) -> Client? {
        try find(id).flatMap { $0.isRevoked ? nil : $0 }
    }

    /// Returns the client with this id, unless it is revoked.
    ///
    /// Nobody can then change the client until the transaction ends.
    func hold(_ id: Client.ID) throws(DatabaseError) -> Client? {
        let row = try database.row(
            """
            SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked,
                created_at, updated_at,
                allowed_grants, first_party, internal
            FROM consulate_clients WHERE id = ? LOCK IN SHARE MODE
            """, id)
        return try row.map(Client.init).flatMap {
            $0.id == id && Client.isOfUsers($0.provider) && !$0.isRevoked ? $0 : nil
        }
    }

    /// Returns the user's own client with this id, unless it is revoked.
    func findForUser(_ id: Client.ID, _ user: User) throws(DatabaseError) -> Client? {
        try findActive(id).flatMap { $0.userID == user.id ? $0 : nil }
    }

    /// Returns the user's own clients that are not revoked, sorted by name.
    func activeForUser(_ user: User, limit: Int, offset: Int) throws(DatabaseError) -> [Client] {
        try database.rows(
            """
            SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked,
                created_at, updated_at,
                allowed_grants, first_party, internal
            FROM consulate_clients WHERE user_id = ? AND revoked = 0 ORDER BY name, id LIMIT ? OFFSET ?
            """, user.id, limit, offset
        ).map(Client.init)
    }

    /// Returns how many clients of a user are not revoked.
    func count(of user: User) throws(DatabaseError) -> Int {
        try database.row("SELECT COUNT(*) AS n FROM consulate_clients WHERE user_id = ? AND revoked = 0", user.id)?
            .integer("n") ?? 0
    }

    /// Returns all clients, sorted by name.
    public func all() throws(DatabaseError) -> [Client] {
        try database.rows(
            """
            SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked,
                created_at, updated_at,
                allowed_grants, first_party, internal
            FROM consulate_clients ORDER BY name, id
            """
        ).map(Client.init)
    }

    /// Returns a client that `migrate` created for Consulate itself.
    public func find(internal kind: Client.Internal) throws(DatabaseError) -> Client? {
        try database.row(
            """
            SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked,
                created_at, updated_at,
                allowed_grants, first_party, internal
            FROM consulate_clients WHERE internal = ? AND revoked = 0
            """, kind.rawValue
        ).map(Client.init)
    }

    /// Adds a client that may use these grants.
    ///
    /// Writes to the columns that this version of Passport has.
    public func create(
        userID: User.ID? = nil, name: String, secret: ClientSecret?, redirect: String, grants: [GrantType],
        isFirstParty: Bool = false, now: Timestamp
    ) throws -> Client {
        let tables = try PassportTables(on: database)
        let (id, grants, isPasswordClient) = (
            tables.clientKey.make(now: now), grants.map(\.rawValue), grants.contains(.password)
        )
        let stored = secret ?? (tables.allowsPublicClients ? nil : ClientSecret.ofNobody())
        let number =
            if tables.listsGrants {
                try database.insert(
                    """
                    INSERT INTO oauth_clients
                        (id, owner_type, owner_id, name, secret, redirect_uris, grant_types, revoked, created_at,
                            updated_at, first_party)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
                    """, id, userID.map { _ in PassportTables.ownerType }, userID, name, stored,
                    JSON(redirect.listed).compact,
                    JSON(grants).compact, now, now, isFirstParty)
            } else {
                try database.insert(
                    """
                    INSERT INTO oauth_clients (id, user_id, name, secret, redirect, personal_access_client,
                        password_client, revoked, created_at,
                        updated_at, allowed_grants, first_party)
                    VALUES (?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, ?)
                    """, id, userID, name, stored, redirect, isPasswordClient, now, now, JSON(grants).compact,
                    isFirstParty)
            }
        return Client(
            id: Client.ID(id ?? String(number)), userID: userID, name: name, secret: secret, provider: nil,
            redirect: redirect,
            isPersonalAccessClient: false, isPasswordClient: isPasswordClient, isRevoked: false, grantTypes: grants,
            isFirstParty: isFirstParty,
            internal: nil, createdAt: now, updatedAt: now)
    }

    /// Changes the name and the redirect URIs of a client.
    func update(_ id: Client.ID, name: String, redirect: String, now: Timestamp) throws {
        if try PassportTables(on: database).listsGrants {
            try database.execute(
                "UPDATE oauth_clients SET name = ?, redirect_uris = ?, updated_at = ? WHERE id = ?", name,
                JSON(redirect.listed).compact, now, id)
        } else {
            try database.execute(
                "UPDATE oauth_clients SET name = ?, redirect = ?, updated_at = ? WHERE id = ?", name, redirect, now, id)
        }
    }

    /// Replaces the secret of a client.
    ///
    /// The old secret stops working immediately.
    public func update(_ id: Client.ID, secret: ClientSecret, now: Timestamp) throws(DatabaseError) {
        try database.execute("UPDATE oauth_clients SET secret = ?, updated_at = ? WHERE id = ?", secret, now, id)
    }

    /// Revokes a client together with everything that was issued to it.
    public func revoke(_ id: Client.ID, now: Timestamp) throws {
        try database.transaction {
            try database.execute("UPDATE oauth_clients SET revoked = 1, updated_at = ? WHERE id = ?", now, id)
            // Codes come first. A concurrent redemption locks its code. When the code is free, the
            // family of the redemption exists and is found below.
            try database.execute("UPDATE oauth_auth_codes SET revoked = 1 WHERE client_id = ? AND revoked = 0", id)
            try database.execute(
                "UPDATE oauth_refresh_families SET revoked = 1 WHERE client_id = ? AND revoked = 0", id)
            try database.execute(
                """
                UPDATE oauth_refresh_tokens r JOIN oauth_access_tokens t ON r.access_token_id = t.id
                SET r.revoked = 1 WHERE t.client_id = ? AND r.revoked = 0
                """, id)
            try database.execute(
                "UPDATE oauth_access_tokens SET revoked = 1, updated_at = ? WHERE client_id = ? AND revoked = 0", now,
                id)
        }
    }
}

extension Client {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: ID(try row.text("id")), userID: try row.optionalText("user_id").map { User.ID($0) },
            name: try row.text("name"),
            secret: try row.optionalText("secret").flatMap {
                $0.isEmpty || ClientSecret(rawValue: $0).isOfNobody ? nil : ClientSecret(rawValue: $0)
            },
            provider: try row.optionalText("provider"), redirect: try row.text("redirect").separatedByCommas,
            isPersonalAccessClient: try row.flag("personal_access_client"),
            isPasswordClient: try row.flag("password_client"),
            isRevoked: try row.flag("revoked"),
            grantTypes: try row.optionalText("allowed_grants").map { [String](storedAs: $0) },
            isFirstParty: try row.flag("first_party"),
            internal: try row.optionalText("internal").flatMap { Internal(rawValue: $0) },
            createdAt: try row.optionalTime("created_at"), updatedAt: try row.optionalTime("updated_at"))
    }
}

extension String {
    /// The redirect URIs of a column, with commas between them.
    ///
    /// Passport 13 stores them as a JSON array.
    var separatedByCommas: String { hasPrefix("[") ? [String](storedAs: self).joined(separator: ",") : self }

    /// The redirect URIs as the list that Passport 13 stores.
    fileprivate var listed: [String] { split(separator: ",").map { String($0.trimming()) } }
}
