import MariaDB

/// Statements with a `?` for each value, which a table of test cases can hold.
extension Connection {
    /// Returns the rows of a query.
    package func rows(_ sql: SQL, _ values: any Bindable...) throws -> [Row] { try rows(sql.binding(values)) }

    /// Returns the first row of a query.
    package func row(_ sql: SQL, _ values: any Bindable...) throws -> Row? { try row(sql.binding(values)) }

    /// Runs a statement that returns no rows.
    @discardableResult
    package func execute(_ sql: SQL, _ values: any Bindable...) throws -> Int { try execute(sql.binding(values)) }
}
