import HTTP
import OAuth
import Storage

/// JSON Schemas (2020-12) of the documents that clients and the server exchange.
///
/// The schemas are created from the examples that the reference shows.
enum JSONSchema {
    /// The members that may be null.
    ///
    /// The `identifiers` are a number in one schema of the database and a text in another schema.
    private static let nullable: Set<String> = [
        "user_id", "name", "provider", "created_at", "updated_at", "secret", "plainSecret",
    ]
    private static let identifiers: Set<String> = ["id", "user_id", "client_id"]
    /// The members that may be absent from an answer.
    private static let optional: Set<String> = [
        "refresh_token", "email", "hint", "errors", "code", "trace", "scopes_supported", "crv", "x", "y",
    ]

    /// Returns the schema of documents with the form of an example.
    static func of(_ example: JSON, named name: String = "") -> JSON {
        switch example {
        case .object(let members):
            return [
                "type": "object",
                "properties": .object(members.map { JSON.Member(name: $0.name, value: of($0.value, named: $0.name)) }),
                "required": JSON(members.map(\.name).filter { !optional.contains($0) }),
            ]
        case .array(let values):
            return values.first.map { ["type": "array", "items": of($0)] } ?? ["type": "array"]
        case .bool: return ["type": "boolean"]
        case .integer where !identifiers.contains(name): return ["type": "integer"]
        case .null: return identifiers.contains(name) ? identifier(name) : ["type": ["string", "null"]]
        default:
            if identifiers.contains(name) { return identifier(name) }
            return nullable.contains(name) ? ["type": ["string", "null"]] : ["type": "string"]
        }
    }

    private static func identifier(_ name: String) -> JSON {
        ["type": name == "user_id" ? ["integer", "string", "null"] : ["integer", "string"]]
    }

    /// Returns the schema of a parameter.
    static func of(_ parameter: Input, _ settings: Settings) -> JSON {
        switch parameter.kind {
        case .text(let maximum): ["type": "string", "minLength": 1, "pattern": .string(printable(maximum))]
        case .name(let maximum):
            [
                "anyOf": [
                    ["type": "string", "minLength": 1, "pattern": .string(printable(maximum))],
                    ["type": "number", "description": "The same as its digits."],
                    ["const": true, "description": "The same as `1`."],
                ]
            ]
        case .email(let maximum): ["type": "string", "format": "email", "maxLength": .integer(Int64(maximum))]
        case .password(let maximum): ["type": "string", "minLength": 1, "maxLength": .integer(Int64(maximum))]
        case .portion: ["type": "integer", "minimum": 1, "maximum": 10_000]
        case .newPassword:
            [
                "type": "string", "minLength": .integer(Int64(User.shortestPassword)),
                "maxLength": .integer(Int64(User.longestPassword)),
            ]
        case .redirects(let maximum): ["type": "string", "minLength": 3, "maxLength": .integer(Int64(maximum))]
        case .flag: ["enum": [true, false, 0, 1, "0", "1", "true", "false"]]
        case .scopes:
            settings.scopes.all.isEmpty
                ? ["type": "array", "maxItems": 0]
                : ["type": "array", "items": ["type": "string", "enum": JSON(settings.scopes.all.map(\.id))]]
        case .seconds(let range):
            [
                "anyOf": [
                    [
                        "type": "integer", "minimum": .integer(Int64(range(settings).lowerBound)),
                        "maximum": .integer(Int64(range(settings).upperBound)),
                    ],
                    [
                        "type": "string", "pattern": "^[0-9]*$",
                        "description": "The same number in digits, as a form sends it.",
                    ],
                ]
            ]
        // An empty parameter counts as absent (RFC 6749 §3.1).
        case .choice(let values):
            ["type": "string", "enum": JSON(values(settings) + (parameter.isRequired ? [] : [""]))]
        case .tags:
            [
                "type": "string", "contentMediaType": "application/json",
                "pattern": #"^\[("[A-Za-z0-9_-]*"(,"[A-Za-z0-9_-]*")*)?\]$"#,
            ]
        case .opaque: ["type": "string"]
        }
    }

    /// Returns the pattern of a text with at most `maximum` characters and without control
    /// characters.
    ///
    /// White space around the text does not count.
    private static func printable(_ maximum: Int) -> String {
        let (visible, any) = (#"[^\s\u0000-\u001f\u007f]"#, #"[^\u0000-\u001f\u007f]"#)
        return "^\\s*\(visible)(\(any){0,\(maximum - 2)}\(visible))?\\s*$"
    }
}
