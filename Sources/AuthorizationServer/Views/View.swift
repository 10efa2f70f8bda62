/// What a page shows: each property is a tag of its template.
protocol View: Sendable {
    /// The name of the template, without `.mustache`.
    static var template: String { get }
    /// Every property filled in and no list empty, so that the start can hold the template's tags against it.
    static var sample: Self { get }
    /// Whether the answer to its form may lead to a client.
    var leadsToClient: Bool { get }
}

extension View {
    var leadsToClient: Bool { false }

    /// The properties by name, without those that are `nil`; what they hold is taken apart here,
    /// once, and not for each tag that names it.
    var tags: [String: Any] { Tags.object(self) }
}

/// What a page shows, in the form that the engine looks tags up in fastest.
private enum Tags {
    static func object(_ value: Any) -> [String: Any] {
        var tags: [String: Any] = [:]
        for (name, value) in Mirror(reflecting: value).children {
            if let name, let plain = plain(value) { tags[name] = plain }
        }
        return tags
    }

    private static func plain(_ value: Any) -> Any? {
        switch value {
        case let text as String: return text
        case let flag as Bool: return flag
        case let number as Int: return number
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { plain($0.value) }
        case .collection: return mirror.children.compactMap { plain($0.value) }
        default: return object(value)
        }
    }
}

/// What stands around every page.
struct Layout: View {
    let language: String
    let direction: String
    let appName: String
    let icon: String
    let stylesheet: String
    let script: String
    /// The address of the logo; without one the name is written.
    let logo: String?
    let csrfToken: String
    /// The `ui_locales` that the page was asked with, for a form to take along.
    let locales: String?
    /// Who is signed in, where the page belongs to somebody.
    let user: Account?
    /// The key of a text about what was just done: `notice.token`.
    let notice: String?
    /// What is wrong with the form that was sent.
    let problems: [Problem]
    let hasProblems: Bool

    struct Account: Sendable {
        let name: String
    }

    static let template = "layout"
    static let sample = Layout(
        language: "en", direction: "ltr", appName: "Consulate", icon: "/oauth/assets/icon.svg", stylesheet: "/oauth/assets/style.css",
        script: "/oauth/assets/script.js",
        logo: "/oauth/assets/logo.svg", csrfToken: "token", locales: "en", user: Account(name: "Ada"), notice: "notice.token", problems: [.sample],
        hasProblems: true)
}
