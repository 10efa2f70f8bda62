/// A table, by its name without the prefix.
package struct Table: Sendable, CustomStringConvertible {
    /// The name of the table.
    let name: StaticString
    /// The name of the view that stands for the table where an application created the table.
    ///
    /// It is empty if there is no view.
    let view: StaticString

    /// The name.
    package var description: String { name.description }

    /// Names a table.
    ///
    /// Where an application created the table, statements read the view instead. Where Consulate
    /// created the table, the view would hide nothing, and MariaDB opens a view again for each
    /// execution.
    package init(_ name: StaticString, throughView view: StaticString = "") {
        self.name = name
        self.view = view
    }
}
