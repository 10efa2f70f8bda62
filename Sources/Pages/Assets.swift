import Cryptography
import HTTP

/// The icon, the stylesheet, the script and the logo.
///
/// The name of a file changes with its content, so browsers may keep the file for ever.
package struct Assets: Sendable {
    package struct Asset: Sendable {
        /// The file name: `style-0123456789abcdef.css`.
        package let name: String
        package let type: String
        package let bytes: [UInt8]

        package init(_ name: String, _ suffix: String, type: String, _ bytes: [UInt8]) {
            self.name = "\(name)-\(Digest.hexadecimal(bytes).prefix(16)).\(suffix)"
            self.type = type
            self.bytes = bytes
        }

        /// The address of the asset on this server.
        package var address: String { "/oauth/assets/" + name }
    }

    package let icon: Asset
    package let stylesheet: Asset
    package let script: Asset
    package let logo: Asset?

    /// Returns the asset with this name.
    package func find(_ name: String) -> Asset? {
        [icon, stylesheet, script, logo].compactMap(\.self).first { $0.name == name }
    }
}
