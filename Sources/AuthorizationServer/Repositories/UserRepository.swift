public import Cryptography
public import MariaDB

/// The table `users`, which is Laravel's.
public struct UserRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Asks the database for nothing, to see whether it answers.
    func ping() throws(DatabaseError) {
        _ = try database.row("SELECT 1")
    }

    /// The user with this id.
    public func find(_ id: User.ID) throws(DatabaseError) -> User? {
        let row = try database.row(
            "SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE id = ?", id)
        return try row.map(User.init).flatMap { $0.id == id ? $0 : nil }
    }

    /// The user with this address, in whatever case, and with its domain in whatever form.
    ///
    /// Addresses are compared by their normal form. An adopted table has no column for it, and a
    /// row from before may have none yet: there MariaDB finds `áda@…` for `ada@…` too, and such a
    /// user is not returned.
    public func find(email: String) throws(DatabaseError) -> User? {
        let normalForm = EmailAddress(email).normalForm.truncated(to: 400)
        if try !database.isAdopted() {
            let row = try database.row(
                "SELECT id, name, email, password, created_at, updated_at FROM users WHERE email_normal = ?", normalForm
            )
            if let row { return try User(row) }
            return try database.rows(
                "SELECT id, name, email, password, created_at, updated_at FROM users WHERE email = ? AND email_normal IS NULL",
                email
            ).map(User.init).first { EmailAddress.areEqual($0.email, email) }
        }
        // The row may have the domain in either form; and a shop's collation may have two rows of
        // one normal form, as Laravel does then.
        let users = try database.rows(
            "SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE email IN (?, ?, ?)",
            email, normalForm,
            EmailAddress(email).unicodeForm
        ).map(User.init).filter { EmailAddress.areEqual($0.email, email) }
        return users.first { $0.email == email } ?? users.first
    }

    /// The first user of this name, by code points; names need not be unique.
    ///
    /// To MariaDB's collations all emoji are one, and so are `é` and `e`.
    func find(name: String) throws(DatabaseError) -> User? {
        try database.row(
            """
            SELECT id, name, email, password, created_at, updated_at FROM consulate_users
            WHERE name = ? AND CONVERT(name USING utf8mb4) COLLATE utf8mb4_nopad_bin = ? ORDER BY id LIMIT 1
            """, name, name
        ).map(User.init)
    }

    /// Adds a user; throws a duplicate key where the address is taken.
    public func create(name: String, email: String, password: PasswordHash, now: Timestamp) throws -> User {
        let id = try PassportTables(on: database).userKey.make(now: now)
        let number =
            if try database.isAdopted() {
                try database.insert(
                    "INSERT INTO users (id, name, email, password, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
                    id, name, email, password.text, now, now)
            } else {
                try database.insert(
                    "INSERT INTO users (id, name, email, email_normal, password, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    id, name, email, EmailAddress(email).normalForm.truncated(to: 400), password.text, now, now)
            }
        return User(
            id: User.ID(id ?? String(number)), name: name, email: email, password: password, createdAt: now,
            updatedAt: now)
    }

    /// Computes the normal form of addresses that have none yet, a thousand at a time; returns how
    /// many got one.
    ///
    /// Two rows with one normal form keep the older's: `doctor` names the others.
    public func computeNormalForms() throws(DatabaseError) -> Int {
        var (computed, last) = (0, "0")
        while true {
            let rows = try database.rows(
                "SELECT id, email FROM users WHERE email_normal IS NULL AND id > ? ORDER BY id LIMIT 1000", last)
            guard let end = try rows.last?.text("id") else { return computed }
            for row in rows {
                do {
                    computed += try database.execute(
                        "UPDATE users SET email_normal = ? WHERE id = ? AND email_normal IS NULL",
                        EmailAddress(try row.text("email")).normalForm.truncated(to: 400), try row.text("id"))
                } catch {
                    guard error.isDuplicateKey else { throw error }
                }
            }
            last = end
        }
    }

    /// The ids of users whose address has no normal form, the first hundred: another user has the
    /// same.
    public func withoutNormalForm() throws(DatabaseError) -> [String] {
        guard try !database.isAdopted() else { return [] }
        return try database.rows(
            "SELECT id FROM users FORCE INDEX (consulate_users_email_normal) WHERE email_normal IS NULL ORDER BY id LIMIT 100"
        )
        .map {
            row throws(DatabaseError) in try row.text("id")
        }
    }

    /// The user with this id, whom nobody changes until the transaction ends.
    func lock(_ id: User.ID) throws(DatabaseError) -> User? {
        try database.row(
            "SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE id = ? LOCK IN SHARE MODE",
            id
        )
        .map(User.init)
    }

    /// Lets nobody else count and add what this user has, until the transaction ends.
    func lockAlone(_ id: User.ID) throws(DatabaseError) {
        _ = try database.row("SELECT id FROM users WHERE id = ? FOR UPDATE", id)
    }

    /// Stores another hash; says whether the user still had the one that is replaced.
    func update(_ user: User, password: PasswordHash, now: Timestamp) throws(DatabaseError) -> Bool {
        try database.execute(
            "UPDATE users SET password = ?, updated_at = ? WHERE id = ? AND password = ?", password.text, now, user.id,
            user.password.text) == 1
    }

    /// Stores another password and ends whatever signed in with the old one, on every device; says whether the user still had that.
    public func change(_ user: User, password: PasswordHash, now: Timestamp) throws -> Bool {
        guard try database.transaction({ try changeOnce(user, password: password, now: now) }) else { return false }
        endLateSignIns(of: user.id, now: now)
        return true
    }

    /// The same, within a transaction.
    func changeOnce(_ user: User, password: PasswordHash, now: Timestamp) throws(DatabaseError) -> Bool {
        guard try update(user, password: password, now: now) else { return false }
        try SessionRepository(database).delete(of: user.id)
        try RefreshFamilyRepository(database).revokeSignIns(of: user.id, now: now)
        return true
    }

    /// Ends what was signed in on another node of a cluster just before a changed password was committed, but one session.
    ///
    /// The password is changed already, so that a failure is nobody's to mend: it must not be told as one of the change.
    func endLateSignIns(of user: User.ID, but session: Session.ID? = nil, now: Timestamp) {
        _ = try? database.transaction {
            try SessionRepository(database).delete(of: user, but: session)
            try RefreshFamilyRepository(database).revokeSignIns(of: user, now: now)
        }
    }
}

extension User {
    init(_ row: Row) throws(DatabaseError) {
        let (id, email) = (try row.text("id"), try row.optionalText("email") ?? "")
        let names = [try row.optionalText("name"), email, id].compactMap(\.self)
        self.init(
            id: ID(id), name: names.first { !$0.isEmpty } ?? id, email: email,
            password: PasswordHash(try row.optionalText("password") ?? ""),
            createdAt: try row.optionalTime("created_at"), updatedAt: try row.optionalTime("updated_at"))
    }
}
