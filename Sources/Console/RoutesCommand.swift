import ArgumentParser
import AuthorizationServer
import HTTP
import HTTPTypes

struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "List every address: method, path, name, and who may call.")

    @Flag(help: "As a table in Markdown.")
    var markdown = false

    @Flag(help: "As JSON, for scripts.")
    var json = false

    func validate() throws {
        if markdown, json { throw ValidationError("--markdown and --json cannot go together.") }
    }

    func run() {
        if json { return print(Self.document.compact) }
        let rows = Routes.all.map { [$0.method.rawValue, $0.path.description, $0.name, $0.access.name, $0.title] }
        if markdown {
            print(
                Table.markdown(
                    ["method", "path", "name", "who may call", "what it does"],
                    rows.map { [$0[0], "`\($0[1])`", $0[2], $0[3], $0[4]] }))
        } else {
            print(Table.text(rows.map { Array($0.prefix(4)) }))
        }
    }

    private static var document: JSON {
        .array(
            Routes.all.map { route in
                [
                    "method": .string(route.method.rawValue), "path": .string(route.path.description),
                    "name": .string(route.name),
                    "access": .string(route.access.name), "group": .string(route.group),
                    "title": .string(route.title),
                ]
            })
    }
}
