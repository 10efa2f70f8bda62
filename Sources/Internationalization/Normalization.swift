import CUnistring
import Glibc

/// Unicode's normal forms (UAX #15).
package enum Normalization {
    /// Returns the composed form of a text, NFC.
    ///
    /// An `e` with a combining accent becomes `é`, so that two keyboards write the same password.
    package static func composed(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        var length = 0
        let bytes = Array(text.utf8)
        guard let composed = unsafe consulate_nfc(bytes, bytes.count, &length) else { return text }
        defer { unsafe free(composed) }
        return unsafe String(decoding: UnsafeBufferPointer(start: composed, count: length), as: UTF8.self)
    }
}
