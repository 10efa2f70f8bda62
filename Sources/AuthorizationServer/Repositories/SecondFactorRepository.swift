public import MariaDB

/// The second factors that Laravel Fortify stores in the table `users`, if the shop has Fortify.
///
/// A factor counts if its secret is set and the factor is confirmed. If no user has confirmed a
/// factor, Fortify does not require the confirmation. The columns may appear and disappear, so each
/// call looks for them.
public struct SecondFactorRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    public init(_ database: Connection) {
        self.database = database
    }

    private enum Columns {
        case none
        case secret
        case secretAndConfirmation
    }

    private func columns() throws(DatabaseError) -> Columns {
        guard try database.isAdopted() else { return .none }
        let row = try database.row(
            """
            SELECT COALESCE(MAX(column_name = 'two_factor_secret'), 0) AS secret,
                COALESCE(MAX(column_name = 'two_factor_confirmed_at'), 0) AS confirmation
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = CONCAT(?, 'users')
            """, database.tablePrefix)
        guard let row, try row.integer("secret") == 1 else { return .none }
        return try row.integer("confirmation") == 1 ? .secretAndConfirmation : .secret
    }

    /// Returns whether a user has a second factor.
    func exists(for user: User.ID) throws(DatabaseError) -> Bool {
        switch try columns() {
        case .none: false
        case .secret:
            try database.row("SELECT 1 FROM users WHERE id = ? AND COALESCE(two_factor_secret, '') <> ''", user) != nil
        case .secretAndConfirmation:
            try database.row(
                """
                SELECT 1 FROM users WHERE id = ? AND COALESCE(two_factor_secret, '') <> ''
                    AND (two_factor_confirmed_at IS NOT NULL
                    OR NOT EXISTS (SELECT 1 FROM users o WHERE o.two_factor_confirmed_at IS NOT NULL))
                """, user) != nil
        }
    }

    /// Returns how many users have a second factor.
    public func count() throws(DatabaseError) -> Int {
        let row: Row? =
            switch try columns() {
            case .none: nil
            case .secret:
                try database.row("SELECT COUNT(*) AS n FROM users WHERE COALESCE(two_factor_secret, '') <> ''")
            case .secretAndConfirmation:
                try database.row(
                    """
                    SELECT COUNT(*) AS n FROM users WHERE COALESCE(two_factor_secret, '') <> ''
                        AND (two_factor_confirmed_at IS NOT NULL
                        OR NOT EXISTS (SELECT 1 FROM users o WHERE o.two_factor_confirmed_at IS NOT NULL))
                    """)
            }
        return try row?.integer("n") ?? 0
    }
}
