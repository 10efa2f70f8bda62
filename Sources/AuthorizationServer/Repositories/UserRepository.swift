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
        let row = try database.row("SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE id = ?", id)
        return try row.map(User.init).flatMap { $0.id == id ? $0 : nil }
    }

    /// The user with this address, in whatever case.
    ///
    /// MariaDB's collation takes `áda@…` for `ada@…` too; such a user is not returned, since guesses are counted by the address that was typed.
    public func find(email: String) throws(DatabaseError) -> User? {
        let row = try database.row("SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE email = ?", email)
        return try row.map(User.init).flatMap { $0.email.lowercased().utf8.elementsEqual(email.lowercased().utf8) ? $0 : nil }
    }

    /// The first user of this name; names need not be unique.
    func find(name: String) throws(DatabaseError) -> User? {
        try database.row("SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE name = ? ORDER BY id LIMIT 1", name)
            .map(User.init)
    }

    /// Adds a user; throws a duplicate key where the address is taken.
    public func create(name: String, email: String, password: PasswordHash, now: Timestamp) throws -> User {
        let id = try PassportTables(on: database).userKey.make(now: now)
        let number = try database.insert(
            "INSERT INTO users (id, name, email, password, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            id, name, email, password.text, now, now)
        return User(id: User.ID(id ?? String(number)), name: name, email: email, password: password, createdAt: now, updatedAt: now)
    }

    /// The user with this id, whom nobody changes until the transaction ends.
    func lock(_ id: User.ID) throws(DatabaseError) -> User? {
        try database.row("SELECT id, name, email, password, created_at, updated_at FROM consulate_users WHERE id = ? LOCK IN SHARE MODE", id)
            .map(User.init)
    }

    /// Stores another hash; says whether the user still had the one that is replaced.
    func update(_ user: User, password: PasswordHash, now: Timestamp) throws(DatabaseError) -> Bool {
        try database.execute(
            "UPDATE users SET password = ?, updated_at = ? WHERE id = ? AND password = ?", password.text, now, user.id, user.password.text) == 1
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
        self.init(
            id: ID(try row.text("id")), name: try row.text("name"), email: try row.text("email"), password: PasswordHash(try row.text("password")),
            createdAt: try row.optionalTime("created_at"), updatedAt: try row.optionalTime("updated_at"))
    }
}
