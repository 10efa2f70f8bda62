import Internationalization

/// An email address as somebody typed it, and the form in which two addresses are compared.
public struct EmailAddress: Sendable {
    public let text: String

    /// Takes any text: adopted users may have addresses that nobody could register today.
    public init(_ text: String) {
        self.text = text
    }

    /// The form by which addresses are one: the local part in lower case, and the domain's ASCII
    /// form (RFC 5891).
    ///
    /// It is compared by code points, so `josé@` and `jose@` are two people.
    public var normalForm: String {
        guard let at = text.lastIndex(of: "@") else { return text.lowercased() }
        let domain = String(text[text.index(after: at)...])
        // IDNA leaves such characters out, and what nobody sees must not make two texts one.
        guard domain.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .format }) else {
            return text.lowercased()
        }
        return text[..<at].lowercased() + "@" + (DomainName.ascii(domain) ?? domain.lowercased())
    }

    /// The same with the letters of its domain, as people type it.
    var unicodeForm: String {
        guard let at = text.lastIndex(of: "@") else { return text }
        let domain = String(text[text.index(after: at)...])
        return text[...at] + (DomainName.unicode(domain) ?? domain)
    }

    /// Whether somebody may register it: text on both sides of one `@`, a domain, and no character
    /// that only looks like nothing.
    ///
    /// Only a message could tell whether it exists.
    public var isValid: Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }),
            DomainName.ascii(String(parts[1])) != nil
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .format && !$0.properties.isWhitespace && $0.value >= 0x20
                && $0.value != 0x7f
                && !"<>\",;:\\()[]".unicodeScalars.contains($0)
        }
    }

    /// Whether two texts are the same address.
    public static func areEqual(_ one: String, _ two: String) -> Bool {
        EmailAddress(one).normalForm.utf8.elementsEqual(EmailAddress(two).normalForm.utf8)
    }
}
