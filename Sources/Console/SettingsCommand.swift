import ArgumentParser
import AuthorizationServer

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "List every setting: its value, its default, and what it does.")

    @Flag(help: "As a table in Markdown.")
    var markdown = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        if markdown {
            print(
                Table.markdown(
                    ["setting", "default", "what it does"],
                    Setting.all.map {
                        ["`\($0.name)`", $0.defaultValue.isEmpty ? "" : "`\($0.defaultValue)`", $0.sentence]
                    }))
            return
        }
        let values = try source.values()
        print(
            Table.text(
                Setting.all.map { setting in
                    let value = values[setting.name].flatMap { $0.isEmpty ? nil : $0 }
                    let shown =
                        value.map { setting.isSecret ? "(set)" : $0.filter { !$0.isNewline } } ?? setting.defaultValue
                    return [setting.name, shown, value == nil ? "default" : "set", setting.sentence]
                }))
    }
}
