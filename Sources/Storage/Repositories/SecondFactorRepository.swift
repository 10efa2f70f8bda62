package import MariaDB

/// The second factors that Laravel Fortify stores in the table `users`, if the shop has Fortify.
///
/// A factor counts if its secret is set and the factor is confirmed. If no user has confirmed a
/// factor, Fortify does not require the confirmation. The columns may appear and disappear, so each
/// call looks for them.
package struct SecondFactorRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Returns the condition that a row of `users` has a second factor, or `nil` without Fortify.
    private func condition() throws(DatabaseError) -> SQL? {
        guard try database.isAdopted() else { return nil }
        let row = try database.row(
            """
            SELECT COALESCE(MAX(column_name = 'two_factor_secret'), 0) AS secret,
                COALESCE(MAX(column_name = 'two_factor_confirmed_at'), 0) AS confirmation
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = CONCAT(\(database.tablePrefix), 'users')
            """)
        guard let row, try row.integer("secret") == 1 else { return nil }
        guard try row.integer("confirmation") == 1 else { return "COALESCE(two_factor_secret, '') <> ''" }
        return """
            COALESCE(two_factor_secret, '') <> '' AND (two_factor_confirmed_at IS NOT NULL
                OR NOT EXISTS (SELECT 1 FROM \(.userTable) o WHERE o.two_factor_confirmed_at IS NOT NULL))
            """
    }

    /// Returns whether a user has a second factor.
    package func exists(for user: User.ID) throws(DatabaseError) -> Bool {
        guard let condition = try condition() else { return false }
        return try database.row("SELECT 1 FROM \(.userTable) WHERE id = \(user) AND \(condition)") != nil
    }

    /// Returns how many users have a second factor.
    package func count() throws(DatabaseError) -> Int {
        guard let condition = try condition() else { return 0 }
        return try database.row("SELECT COUNT(*) AS n FROM \(.userTable) WHERE \(condition)")?.integer("n") ?? 0
    }
}
