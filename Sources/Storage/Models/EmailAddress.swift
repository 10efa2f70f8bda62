import Internationalization

/// An email address as a person typed it, and the form for comparing two addresses.
package struct EmailAddress: Sendable {
    package let text: String

    /// Accepts any text, because adopted users may have addresses that nobody could register today.
    package init(_ text: String) {
        self.text = text
    }

    /// The form for comparing addresses: the local part in lower case, and the domain in its ASCII
    /// form (RFC 5891).
    ///
    /// The comparison is by code points, so `josé@` and `jose@` are two people.
    package var normalForm: String {
        guard let at = text.lastIndex(of: "@") else { return text.lowercased() }
        let domain = String(text[text.index(after: at)...])
        // IDNA removes these characters. Two texts that differ in an invisible character must not
        // become the same text.
        guard domain.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .format }) else {
            return text.lowercased()
        }
        return text[..<at].lowercased() + "@" + (DomainName.ascii(domain) ?? domain.lowercased())
    }

    /// The address with the Unicode letters of its domain, as people type it.
    package var unicodeForm: String {
        guard let at = text.lastIndex(of: "@") else { return text }
        let domain = String(text[text.index(after: at)...])
        return text[...at] + (DomainName.unicode(domain) ?? domain)
    }

    /// Whether somebody may register the address.
    ///
    /// It must have text on both sides of one `@`, a domain, and no invisible character. Only a
    /// message to the address could tell whether the address exists.
    package var isValid: Bool {
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

    /// Returns whether two texts are the same address.
    package static func areEqual(_ one: String, _ two: String) -> Bool {
        EmailAddress(one).normalForm.utf8.elementsEqual(EmailAddress(two).normalForm.utf8)
    }
}
