/// The browser and the operating system that `User-Agent` names.
///
/// They are shown to the user. No decision depends on them.
package struct Device: Sendable {
    package let browser: String?
    package let system: String?

    // The order matters: most browsers also claim to be Chrome, Chrome claims to be Safari, and
    // Android claims to be Linux.
    private static let browsers = [
        Mark("Edg", "Edge"), Mark("OPR/", "Opera"), Mark("SamsungBrowser/", "Samsung Internet"),
        Mark("Firefox/", "Firefox"),
        Mark("FxiOS/", "Firefox"), Mark("CriOS/", "Chrome"), Mark("Chrome/", "Chrome"), Mark("Safari/", "Safari"),
    ]
    private static let systems = [
        Mark("iPhone", "iPhone"), Mark("iPad", "iPad"), Mark("Android", "Android"), Mark("Windows", "Windows"),
        Mark("CrOS", "ChromeOS"),
        Mark("Mac OS X", "macOS"), Mark("Linux", "Linux"),
    ]

    package init(userAgent: String) {
        let bytes = Array(userAgent.utf8)
        browser = Self.browsers.first { $0.stands(in: bytes) }?.name
        system = Self.systems.first { $0.stands(in: bytes) }?.name
    }

    /// A text that a browser or a system writes into `User-Agent`, with the name of the browser or
    /// system.
    private struct Mark {
        let bytes: [UInt8]
        let name: String

        package init(_ text: String, _ name: String) {
            bytes = Array(text.utf8)
            self.name = name
        }

        /// Returns whether a text contains the mark.
        ///
        /// Compares bytes for speed, because a page has 25 devices.
        package func stands(in text: [UInt8]) -> Bool {
            guard text.count >= bytes.count else { return false }
            return (0...text.count - bytes.count).contains { text[$0] == bytes[0] && text[$0...].starts(with: bytes) }
        }
    }

    /// The key of the text that names the browser and the system.
    package var key: String { browser == nil || system == nil ? "device.unknown" : "device.known" }
}
