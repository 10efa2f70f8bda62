/// The statements that are prepared on one connection.
struct PreparedStatements {
    /// The maximum number of statements, because MariaDB limits the number for all connections.
    static let limit = 200

    /// The statements by the identity of their pieces.
    private var statements: [UInt: (pieces: [SQL.Piece], statement: Statement)] = [:]
    private var uses = 0

    /// Returns the statement with this text, if it is prepared.
    mutating func find(_ sql: SQL) -> Statement? {
        guard let (pieces, statement) = statements[sql.identity], pieces == sql.pieces else { return nil }
        note(statement)
        return statement
    }

    /// Adds a statement, in place of the statement that was not used for the longest time.
    mutating func insert(_ statement: Statement, _ sql: SQL) {
        if statements.count >= Self.limit,
            let oldest = statements.min(by: { $0.value.statement.lastUse < $1.value.statement.lastUse })
        {
            statements[oldest.key] = nil
        }
        note(statement)
        statements[sql.identity] = (sql.pieces, statement)
    }

    private mutating func note(_ statement: Statement) {
        uses += 1
        statement.lastUse = uses
    }
}
