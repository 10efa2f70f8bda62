import Cryptography
import HTTP

/// The icon, the stylesheet, the script and the logo.
///
/// The name of a file changes with its content, so browsers may keep the file for ever.
struct Assets: Sendable {
    struct Asset: Sendable {
        /// The file name: `style-0123456789abcdef.css`.
        let name: String
        let type: String
        let bytes: [UInt8]

        init(_ name: String, _ suffix: String, type: String, _ bytes: [UInt8]) {
            self.name = "\(name)-\(Digest.hexadecimal(bytes).prefix(16)).\(suffix)"
            self.type = type
            self.bytes = bytes
        }

        /// The address of the asset on this server.
        var address: String { "/oauth/assets/" + name }
    }

    let icon: Asset
    let stylesheet: Asset
    let script: Asset
    let logo: Asset?

    /// Returns the asset with this name.
    func find(_ name: String) -> Asset? {
        [icon, stylesheet, script, logo].compactMap(\.self).first { $0.name == name }
    }
}
