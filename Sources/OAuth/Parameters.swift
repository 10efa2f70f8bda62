package import HTTP
import HTTPTypes

/// The parameters of a query or a body: names and values, the repeated names, and the names with
/// values that cannot be decoded.
///
/// A parameter that no code reads is ignored, whatever its value is (RFC 6749 §3.1).
package struct Parameters {
    private var values: [String: JSON] = [:]
    private var repeated: Set<String> = []
    private var unreadable: Set<String> = []

    /// Creates an empty set of parameters.
    package init() {}

    /// Reads a query, or throws an error for more than 200 parameters.
    package init(query: String) throws(ParametersError) {
        guard let form = Form(query.utf8) else { throw .tooMany }
        add(form)
    }

    /// Reads a body.
    ///
    /// An empty body has no fields. Throws an error for another type, for a body that is malformed,
    /// and for more than 200 values.
    package init(bodyOf request: Request) throws(ParametersError) {
        guard !request.body.isEmpty else { return }
        guard request[.contentEncoding] == nil else { throw .unsupportedMediaType }
        switch request.mediaType {
        case "application/x-www-form-urlencoded":
            guard let form = Form(request.body) else { throw .tooMany }
            add(form)
        case "multipart/form-data":
            guard let form = Form(multipart: request.body, contentType: request[.contentType] ?? "") else {
                throw .notMultipart
            }
            add(form)
        case let type where type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json"):
            // The limit is one higher because the object itself counts as a value.
            guard case .object(let members)? = JSON(parsing: request.body, valuesAtMost: Form.limit + 1) else {
                throw .notJSON
            }
            for member in members { add(member.name, member.value) }
        default:
            throw .unsupportedMediaType
        }
    }

    private mutating func add(_ form: Form) {
        var lists: [String: [JSON]] = [:]
        for (name, value) in form.pairs {
            if let (list, isNested) = Self.list(name) {
                lists[list, default: []].append(isNested ? [.string(value)] : .string(value))
            } else {
                add(name, .string(value))
            }
        }
        for (name, list) in lists { add(name, .array(list)) }
        for name in form.unreadable { unreadable.insert(Self.list(name)?.name ?? name) }
    }

    /// Returns the list that a name belongs to in PHP's notation: `scopes[]`, `scopes[0]`,
    /// `scopes[a]`.
    ///
    /// `scopes[a][b]` is a list of lists.
    private static func list(_ name: String) -> (name: String, isNested: Bool)? {
        guard name.utf8.last == UInt8(ascii: "]"), let bracket = name.firstIndex(of: "["), bracket > name.startIndex
        else { return nil }
        return (String(name[..<bracket]), name[bracket...].utf8.count(where: { $0 == UInt8(ascii: "[") }) > 1)
    }

    private mutating func add(_ name: String, _ value: JSON) {
        if values.updateValue(value, forKey: name) != nil { repeated.insert(name) }
    }

    /// Returns whether a name was sent, with any value.
    package func contains(_ name: String) -> Bool { values[name] != nil || isUnreadable(name) }

    /// Returns whether a name was sent with a value that is not percent-encoded UTF-8.
    package func isUnreadable(_ name: String) -> Bool { unreadable.contains(name) }

    /// Returns whether a name was sent twice.
    package func isRepeated(_ name: String) -> Bool { repeated.contains(name) }

    /// The value as it was sent, or `nil` for null.
    package subscript(name: String) -> JSON? {
        values[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// Returns an OAuth parameter: one text of at most `limit` bytes, or `nil`.
    ///
    /// An empty parameter counts as missing (RFC 6749 §3.1, §3.2). White space around the text is
    /// removed, as Laravel does. It is kept if the sender gets the text back, or if it may be part
    /// of a password.
    package func oauthText(_ name: String, atMost limit: Int = Self.longest) throws(OAuthError) -> String? {
        guard !isUnreadable(name) else { throw .invalidRequest(name) }
        guard let value = self[name] else { return nil }
        guard !isRepeated(name), case .string(let text) = value else { throw .invalidRequest(name) }
        guard text.utf8.count <= limit else {
            throw .invalidRequest(name, "The \(name) parameter has more than \(limit) bytes.")
        }
        guard !text.utf8.contains(0) else { throw .invalidRequest(name) }
        let kept = Self.exact.contains(name) ? text : String(text.trimming())
        return kept.isEmpty ? nil : kept
    }

    /// The parameters that are not trimmed, because every byte counts.
    private static let exact: Set<String> = ["state", "nonce", "password"]

    /// Returns a required OAuth parameter, or throws an error if it is missing.
    package func requiredOAuthText(_ name: String, atMost limit: Int = Self.longest) throws(OAuthError) -> String {
        guard let text = try oauthText(name, atMost: limit) else { throw .invalidRequest(name) }
        return text
    }

    /// Returns the parameter `scope`, which may be a long list.
    package func scope() throws(OAuthError) -> String? { try oauthText("scope", atMost: Self.longestScope) }

    /// Returns an id.
    ///
    /// Passport's consumers send a numeric id as a JSON number.
    package func oauthIdentifier(_ name: String) throws(OAuthError) -> String? {
        if !isRepeated(name), case .integer(let number)? = self[name] { return String(number) }
        return try oauthText(name)
    }

    /// The maximum bytes of an OAuth parameter, unless the caller sets another limit.
    package static let longest = 2048
    /// The maximum bytes of a code or a refresh token.
    ///
    /// Codes and refresh tokens that Passport made contain their scopes.
    package static let longestToken = 8192
    /// The maximum bytes of `scope`.
    package static let longestScope = 4096
    /// The maximum bytes of `state`, which is stored with a consent page.
    package static let longestState = 4096
}

/// The reasons why a query or a body cannot be read.
package enum ParametersError: Error {
    case tooMany
    case notJSON
    case notMultipart
    /// The body has a type that nothing reads, or is compressed.
    case unsupportedMediaType
}
