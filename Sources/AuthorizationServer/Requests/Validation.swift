import HTTP

/// Checks the fields of a request one after the other, and collects what is wrong.
struct Validation {
    private let parameters: Parameters
    private(set) var errors: Failures = []

    init(_ parameters: Parameters) {
        self.parameters = parameters
    }

    /// A text without the white space around it, no longer than its declaration says; `""` when it is wrong or left out.
    mutating func text(_ parameter: Parameter) -> String {
        let field = parameter.name
        guard let text = raw(field)?.trimming(), !text.isEmpty else {
            miss(parameter)
            return ""
        }
        if let maximum = parameter.maximum, text.unicodeScalars.count > maximum { fail(field, .tooLong(maximum)) }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            fail(field, .controlCharacters)
        }
        return String(text)
    }

    /// An email address.
    mutating func email(_ parameter: Parameter) -> String {
        let email = text(parameter)
        if !email.isEmpty, !User.canHave(email: email) { fail(parameter.name, .email) }
        return email
    }

    /// A new password: 8 characters at least, and what bcrypt can take, 72 bytes without NUL; a form also refuses what everybody guesses first.
    mutating func newPassword(_ parameter: Parameter, refusesCommon: Bool = false, knowing words: [String] = []) -> String {
        let field = parameter.name
        guard let password = raw(field), !password.isEmpty else {
            miss(parameter)
            return ""
        }
        if password.unicodeScalars.count < User.shortestPassword { fail(field, .tooShort(User.shortestPassword)) }
        if password.utf8.count > User.longestPassword { fail(field, .tooManyBytes(User.longestPassword)) }
        if password.utf8.contains(0) { fail(field, .nul) }
        if refusesCommon, CommonPasswords.contain(password, knowing: words) { fail(field, .common) }
        let confirmation = Parameter.confirmation.name
        if parameters.contains(confirmation), raw(confirmation) != password { fail(field, .confirmation) }
        return password
    }

    /// A password to compare with; any text.
    mutating func password(_ parameter: Parameter) -> String {
        let field = parameter.name
        guard let password = raw(field), !password.isEmpty else {
            miss(parameter)
            return ""
        }
        return password
    }

    /// True, false, 0 or 1, or the same as a form's text; absent is the default.
    mutating func flag(_ parameter: Parameter, default fallback: Bool) -> Bool {
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

    /// Seconds as a whole number, or its digits as a form sends them; absent or empty is the longest.
    mutating func seconds(_ parameter: Parameter, in range: ClosedRange<Int>) -> Int {
        let field = parameter.name
        let fallback = range.upperBound
        guard !parameters.isRepeated(field) else {
            fail(field, .repeated)
            return fallback
        }
        let number: Int? =
            switch parameters[field] {
            case nil, .string("")?: fallback
            case .integer(let value)?: Int(value)
            case .string(let digits)?: digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
            default: nil
            }
        guard let number, range.contains(number) else {
            fail(field, .notNumber(range))
            return fallback
        }
        return number
    }

    /// A list of scope ids that exist; absent is none.
    mutating func scopes(_ parameter: Parameter, of catalogue: ScopeCatalogue) -> [String] {
        let field = parameter.name
        guard parameters.contains(field) else { return [] }
        guard case .array(let values)? = parameters[field], !parameters.isRepeated(field) else {
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

    /// One or several redirect URIs, with commas or line breaks between them, as they will be stored.
    mutating func redirect(_ parameter: Parameter) -> String {
        let field = parameter.name
        guard let lines = raw(field)?.split(whereSeparator: \.isNewline).map({ $0.trimming() }).filter({ !$0.isEmpty }), !lines.isEmpty else {
            miss(parameter)
            return ""
        }
        let text = lines.joined(separator: ",")
        if let maximum = parameter.maximum, text.unicodeScalars.count > maximum { fail(field, .tooLong(maximum)) }
        let uris = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimming()) }
        if !text.isEmpty, uris.contains(where: { RedirectURI(registering: $0) == nil }) {
            fail(field, .redirect)
        }
        return uris.joined(separator: ",")
    }

    /// Notes that a field is not there, where it must be and nothing else is wrong with it.
    private mutating func miss(_ parameter: Parameter) {
        if parameter.isRequired, !errors.contains(where: { $0.field == parameter.name }) { fail(parameter.name, .required) }
    }

    /// Notes what is wrong with a field.
    mutating func fail(_ field: String, _ failure: Failure) {
        if let index = errors.firstIndex(where: { $0.field == field }) {
            errors[index].failures.append(failure)
        } else {
            errors.append((field, [failure]))
        }
    }

    /// Throws 422 if anything was wrong.
    func finish() throws(HTTPError) {
        if !errors.isEmpty { throw .unprocessable(errors) }
    }

    private mutating func raw(_ field: String) -> String? {
        if parameters.isRepeated(field) {
            fail(field, .repeated)
            return nil
        }
        guard let value = parameters[field] else { return nil }
        guard let text = value.text else {
            fail(field, .notText)
            return nil
        }
        return text
    }
}
