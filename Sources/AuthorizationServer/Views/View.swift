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

    /// The properties by name.
    var tags: Tags { Tags(self) }
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
        language: "en", direction: "ltr", appName: "Consulate", icon: "/oauth/assets/icon.svg",
        stylesheet: "/oauth/assets/style.css",
        script: "/oauth/assets/script.js",
        logo: "/oauth/assets/logo.svg", csrfToken: "token", locales: "en", user: Account(name: "Ada"),
        notice: "notice.token", problems: [.sample],
        hasProblems: true)
}
