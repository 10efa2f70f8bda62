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
    /// The scopes that nginx's configuration demands of a bearer token, with spaces between them.
    ///
    /// The caller cannot set them. Empty: any token will do; `nil`: nginx did not ask.
    public var requiredScope: String?
    /// nginx's `$request_id`.
    public var id: String

    /// Describes a request; only what differs from a plain `GET` needs saying.
    public init(
        method: HTTPRequest.Method = .get, path: String, query: String = "", fields: HTTPFields = [:],
        body: [UInt8] = [],
        bodyIsTooLarge: Bool = false, normalizedPath: String? = nil, remoteAddress: String = "",
        requiredScope: String? = nil,
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

    /// Whether the caller wants a page: `Accept` prefers `text/html`, and neither a bearer token
    /// nor a JSON body says that a program calls.
    public var prefersPage: Bool {
        guard Accept(self[.accept]).prefersHTML, credentials(of: "Bearer") == nil else { return false }
        return !mediaType.hasSuffix("json")
    }

    /// The media type of the body, in lower case and without its parameters.
    public var mediaType: String {
        guard let field = self[.contentType], field.utf8.count <= 256 else { return "" }
        return Substring(field.utf8.prefix { $0 != UInt8(ascii: ";") }).filter { $0 != " " && $0 != "\t" }.lowercased()
    }

    /// What follows a scheme in `Authorization`, behind one or more spaces (RFC 9110 §11.6.2);
    /// `nil` for another scheme.
    public func credentials(of scheme: String) -> Substring? {
        guard let field = self[.authorization], field.utf8.count > scheme.utf8.count,
            field.prefix(scheme.count).lowercased() == scheme.lowercased()
        else { return nil }
        let rest = field.dropFirst(scheme.count)
        return rest.first == " " ? rest.drop { $0 == " " } : nil
    }

    /// The values of a cookie: more than one if two paths or domains have a cookie of this name.
    ///
    /// At most four are read.
    public func cookies(_ name: String) -> [String] {
        guard let header = self[.cookie] else { return [] }
        var values: [String] = []
        // By bytes: to Swift a semicolon with an accent behind it is another character.
        for pair in header.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 200) where values.count < 4 {
            let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")), trimmed[..<equals].elementsEqual(name.utf8)
            else { continue }
            values.append(String(decoding: trimmed[trimmed.index(after: equals)...], as: UTF8.self))
        }
        return values
    }

    /// The first value of a cookie.
    public func cookie(_ name: String) -> String? { cookies(name).first }

    /// The network of `remoteAddress`, by which limits count.
    public var network: String { Network.of(remoteAddress) }
}
