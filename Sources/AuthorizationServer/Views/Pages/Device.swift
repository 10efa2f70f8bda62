/// A browser and a system, as `User-Agent` tells them; it is shown to the user, and nothing is decided by it.
struct Device: Sendable {
    let browser: String?
    let system: String?

    // The order counts: most of them also claim to be Chrome, Chrome to be Safari, and Android to
    // be Linux.
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

    init(userAgent: String) {
        let bytes = Array(userAgent.utf8)
        browser = Self.browsers.first { $0.stands(in: bytes) }?.name
        system = Self.systems.first { $0.stands(in: bytes) }?.name
    }

    /// A text that a browser or a system leaves in `User-Agent`, and its name.
    private struct Mark {
        let bytes: [UInt8]
        let name: String

        init(_ text: String, _ name: String) {
            bytes = Array(text.utf8)
            self.name = name
        }

        /// By bytes, since a page has 25 devices.
        func stands(in text: [UInt8]) -> Bool {
            guard text.count >= bytes.count else { return false }
            return (0...text.count - bytes.count).contains { text[$0] == bytes[0] && text[$0...].starts(with: bytes) }
        }
    }

    /// The key of the text that names both.
    var key: String { browser == nil || system == nil ? "device.unknown" : "device.known" }
}
