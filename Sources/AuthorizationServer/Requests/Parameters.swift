import FoundationEssentials
import HTTP
import HTTPTypes

/// What a query or a body says: names and values, and which names came twice.
struct Parameters {
    private var values: [String: JSON] = [:]
    private var repeated: Set<String> = []

    /// No parameters.
    init() {}

    /// Reads a query; broken percent-encoding or UTF-8 is 400.
    init(query: String) throws(HTTPError) {
        guard let form = Form(query.utf8) else { throw .badRequest("The query is not percent-encoded UTF-8.") }
        add(form)
    }

    /// Reads a body of either type; an empty one has no fields, another type is 415, one that cannot be read is 400.
    init(bodyOf request: Request) throws(HTTPError) {
        guard !request.body.isEmpty else { return }
        guard request[.contentEncoding] == nil else { throw .unsupportedMediaType }
        let type = request[.contentType]?.split(separator: ";").first?.trimming().lowercased()
        switch type {
        case "application/x-www-form-urlencoded":
            guard let form = Form(request.body) else { throw .badRequest("The body is not percent-encoded UTF-8.") }
            add(form)
        case "application/json":
            guard case .object(let members)? = JSON(parsing: request.body) else { throw .badRequest("The body is not a JSON object.") }
            for member in members { add(member.name, member.value) }
        default:
            throw .unsupportedMediaType
        }
    }

    private mutating func add(_ form: Form) {
        var lists: [String: [JSON]] = [:]
        for (name, value) in form.pairs {
            if name.hasSuffix("[]") {
                lists[String(name.dropLast(2)), default: []].append(.string(value))
            } else {
                add(name, .string(value))
            }
        }
        for (name, list) in lists { add(name, .array(list)) }
    }

    private mutating func add(_ name: String, _ value: JSON) {
        if values.updateValue(value, forKey: name) != nil { repeated.insert(name) }
    }

    /// Whether a name was sent, with whatever value.
    func contains(_ name: String) -> Bool { values[name] != nil }

    /// Whether a name was sent twice.
    func isRepeated(_ name: String) -> Bool { repeated.contains(name) }

    /// The value as it was sent; null is nothing.
    subscript(name: String) -> JSON? {
        values[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// A parameter of the OAuth wire: one text or nothing, where an empty one is nothing (RFC 6749 §3.1, §3.2).
    func oauthText(_ name: String) throws(OAuthError) -> String? {
        guard let value = self[name] else { return nil }
        guard !isRepeated(name), case .string(let text) = value, !text.unicodeScalars.contains("\0") else { throw .invalidRequest(name) }
        return text.isEmpty ? nil : text
    }

    /// A parameter that must be there.
    func requiredOAuthText(_ name: String) throws(OAuthError) -> String {
        guard let text = try oauthText(name) else { throw .invalidRequest(name) }
        return text
    }

    /// An id, which Passport's consumers send as a JSON number where it is one.
    func oauthIdentifier(_ name: String) throws(OAuthError) -> String? {
        if !isRepeated(name), case .integer(let number)? = self[name] { return String(number) }
        return try oauthText(name)
    }
}
