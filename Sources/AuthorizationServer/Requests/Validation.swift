import HTTP

/// Checks the fields of a request one after the other, and collects what is wrong in Laravel's words.
struct Validation {
    private let parameters: Parameters
    private(set) var errors: [(field: String, messages: [String])] = []

    init(_ parameters: Parameters) {
        self.parameters = parameters
    }

    /// A text that must be there, without the white space around it, of so many code points at most; `""` when it is wrong.
    mutating func text(_ field: String, maximum: Int = 255) -> String {
        guard let text = raw(field)?.trimming(), !text.isEmpty else {
            if !errors.contains(where: { $0.field == field }) { fail(field, "The \(field) field is required.") }
            return ""
        }
        if text.unicodeScalars.count > maximum { fail(field, "The \(field) field must not be greater than \(maximum) characters.") }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            fail(field, "The \(field) field must not contain control characters.")
        }
        return String(text)
    }

    /// An email address: something on both sides of one `@`; whether it exists only a message could tell.
    mutating func email(_ field: String) -> String {
        let email = text(field)
        let isAddress = email.wholeMatch(of: #/[^\s@<>",;:\\()\[\]]+@[^\s@<>",;:\\()\[\]]+/#) != nil
        if !email.isEmpty, !isAddress { fail(field, "The \(field) field must be a valid email address.") }
        return email
    }

    /// A new password: 8 characters at least, and what bcrypt can take, 72 bytes without NUL.
    mutating func newPassword(_ field: String) -> String {
        guard let password = raw(field), !password.isEmpty else {
            if !errors.contains(where: { $0.field == field }) { fail(field, "The \(field) field is required.") }
            return ""
        }
        if password.unicodeScalars.count < 8 { fail(field, "The \(field) field must be at least 8 characters.") }
        if password.utf8.count > 72 { fail(field, "The \(field) field must not be greater than 72 bytes.") }
        if password.utf8.contains(0) { fail(field, "The \(field) field must not contain NUL.") }
        let confirmation = "\(field)_confirmation"
        if parameters.contains(confirmation), raw(confirmation) != password { fail(field, "The \(field) field confirmation does not match.") }
        return password
    }

    /// A password to compare with; any text.
    mutating func password(_ field: String) -> String {
        guard let password = raw(field), !password.isEmpty else {
            if !errors.contains(where: { $0.field == field }) { fail(field, "The \(field) field is required.") }
            return ""
        }
        return password
    }

    /// True, false, 0, 1, "0" or "1"; absent is the default.
    mutating func flag(_ field: String, default fallback: Bool) -> Bool {
        guard parameters.contains(field) else { return fallback }
        if !parameters.isRepeated(field) {
            switch parameters[field] {
            case .bool(let value)?: return value
            case .integer(0)?, .string("0")?: return false
            case .integer(1)?, .string("1")?: return true
            default: break
            }
        }
        fail(field, "The \(field) field must be true or false.")
        return fallback
    }

    /// A list of scope ids that exist; absent is none.
    mutating func scopes(_ field: String, of catalogue: ScopeCatalogue) -> [String] {
        guard parameters.contains(field) else { return [] }
        guard case .array(let values)? = parameters[field], !parameters.isRepeated(field) else {
            fail(field, "The \(field) field must be an array.")
            return []
        }
        var ids: [String] = []
        for value in values {
            guard let id = value.text, catalogue.contains(id) else {
                fail(field, "The selected \(field) is invalid.")
                return []
            }
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// One or several redirect URIs, with commas between them, as they will be stored.
    mutating func redirect(_ field: String) -> String {
        let text = text(field, maximum: 60_000)
        let uris = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimming()) }
        if !text.isEmpty, uris.contains(where: { RedirectURI(registering: $0) == nil }) {
            fail(field, "One or more redirects have an invalid URI format.")
        }
        return uris.joined(separator: ",")
    }

    /// Notes what is wrong with a field.
    mutating func fail(_ field: String, _ message: String) {
        if let index = errors.firstIndex(where: { $0.field == field }) {
            errors[index].messages.append(message)
        } else {
            errors.append((field, [message]))
        }
    }

    /// Throws 422 if anything was wrong.
    func finish() throws(HTTPError) {
        if !errors.isEmpty { throw .unprocessable(errors) }
    }

    private mutating func raw(_ field: String) -> String? {
        if parameters.isRepeated(field) {
            fail(field, "The \(field) field must not be given twice.")
            return nil
        }
        guard let value = parameters[field] else { return nil }
        guard let text = value.text else {
            fail(field, "The \(field) field must be a string.")
            return nil
        }
        return text
    }
}
