/// A table, by its name without the prefix.
package struct Table: Sendable, Hashable, CustomStringConvertible {
    /// The name of the table.
    let name: Literal
    /// The name of the view that stands for the table where an application created the table.
    let view: Literal?

    /// The name.
    package var description: String { name.text.description }

    /// Names a table.
    ///
    /// Where an application created the table, statements read the view instead. Where Consulate
    /// created the table, the view would hide nothing, and MariaDB opens a view again for each
    /// execution.
    package init(_ name: StaticString, throughView view: StaticString? = nil) {
        self.name = Literal(name)
        self.view = view.map(Literal.init)
    }
}
