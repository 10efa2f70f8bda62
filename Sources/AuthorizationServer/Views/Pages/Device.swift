/// A browser and a system, as `User-Agent` tells them; it is shown to the user, and nothing is decided by it.
struct Device: Sendable {
    let browser: String?
    let system: String?

    init(userAgent: String) {
        // The order counts: most of them also claim to be Chrome, Chrome to be Safari, and Android to be Linux.
        let browsers = [
            ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ]
        let systems = [
            ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]
        browser = browsers.first { userAgent.contains($0.0) }?.1
        system = systems.first { userAgent.contains($0.0) }?.1
    }

    /// The key of the text that names both.
    var key: String { browser == nil || system == nil ? "device.unknown" : "device.known" }
}
