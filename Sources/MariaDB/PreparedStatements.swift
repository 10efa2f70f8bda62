/// The statements that are prepared on one connection.
struct PreparedStatements {
    /// The maximum number of statements, because MariaDB limits the number for all connections.
    static let limit = 200

    private var statements: [[SQL.Piece]: Statement] = [:]
    private var uses = 0

    /// Returns the statement with this text, if it is prepared.
    mutating func find(_ pieces: [SQL.Piece]) -> Statement? {
        guard let statement = statements[pieces] else { return nil }
        note(statement)
        return statement
    }

    /// Adds a statement, in place of the statement that was not used for the longest time.
    mutating func insert(_ statement: Statement, _ pieces: [SQL.Piece]) {
        if statements.count >= Self.limit, let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            statements[oldest.key] = nil
        }
        note(statement)
        statements[pieces] = statement
    }

    private mutating func note(_ statement: Statement) {
        uses += 1
        statement.lastUse = uses
    }
}
