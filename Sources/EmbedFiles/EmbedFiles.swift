import FoundationEssentials

/// A program that writes one Swift file with the text of other files: `EmbedFiles OUTPUT FILE…`.
@main
enum EmbedFiles {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let output = arguments.first else { return }
        var source = "enum EmbeddedFiles {\n    static let all: [(name: String, text: String)] = [\n"
        for file in arguments.dropFirst().map({ URL(filePath: $0) }) {
            let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
            source += "        (\n            \(literal(file.lastPathComponent)),\n            \(literal(text))),\n"
        }
        source += "    ]\n}\n"
        try Data(source.utf8).write(to: URL(filePath: output))
    }

    private static func literal(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
    }
}
