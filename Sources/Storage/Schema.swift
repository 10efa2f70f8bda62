package import MariaDB

/// The migrations of `sql/` at the time when the program was built.
package enum Schema {
    /// All migrations, in order.
    package static let migrations = EmbeddedFiles.all.filter { $0.name.hasSuffix(".sql") }.map {
        Migration(name: String($0.name.dropLast(4)), text: $0.text)
    }
}
