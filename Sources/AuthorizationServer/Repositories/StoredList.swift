import HTTP

extension [String] {
    /// Reads a list that a column holds as a JSON array.
    init(storedAs text: String) {
        guard case .array(let values) = JSON(parsing: Array<UInt8>(text.utf8)) else {
            self = []
            return
        }
        self = values.compactMap(\.text)
    }
}
