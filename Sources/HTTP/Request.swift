package import HTTPTypes

/// A request, as nginx described it.
package struct Request: Sendable {
    package var method: HTTPRequest.Method
    /// The path as the client sent it, percent-encoded and without the query.
    package var path: String
    /// The text after the `?`, percent-encoded.
    package var query: String
    package var fields: HTTPFields
    package var body: [UInt8]
    /// Whether the body was longer than the limit and was discarded.
    package var bodyIsTooLarge: Bool
    /// The path as nginx decoded and normalised it to choose a `location`.
    package var normalizedPath: String?
    package var remoteAddress: String
    /// The scopes that the configuration of nginx requires of a bearer token, separated by spaces.
    ///
    /// The caller cannot set them. If the text is empty, any token is sufficient. `nil` means that
    /// nginx did not ask for a check.
    package var requiredScope: String?
    /// The audiences of which a bearer token must have one, separated by spaces.
    ///
    /// Only the configuration of nginx can set them. `nil` means that nginx names none.
    package var requiredAudience: String?
    /// The `$request_id` of nginx.
    package var id: String
    /// The version of the configuration that nginx has, or `nil` if the configuration has none.
    package var configurationVersion: Int?

    /// Creates a request.
    ///
    /// The default values are those of a plain `GET`.
    package init(
        method: HTTPRequest.Method = .get, path: String, query: String = "", fields: HTTPFields = [:],
        body: [UInt8] = [],
        bodyIsTooLarge: Bool = false, normalizedPath: String? = nil, remoteAddress: String = "",
        requiredScope: String? = nil, requiredAudience: String? = nil,
        id: String = "", configurationVersion: Int? = nil
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
        self.requiredAudience = requiredAudience
        self.id = id
        self.configurationVersion = configurationVersion
    }

    /// The value of a header field.
    ///
    /// Each field occurs at most once, because nginx passes on only one.
    package subscript(name: HTTPField.Name) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Whether the caller wants a page.
    ///
    /// The caller wants a page if `Accept` prefers `text/html`. A bearer token or a JSON body shows
    /// that a program calls, which wants no page.
    package var prefersPage: Bool {
        guard Accept(self[.accept]).prefersHTML, credentials(of: "Bearer") == nil else { return false }
        return !mediaType.hasSuffix("json")
    }

    /// The media type of the body, in lower case and without its parameters.
    package var mediaType: String {
        guard let field = self[.contentType], field.utf8.count <= 256 else { return "" }
        return Substring(field.utf8.prefix { $0 != UInt8(ascii: ";") }).filter { $0 != " " && $0 != "\t" }.lowercased()
    }

    /// Returns the text after a scheme in `Authorization` (RFC 9110 §11.6.2).
    ///
    /// One or more spaces separate the text from the scheme. Returns `nil` for another scheme.
    package func credentials(of scheme: String) -> Substring? {
        guard let field = self[.authorization], field.utf8.count > scheme.utf8.count,
            field.prefix(scheme.count).lowercased() == scheme.lowercased()
        else { return nil }
        let rest = field.dropFirst(scheme.count)
        return rest.first == " " ? rest.drop { $0 == " " } : nil
    }

    /// Returns the values of a cookie.
    ///
    /// There is more than one value if two paths or domains have a cookie of this name. At most
    /// four values are read.
    package func cookies(_ name: String) -> [String] {
        guard let header = self[.cookie] else { return [] }
        var values: [String] = []
        // Splits bytes, because Swift treats a semicolon before a combining accent as another
        // character.
        for pair in header.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 200) where values.count < 4 {
            let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")), trimmed[..<equals].elementsEqual(name.utf8)
            else { continue }
            values.append(String(decoding: trimmed[trimmed.index(after: equals)...], as: UTF8.self))
        }
        return values
    }

    /// Returns the first value of a cookie.
    package func cookie(_ name: String) -> String? { cookies(name).first }

    /// The network of `remoteAddress`, which the limits count.
    package var network: String { Network.of(remoteAddress) }
}
