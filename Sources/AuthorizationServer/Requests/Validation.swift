import HTTP
import OAuth
import Storage

/// A validator that checks the fields of a request one by one and collects the failures.
struct Validation {
    private let parameters: Parameters
    private(set) var errors: Failures = []
    private var hasUnreadable = false

    init(_ parameters: Parameters) {
        self.parameters = parameters
    }

    /// Returns a text without the white space around it, or `""` if it is missing or unreadable.
    ///
    /// A text that is longer than its declaration says, or has control characters, is a failure.
    mutating func text(_ parameter: Input) -> String {
        let field = parameter.name
        guard let text = raw(parameter)?.trimming(), !text.isEmpty else {
            miss(parameter)
            return ""
        }
        if let maximum = parameter.maximum, text.unicodeScalars.count > maximum { fail(field, .tooLong(maximum)) }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            fail(field, .controlCharacters)
        }
        return String(text)
    }

    /// Returns a name that people see.
    ///
    /// An unchanged name is not checked again, because an adopted client may have any name.
    mutating func name(_ parameter: Input, keeping old: String? = nil) -> String {
        let field = parameter.name
        if let old, !parameters.isRepeated(field), parameters[field]?.text?.utf8.elementsEqual(old.utf8) == true {
            return old
        }
        let name = text(parameter)
        if let old, old.utf8.elementsEqual(name.utf8) { return name }
        if !name.isEmpty, !DisplayName.isVisible(name) { fail(field, .invisible) }
        if DisplayName.hasHiddenCharacter(name) { fail(field, .hidden) }
        return name
    }

    /// Returns an email address for a registration.
    mutating func email(_ parameter: Input) -> String {
        let email = text(parameter)
        if !email.isEmpty, !EmailAddress(email).isValid { fail(parameter.name, .email) }
        return email
    }

    /// Returns a new password in the form that is hashed.
    mutating func newPassword(_ parameter: Input, knowing words: [String] = []) -> String {
        let field = parameter.name
        guard let typed = raw(parameter), !typed.isEmpty else {
            miss(parameter)
            return ""
        }
        let password = User.normalForm(ofPassword: typed)
        for failure in User.failures(ofNewPassword: password, knowing: words) { fail(field, failure) }
        if parameters.contains(Input.confirmation.name),
            raw(.confirmation).map(User.normalForm(ofPassword:)) != password
        {
            fail(field, .confirmation)
        }
        return password
    }

    /// Returns a password that will be compared with a stored password.
    ///
    /// Any text is allowed.
    mutating func password(_ parameter: Input) -> String {
        guard let password = raw(parameter), !password.isEmpty else {
            miss(parameter)
            return ""
        }
        return password
    }

    /// Returns a flag: true, false, 0 or 1, or the same values as text of a form.
    ///
    /// An absent field means the default.
    mutating func flag(_ parameter: Input, default fallback: Bool) -> Bool {
        let field = parameter.name
        guard parameters.contains(field) else { return fallback }
        if !parameters.isRepeated(field) {
            switch parameters[field] {
            case .bool(let value)?: return value
            case .integer(0)?, .string("0")?, .string("false")?: return false
            case .integer(1)?, .string("1")?, .string("true")?: return true
            default: break
            }
        }
        fail(field, .notFlag)
        return fallback
    }

    /// Returns a number of seconds.
    ///
    /// An absent or empty field means the longest time.
    mutating func seconds(_ parameter: Input, in range: ClosedRange<Int>) -> Int {
        number(parameter.name, in: range, default: range.upperBound, whenEmpty: range.upperBound)
    }

    /// Returns a whole number, sent as a number or as digits of a form or a query.
    ///
    /// An absent field means the default. An empty field is a failure, unless `empty` has a number
    /// for it.
    mutating func number(
        _ field: String, in range: ClosedRange<Int>, default fallback: Int, whenEmpty empty: Int? = nil
    ) -> Int {
        guard !parameters.isRepeated(field), !parameters.isUnreadable(field) else {
            fail(field, .repeated)
            return fallback
        }
        let number: Int? =
            switch parameters[field] {
            case nil: fallback
            case .string("")?: empty
            case .integer(let value)?: Int(value)
            case .string(let digits)?:
                digits.utf8.count <= 18 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
            default: nil
            }
        guard let number, range.contains(number) else {
            fail(field, .notNumber(range))
            return fallback
        }
        return number
    }

    /// Returns a list of scope ids that exist.
    ///
    /// An absent field means an empty list.
    mutating func scopes(_ parameter: Input, of catalogue: ScopeCatalogue) -> [String] {
        let field = parameter.name
        guard parameters.contains(field) else { return [] }
        guard case .array(let values)? = parameters[field], !parameters.isRepeated(field),
            !parameters.isUnreadable(field)
        else {
            fail(field, .notList)
            return []
        }
        var ids: [String] = []
        for value in values {
            guard let id = value.text, catalogue.contains(id) else {
                fail(field, .unknown)
                return []
            }
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// Returns one or several redirect URIs in the form that will be stored.
    ///
    /// Commas or line breaks separate the URIs. Unchanged URIs are not checked again.
    mutating func redirect(_ parameter: Input, allowing schemes: Set<String>, keeping old: [RedirectURI] = [])
        -> String
    {
        guard let text = raw(parameter)?.trimming(), !text.isEmpty else {
            miss(parameter)
            return ""
        }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimming() }.filter { !$0.isEmpty }
        let uris = lines.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false).map {
            String($0.trimming())
        }
        let new = uris.count <= Self.mostPieces ? uris.filter { uri in !old.contains { $0.isSame(as: uri) } } : uris
        if let failure = Self.failure(ofRedirects: new, and: uris.count - new.count, schemes) {
            fail(parameter.name, failure)
        }
        return uris.joined(separator: ",")
    }

    /// The maximum number of URIs that are compared with the old URIs.
    ///
    /// A longer list is not compared, because no client has so many URIs.
    private static let mostPieces = 1000

    /// Returns the failure of the first invalid URI.
    ///
    /// The number of URIs is checked before the URIs themselves.
    private static func failure(ofRedirects uris: [String], and kept: Int, _ schemes: Set<String>) -> Failure? {
        guard uris.isEmpty || uris.count + kept <= RedirectURI.most else { return .tooMany(RedirectURI.most) }
        guard let wrong = uris.firstIndex(where: { RedirectURI(registering: $0, allowing: schemes) == nil }) else {
            return nil
        }
        let scheme = uris[wrong].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard scheme.count == 2, RedirectURI.isScheme(scheme[0]) else {
            return wrong > 0 && !uris[wrong].isEmpty ? .comma : .redirect
        }
        let name = scheme[0].lowercased()
        return ["http", "https"].contains(name) || name.contains(".") || !RedirectURI.canAllow(scheme: name)
            ? .redirect : .scheme
    }

    /// Adds the failure `required` if a required field is missing and has no other failure.
    private mutating func miss(_ parameter: Input) {
        if parameter.isRequired, !errors.contains(where: { $0.field == parameter.name }) {
            fail(parameter.name, .required)
        }
    }

    /// Adds a failure to a field.
    mutating func fail(_ field: String, _ failure: Failure) {
        if let index = errors.firstIndex(where: { $0.field == field }) {
            errors[index].failures.append(failure)
        } else {
            errors.append((field, [failure]))
        }
    }

    /// Throws 422 if any field failed, and 400 if a value could not be decoded.
    func finish() throws(HTTPError) {
        if hasUnreadable { throw .badRequest("A value is not percent-encoded UTF-8.") }
        if !errors.isEmpty { throw .unprocessable(errors) }
    }

    /// Returns the text of a name that is a number or true in JSON, as PHP writes it.
    ///
    /// Passport accepted these values as names.
    private static func name(_ value: JSON, _ parameter: Input) -> String? {
        guard case .name = parameter.kind else { return nil }
        return switch value {
        case .integer(let number): String(number)
        case .number(let number): "\(number)"
        case .bool(let flag): flag ? "1" : ""
        default: nil
        }
    }

    /// Returns the text of a field.
    ///
    /// A text that is far too long fails here, and is not checked further.
    private mutating func raw(_ parameter: Input) -> String? {
        let field = parameter.name
        if parameters.isUnreadable(field) {
            hasUnreadable = true
            fail(field, .notText)
            return nil
        }
        if parameters.isRepeated(field) {
            fail(field, .repeated)
            return nil
        }
        guard let value = parameters[field] else { return nil }
        guard let text = value.text ?? Self.name(value, parameter) else {
            fail(field, .notText)
            return nil
        }
        // A code point has up to four bytes. The limit of a password is in bytes.
        if case .password(let maximum) = parameter.kind, text.utf8.count > maximum {
            fail(field, .tooManyBytes(maximum))
            return nil
        }
        if case .newPassword = parameter.kind, text.utf8.count > 4 * User.longestPassword {
            fail(field, .tooManyBytes(User.longestPassword))
            return nil
        }
        if let maximum = parameter.maximum, text.utf8.count > 4 * maximum {
            fail(field, .tooLong(maximum))
            return nil
        }
        return text
    }
}
