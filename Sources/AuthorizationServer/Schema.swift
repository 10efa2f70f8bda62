public import MariaDB

/// The migrations of `sql/` at the time when the program was built.
public enum Schema {
    /// All migrations, in order.
    public static let migrations = EmbeddedFiles.all.filter { $0.name.hasSuffix(".sql") }.map {
        Migration(name: String($0.name.dropLast(4)), text: $0.text)
    }
}
