import CIDN2
import Glibc

/// Domain names with letters beyond ASCII (RFC 5891).
package enum DomainName {
    /// Returns the ASCII form of a domain name, in lower case.
    ///
    /// The ASCII form of `bücher.example` is `xn--bcher-kva.example`. Returns `nil` if the name is
    /// no domain name.
    package static func ascii(_ name: String) -> String? {
        guard name.utf8.count <= 255 * 4, !name.utf8.contains(0) else { return nil }
        var output: UnsafeMutablePointer<CChar>?
        let status = unsafe idn2_to_ascii_8z(
            name, &output, Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue))
        guard let ascii = unsafe output else { return nil }
        defer { unsafe free(ascii) }
        guard status == IDN2_OK.rawValue else { return nil }
        return unsafe String(cString: ascii).lowercased()
    }

    /// Returns the form of a domain name with letters beyond ASCII.
    ///
    /// This form of `xn--bcher-kva.example` is `bücher.example`. Returns `nil` if the name is no
    /// domain name.
    package static func unicode(_ name: String) -> String? {
        guard name.utf8.count <= 255 * 4, !name.utf8.contains(0) else { return nil }
        var output: UnsafeMutablePointer<CChar>?
        let status = unsafe idn2_to_unicode_8z8z(name, &output, 0)
        guard let text = unsafe output else { return nil }
        defer { unsafe free(text) }
        guard status == IDN2_OK.rawValue else { return nil }
        return unsafe String(cString: text)
    }
}
