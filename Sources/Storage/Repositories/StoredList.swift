import HTTP
package import MariaDB

extension [String] {
    /// Reads a list that a column stores as a JSON array.
    package init(storedAs text: String) {
        guard case .array(let values) = JSON(parsing: Array<UInt8>(text.utf8)) else {
            self = []
            return
        }
        self = values.compactMap(\.text)
    }
}

extension [Row] {
    /// Returns the ids of the rows that have all of these scopes in `scopes`.
    package func ids(covering scopes: [String]) throws(DatabaseError) -> [String] {
        var ids: [String] = []
        for row in self where Set(scopes).isSubset(of: [String](storedAs: try row.optionalText("scopes") ?? "[]")) {
            ids.append(try row.text("id"))
        }
        return ids
    }
}
