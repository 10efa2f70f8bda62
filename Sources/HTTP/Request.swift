public import HTTPTypes

/// One request, as nginx described it.
public struct Request: Sendable {
    public var method: HTTPRequest.Method
    /// The path as it came over the wire, percent-encoded and without its query.
    public var path: String
    /// What followed the `?`, percent-encoded.
    public var query: String
    public var fields: HTTPFields
    public var body: [UInt8]
    /// The body was longer than the limit, and was thrown away.
    public var bodyIsTooLarge: Bool
    /// The path as nginx decoded and normalised it to choose a `location`.
    public var normalizedPath: String?
    public var remoteAddress: String
    /// The scopes that nginx's configuration demands of a bearer token, with spaces between them; never the caller's.
    public var requiredScope: String?
    /// nginx's `$request_id`.
    public var id: String

    /// Describes a request; only what differs from a plain `GET` needs saying.
    public init(
        method: HTTPRequest.Method = .get, path: String, query: String = "", fields: HTTPFields = [:], body: [UInt8] = [],
        bodyIsTooLarge: Bool = false, normalizedPath: String? = nil, remoteAddress: String = "", requiredScope: String? = nil,
        id: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.bodyIsTooLarge = bodyIsTooLarge
        self.normalizedPath = normalizedPath
        self.remoteAddress = remoteAddress
        self.requiredScope = requiredScope
        self.id = id
    }

    /// The value of a header field; each comes once at most, since nginx hands on one.
    public subscript(name: HTTPField.Name) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Whether `Accept` asks for a page by name; curl's `*/*` does not.
    public var acceptsHTML: Bool {
        self[.accept]?.lowercased().contains("text/html") ?? false
    }

    /// The value of a cookie; the first, where a name was sent twice.
    public func cookie(_ name: String) -> String? {
        guard let header = self[.cookie] else { return nil }
        // By bytes: to Swift a semicolon with an accent behind it is another character.
        for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
            let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")), trimmed[..<equals].elementsEqual(name.utf8) else { continue }
            return String(decoding: trimmed[trimmed.index(after: equals)...], as: UTF8.self)
        }
        return nil
    }
}
