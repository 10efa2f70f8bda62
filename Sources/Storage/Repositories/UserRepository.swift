package import Cryptography
import HTTP
package import MariaDB

/// The table `users` of Laravel.
package struct UserRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Runs a query without data, to check whether the database answers.
    package func ping() throws(DatabaseError) {
        _ = try database.row("SELECT 1")
    }

    /// Returns the user with this id.
    package func find(_ id: User.ID) throws(DatabaseError) -> User? {
        let row = try database.row(
            "SELECT \(.userColumns) FROM \(.users) WHERE id = \(id)")
        return try row.map(User.init).flatMap { $0.id == id ? $0 : nil }
    }

    /// Returns the user with this address, in upper or lower case and with any form of its domain.
    ///
    /// Addresses are compared by their normal form. An adopted table has no column for the normal
    /// form, and an old row may have no normal form yet. In both cases MariaDB finds `áda@…` for
    /// `ada@…` too, and this function does not return that user.
    package func find(email: String) throws(DatabaseError) -> User? {
        let normalForm = Self.normalForm(email)
        if try !database.isAdopted() {
            let row = try database.row(
                "SELECT \(.userColumns) FROM \(.userTable) WHERE email_normal = \(normalForm)")
            if let row { return try User(row) }
            return try database.rows(
                "SELECT \(.userColumns) FROM \(.userTable) WHERE email = \(email) AND email_normal IS NULL"
            ).map(User.init).first { EmailAddress.areEqual($0.email, email) }
        }
        // The row may have the domain in either form. A shop's collation may also allow two rows
        // with one normal form, and Laravel then treats them as two users. So the row with exactly
        // this address comes first.
        let users = try database.rows(
            """
            SELECT \(.userColumns) FROM \(.users) WHERE email IN (\(email, of: .users, "email"),
                \(normalForm, of: .users, "email"), \(EmailAddress(email).unicodeForm, of: .users, "email"))
            """
        ).map(User.init).filter { EmailAddress.areEqual($0.email, email) }
        return users.first { $0.email == email } ?? users.first
    }

    /// Returns the first user with this name, compared by code points.
    ///
    /// Names need not be unique. MariaDB's collations treat all emoji as equal, and also `é` and
    /// `e`.
    package func find(name: String) throws(DatabaseError) -> User? {
        try database.row(
            """
            SELECT \(.userColumns) FROM \(.users)
            WHERE name = \(name, of: .users, "name")
                AND CONVERT(name USING utf8mb4) COLLATE utf8mb4_nopad_bin = \(name) ORDER BY id LIMIT 1
            """
        ).map(User.init)
    }

    /// Adds a user.
    ///
    /// Throws the error of a duplicate key if the address is taken.
    package func create(name: String, email: String, password: PasswordHash, in change: Change) throws -> User {
        let id = try PassportTables.known(on: database).userKey.make(now: change.now)
        let number =
            if try database.isAdopted() {
                try database.insert(
                    """
                    INSERT INTO \(.userTable) (id, name, email, password, created_at, updated_at) VALUES (\(id),
                        \(name), \(email), \(password.text), \(change.now), \(change.now))
                    """
                )
            } else {
                try database.insert(
                    """
                    INSERT INTO \(.userTable) (id, name, email, email_normal, password, created_at, updated_at)
                        VALUES (\(id), \(name), \(email), \(Self.normalForm(email)),
                        \(password.text), \(change.now), \(change.now))
                    """
                )
            }
        change.event?.userID = User.ID(id ?? String(number))
        return User(
            id: User.ID(id ?? String(number)), name: name, email: email, password: password, createdAt: change.now,
            updatedAt: change.now)
    }

    /// Returns the normal form of an address, as much as its column holds.
    private static func normalForm(_ email: String) -> String { EmailAddress(email).normalForm.truncated(to: 400) }

    /// Computes the normal form of addresses that have none yet, and returns how many were
    /// computed.
    ///
    /// Reads a thousand rows at a time. If two rows have the same normal form, only the older row
    /// gets it, and `doctor` names the other row.
    package func computeNormalForms() throws(DatabaseError) -> Int {
        var (computed, last) = (0, "0")
        while true {
            let rows = try database.rows(
                """
                SELECT id, email FROM \(.userTable) WHERE email_normal IS NULL AND id > \(last)
                    ORDER BY id LIMIT 1000
                """
            )
            guard let end = try rows.last?.text("id") else { return computed }
            for row in rows {
                let (id, email) = (try row.text("id"), try row.text("email"))
                do {
                    computed += try database.execute(
                        """
                        UPDATE \(.userTable) SET email_normal = \(Self.normalForm(email))
                            WHERE id = \(id) AND email_normal IS NULL
                        """
                    )
                } catch {
                    guard error.isDuplicateKey else { throw error }
                }
            }
            last = end
        }
    }

    /// Returns the ids of the first hundred users whose address has no normal form.
    ///
    /// Another user has the same normal form.
    package func withoutNormalForm() throws(DatabaseError) -> [String] {
        guard try !database.isAdopted() else { return [] }
        return try database.rows(
            """
            SELECT id FROM \(.userTable) FORCE INDEX (consulate_users_email_normal) WHERE email_normal IS NULL
                ORDER BY id LIMIT 100
            """
        )
        .map {
            row throws(DatabaseError) in try row.text("id")
        }
    }

    /// Returns the user with this id.
    ///
    /// Nobody can then change the user until the transaction ends.
    package func lock(_ id: User.ID) throws(DatabaseError) -> User? {
        try database.row(
            "SELECT \(.userColumns) FROM \(.users) WHERE id = \(id) LOCK IN SHARE MODE"
        )
        .map(User.init)
    }

    /// Prevents others from counting or adding the rows that belong to this user until the
    /// transaction ends.
    package func lockAlone(_ id: User.ID) throws(DatabaseError) {
        _ = try database.row("SELECT id FROM \(.userTable) WHERE id = \(id) FOR UPDATE")
    }

    /// Stores a new hash and returns whether the user still had the old hash.
    package func update(_ user: User, password: PasswordHash, now: Timestamp) throws(DatabaseError) -> Bool {
        try database.execute(
            """
            UPDATE \(.userTable) SET password = \(password.text), updated_at = \(now) WHERE id = \(user.id)
                AND password = \(user.password.text)
            """
        ) == 1
    }

    /// Stores a new password and ends all sign-ins with the old password, on every device.
    ///
    /// Returns whether the user still had the old password. Call `endLateSignIns` after the commit.
    package func change(_ user: User, password: PasswordHash, in change: Change) throws(DatabaseError) -> Bool {
        guard try update(user, password: password, now: change.now) else { return false }
        try SessionRepository(database).delete(of: user.id)
        try RefreshFamilyRepository(database).revokeSignIns(of: user.id, now: change.now)
        return true
    }

    /// Ends the sign-ins, except one session, that another node of a cluster stored just before a
    /// password change was committed.
    ///
    /// Ignores failures. The password is already changed, so nobody can repair a failure, and it
    /// must not be reported as a failure of the change.
    package func endLateSignIns(of user: User.ID, but session: Session.ID? = nil, now: Timestamp) {
        _ = try? database.transaction {
            try SessionRepository(database).delete(of: user, but: session)
            try RefreshFamilyRepository(database).revokeSignIns(of: user, now: now)
        }
    }
}

extension SQL {
    /// The columns of a user.
    package static let userColumns: SQL = "id, name, email, password, created_at, updated_at"
}

extension User {
    package init(_ row: Row) throws(DatabaseError) {
        let (id, email) = (try row.text("id"), try row.optionalText("email") ?? "")
        let names = [try row.optionalText("name"), email, id].compactMap(\.self)
        self.init(
            id: ID(id), name: names.first { !$0.isEmpty } ?? id, email: email,
            password: PasswordHash(try row.optionalText("password") ?? ""),
            createdAt: try row.optionalTime("created_at"), updatedAt: try row.optionalTime("updated_at"))
    }
}
