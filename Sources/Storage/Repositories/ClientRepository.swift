import Cryptography
import HTTP
package import MariaDB
package import OAuth

/// The table `oauth_clients` of Passport.
package struct ClientRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Returns the client with this id, unless the client has another provider.
    ///
    /// Ids are compared as text: `3abc` is not client 3.
    package func find(_ id: Client.ID) throws(DatabaseError) -> Client? {
        let row = try database.row(
            """
            SELECT \(.clientColumns) FROM \(.clients) c WHERE id = \(id)
            """
        )
        return try row.map(Client.init).flatMap { $0.id == id && $0.isOfUsers ? $0 : nil }
    }

    /// Returns the client with this id, unless it is revoked.
    package func findActive(_ id: Client.ID) throws(DatabaseError) -> Client? {
        try find(id).flatMap { $0.isRevoked ? nil : $0 }
    }

    /// Returns the client with this id, unless it is revoked.
    ///
    /// Nobody can then change the client until the transaction ends.
    package func hold(_ id: Client.ID) throws(DatabaseError) -> Client? {
        let row = try database.row(
            """
            SELECT \(.clientColumns) FROM \(.clients) c WHERE id = \(id) LOCK IN SHARE MODE
            """
        )
        return try row.map(Client.init).flatMap {
            $0.id == id && $0.isOfUsers && !$0.isRevoked ? $0 : nil
        }
    }

    /// Returns the user's own client with this id, unless it is revoked.
    package func findForUser(_ id: Client.ID, _ user: User) throws(DatabaseError) -> Client? {
        try findActive(id).flatMap { $0.userID == user.id ? $0 : nil }
    }

    /// Returns the user's own clients that are not revoked, sorted by name.
    package func activeForUser(_ user: User, limit: Int, offset: Int) throws(DatabaseError) -> [Client] {
        try database.rows(
            """
            SELECT \(.clientColumns) FROM \(.clients) c WHERE user_id = \(user.id) AND revoked = 0
                ORDER BY name, id LIMIT \(limit) OFFSET \(offset)
            """
        ).map(Client.init)
    }

    /// Returns how many clients of a user are not revoked.
    package func count(of user: User) throws(DatabaseError) -> Int {
        try database.row("SELECT COUNT(*) AS n FROM \(.clients) c WHERE user_id = \(user.id) AND revoked = 0")?
            .integer("n") ?? 0
    }

    /// Returns all clients, sorted by name.
    package func all() throws(DatabaseError) -> [Client] {
        try database.rows(
            """
            SELECT \(.clientColumns) FROM \(.clients) c ORDER BY name, id
            """
        ).map(Client.init)
    }

    /// Returns a client that `migrate` created for Consulate itself.
    package func find(internal kind: Client.Internal) throws(DatabaseError) -> Client? {
        try database.row(
            """
            SELECT \(.clientColumns) FROM \(.clients) c WHERE internal = \(kind.rawValue) AND revoked = 0
            """
        ).map(Client.init)
    }

    /// Adds a client.
    ///
    /// Writes to the columns that this version of Passport has.
    package func create(
        _ metadata: ClientMetadata, of userID: User.ID? = nil, secret: ClientSecret?, in change: Change
    ) throws -> Client {
        var client = Client(
            id: Client.ID(""), userID: userID, metadata: metadata, secret: secret, provider: nil, isOfUsers: true,
            isPersonalAccessClient: false,
            isPasswordClient: metadata.grantTypes?.contains(GrantType.password.rawValue) ?? false, isRevoked: false,
            internal: nil, createdAt: change.now, updatedAt: change.now)
        client.id = try PassportTables.withTables(on: database) { tables in
            let id = tables.clientKey.make(now: change.now)
            let number = try database.insert(client.insertion(id: id, into: tables))
            return Client.ID(id ?? String(number))
        }
        change.event?.clientID = client.id
        return client
    }

    /// Changes the members of a client's metadata that the writer may write.
    ///
    /// Returns `false` if the client was revoked.
    package func update(
        _ id: Client.ID, to metadata: ClientMetadata, by writer: ClientMetadata.Writer, in change: Change
    ) throws -> Bool {
        guard let former = try lock(id)?.metadata else { return false }
        let metadata = former.changed(to: metadata, by: writer)
        return try PassportTables.withTables(on: database) { tables in
            try database.execute(
                """
                UPDATE \(.clientTable) SET \(metadata.assignments(in: tables, after: former)), updated_at = \(change.now)
                    WHERE id = \(id)
                """
            ) == 1
        }
    }

    /// Returns the client with this id, unless it is revoked.
    ///
    /// Nobody else can then read it for a change until the transaction ends.
    private func lock(_ id: Client.ID) throws(DatabaseError) -> Client? {
        let row = try database.row(
            """
            SELECT \(.clientColumns) FROM \(.clients) c WHERE id = \(id) FOR UPDATE
            """
        )
        return try row.map(Client.init).flatMap { $0.id == id && $0.isOfUsers && !$0.isRevoked ? $0 : nil }
    }

    /// Replaces the secret of a client.
    ///
    /// The old secret stops working immediately.
    package func update(_ id: Client.ID, secret: ClientSecret, in change: Change) throws(DatabaseError) {
        try database.execute(
            "UPDATE \(.clientTable) SET secret = \(secret), updated_at = \(change.now) WHERE id = \(id)")
    }

    /// Revokes a client together with everything that was issued to it.
    package func revoke(_ id: Client.ID, in change: Change) throws(DatabaseError) {
        try database.execute("UPDATE \(.clientTable) SET revoked = 1, updated_at = \(change.now) WHERE id = \(id)")
        // Codes come first. A concurrent redemption locks its code. When the code is free, the
        // family of the redemption exists and is found below.
        try database.execute(
            "UPDATE \(.authorizationCodes) SET revoked = 1 WHERE client_id = \(id) AND revoked = 0")
        try database.execute(
            "UPDATE \(.refreshFamilies) SET revoked = 1 WHERE client_id = \(id) AND revoked = 0")
        try database.execute(
            """
            UPDATE \(.refreshTokens) r JOIN \(.accessTokens) t
                ON \(.refreshTokens, "r.access_token_id", joins: "t.id")
            SET r.revoked = 1 WHERE t.client_id = \(id) AND r.revoked = 0
            """
        )
        try database.execute(
            "UPDATE \(.accessTokens) SET revoked = 1, updated_at = \(change.now) WHERE client_id = \(id) AND revoked = 0"
        )
    }
}

