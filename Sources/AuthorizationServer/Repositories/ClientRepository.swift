import Cryptography
import HTTP
public import MariaDB

/// The table `oauth_clients`, which is Passport's.
public struct ClientRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// The client with this id, which is compared as text: `3abc` is not client 3; none of another provider.
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

    /// The client with this id, unless it was revoked.
    public func findActive(_ id: Client.ID) throws(DatabaseError) -> Client? {
        try find(id).flatMap { $0.isRevoked ? nil : $0 }
    }

    /// The client with this id unless it was revoked; nobody changes it until the transaction ends.
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

    /// The user's own client with this id, unless it was revoked.
    func findForUser(_ id: Client.ID, _ user: User) throws(DatabaseError) -> Client? {
        try findActive(id).flatMap { $0.userID == user.id ? $0 : nil }
    }

    /// The user's own clients that were not revoked, by name.
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

    /// How many clients of a user were not revoked.
    func count(of user: User) throws(DatabaseError) -> Int {
        try database.row("SELECT COUNT(*) AS n FROM consulate_clients WHERE user_id = ? AND revoked = 0", user.id)?
            .integer("n") ?? 0
    }

    /// Every client, by name.
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

    /// A client that `migrate` made for ourselves.
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

    /// Adds a client that may use these grants, into the columns that Passport's version has for it.
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

    /// Changes name and redirect URIs.
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

    /// Replaces the secret; the old one stops working at once.
    public func update(_ id: Client.ID, secret: ClientSecret, now: Timestamp) throws(DatabaseError) {
        try database.execute("UPDATE oauth_clients SET secret = ?, updated_at = ? WHERE id = ?", secret, now, id)
    }

    /// Revokes a client together with everything that was issued to it.
    public func revoke(_ id: Client.ID, now: Timestamp) throws {
        try database.transaction {
            try database.execute("UPDATE oauth_clients SET revoked = 1, updated_at = ? WHERE id = ?", now, id)
            // Codes first: a redemption that is under way holds its code, and its family is there
            // when the code is free.
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
    /// The redirect URIs of a column, which are a JSON array where Passport 13 made it.
    var separatedByCommas: String { hasPrefix("[") ? [String](storedAs: self).joined(separator: ",") : self }

    /// The same as Passport 13 wants them.
    fileprivate var listed: [String] { split(separator: ",").map { String($0.trimming()) } }
}
