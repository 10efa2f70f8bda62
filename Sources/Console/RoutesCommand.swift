import ArgumentParser
import AuthorizationServer
import HTTP
import HTTPTypes

struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "routes", abstract: "List every address: method, path, name, and who may call.")

    @Flag(help: "As the table of the README.")
    var markdown = false

    @Flag(help: "As JSON, for scripts.")
    var json = false

    func validate() throws {
        if markdown, json { throw ValidationError("--markdown and --json cannot go together.") }
    }

    func run() {
        if json { return print(String(decoding: Self.document.bytes, as: UTF8.self)) }
        let rows = Routes.all.map { [$0.method.rawValue, $0.path.description, $0.name, $0.access.rawValue, $0.title] }
        if markdown {
            print(
                Table.markdown(["method", "path", "name", "who may call", "what it does"], rows.map { [$0[0], "`\($0[1])`", $0[2], $0[3], $0[4]] }))
        } else {
            print(Table.text(rows.map { Array($0.prefix(4)) }))
        }
    }

    private static var document: JSON {
        .array(
            Routes.all.map { route in
                [
                    "method": .string(route.method.rawValue), "path": .string(route.path.description), "name": .string(route.name),
                    "access": .string(route.access.rawValue), "group": .string(route.group), "title": .string(route.title),
                ]
            })
    }
}

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "List every setting: its value, its default, and what it does.")

    @Flag(help: "As the table of the README.")
    var markdown = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        if markdown {
            print(
                Table.markdown(
                    ["setting", "default", "what it does"],
                    Setting.all.map { ["`\($0.name)`", $0.defaultValue.isEmpty ? "" : "`\($0.defaultValue)`", $0.sentence] }))
            return
        }
        let values = try source.values()
        print(
            Table.text(
                Setting.all.map { setting in
                    let value = values[setting.name].flatMap { $0.isEmpty ? nil : $0 }
                    let shown = value.map { setting.isSecret ? "(set)" : $0.filter { !$0.isNewline } } ?? setting.defaultValue
                    return [setting.name, shown, value == nil ? "default" : "set", setting.sentence]
                }))
    }
}

/// Rows of text in columns.
enum Table {
    /// Columns as wide as their widest cell, two spaces apart.
    static func text(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { index, cell in
                index == row.count - 1 ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A table in Markdown.
    static func markdown(_ head: [String], _ rows: [[String]]) -> String {
        ([head, head.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }
}