extension SQL {
    /// The columns of a client.
    package static let clientColumns: SQL =
        """
        c.id, c.user_id, c.name, c.secret, c.provider, c.redirect, c.personal_access_client, c.password_client,
            c.revoked, c.created_at, c.updated_at, c.allowed_grants, c.first_party, c.internal,
            c.client_metadata, \(isOfUsers) AS is_of_users
        """
}

extension Client {
    /// Returns the statement that adds the row to the columns that this version of Passport has.
    fileprivate func insertion(id: String?, into tables: PassportTables) -> SQL {
        let secret = secret ?? (tables.allowsPublicClients ? nil : ClientSecret.ofNobody())
        let kind: SQL =
            tables.listsGrants
            ? "owner_type = \(userID.map { _ in PassportTables.ownerType }), owner_id = \(userID)"
            : "user_id = \(userID), personal_access_client = 0, password_client = \(isPasswordClient)"
        return """
            INSERT INTO \(.clientTable) SET id = \(id), \(kind), \(metadata.assignments(in: tables)),
                secret = \(secret), revoked = 0, created_at = \(createdAt), updated_at = \(updatedAt)
            """
    }

    package init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: ID(try row.text("id")), userID: try row.optionalText("user_id").map { User.ID($0) },
            metadata: ClientMetadata(
                clientName: try row.text("name"), redirectURIs: try row.text("redirect").separatedByCommas,
                grantTypes: try row.optionalText("allowed_grants").map { [String](storedAs: $0) },
                isFirstParty: try row.flag("first_party"), stored: try row.optionalText("client_metadata")),
            secret: try row.optionalText("secret").flatMap {
                $0.isEmpty || ClientSecret(rawValue: $0).isOfNobody ? nil : ClientSecret(rawValue: $0)
            },
            provider: try row.optionalText("provider"), isOfUsers: try row.flag("is_of_users"),
            isPersonalAccessClient: try row.flag("personal_access_client"),
            isPasswordClient: try row.flag("password_client"),
            isRevoked: try row.flag("revoked"),
            internal: try row.optionalText("internal").flatMap { Internal(rawValue: $0) },
            createdAt: try row.optionalTime("created_at"), updatedAt: try row.optionalTime("updated_at"))
    }
}

extension ClientMetadata {
    /// The columns of the metadata with their values, in the form of this version of Passport.
    ///
    /// Leaves out the columns that only the operator writes if they have their former values. So
    /// the value of a shop's own column stays as the shop wrote it.
    fileprivate func assignments(in tables: PassportTables, after former: ClientMetadata? = nil) -> SQL {
        let uris: SQL =
            tables.listsGrants
            ? "redirect_uris = \(JSON(redirectURIs.listed).compact)" : "redirect = \(redirectURIs)"
        let grants = grantTypes.map { JSON($0).compact }
        let grantColumn: SQL = tables.listsGrants ? "grant_types = \(grants)" : "allowed_grants = \(grants)"
        let isSame =
            former?.grantTypes == grantTypes && former?.isFirstParty == isFirstParty
            && former?.storedText == storedText
        guard former == nil || !isSame else { return "name = \(clientName), \(uris)" }
        return """
            name = \(clientName), \(uris), \(grantColumn), first_party = \(isFirstParty),
                client_metadata = \(storedText)
            """
    }
}

extension String {
    /// The redirect URIs of a column, with commas between them.
    ///
    /// Passport 13 stores them as a JSON array.
    package var separatedByCommas: String { hasPrefix("[") ? [String](storedAs: self).joined(separator: ",") : self }

    /// The redirect URIs as the list that Passport 13 stores.
    fileprivate var listed: [String] { split(separator: ",").map { String($0.trimming()) } }
}
