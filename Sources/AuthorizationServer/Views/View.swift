/// The content of a page.
///
/// Each property is a tag of the template of the page.
protocol View: Sendable {
    /// The name of the template, without `.mustache`.
    static var template: String { get }
    /// A sample with a value in every property and without empty lists.
    ///
    /// At startup, the tags of the template are checked against this sample.
    static var sample: Self { get }
    /// Whether the answer to the form of the page may lead to a client.
    var leadsToClient: Bool { get }
}

extension View {
    var leadsToClient: Bool { false }

    /// The properties by name.
    var tags: Tags { Tags(self) }
}

/// The layout around every page.
struct Layout: View {
    let language: String
    let direction: String
    let appName: String
    let icon: String
    let stylesheet: String
    let script: String
    /// The address of the logo.
    ///
    /// If it is `nil`, the page shows the name of the application as text.
    let logo: String?
    let csrfToken: String
    /// The `ui_locales` of the request, which a form sends again.
    let locales: String?
    /// The signed-in user, if the page belongs to a user.
    let user: Account?
    /// The key of a text about the action that was just completed: `notice.token`.
    let notice: String?
    /// The problems of the submitted form.
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
