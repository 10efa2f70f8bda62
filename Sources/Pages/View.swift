/// The content of a page.
///
/// Each property is a tag of the template of the page.
package protocol View: Sendable {
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
    package var leadsToClient: Bool { false }

    /// The properties by name.
    var tags: Tags { Tags(self) }
}

/// The layout around every page.
package struct Layout: View {
    package let language: String
    package let direction: String
    package let appName: String
    package let icon: String
    package let stylesheet: String
    package let script: String
    /// The address of the logo.
    ///
    /// If it is `nil`, the page shows the name of the application as text.
    package let logo: String?
    package let csrfToken: String
    /// The `ui_locales` of the request, which a form sends again.
    package let locales: String?
    /// The signed-in user, if the page belongs to a user.
    package let user: Account?
    /// The key of a text about the action that was just completed: `notice.token`.
    package let notice: String?
    /// The problems of the submitted form.
    package let problems: [Problem]
    package let hasProblems: Bool

    package struct Account: Sendable {
        let name: String

        /// Creates the account with the name of its user.
        package init(name: String) {
            self.name = name
        }
    }

    package static let template = "layout"
    package static let sample = Layout(
        language: "en", direction: "ltr", appName: "Consulate", icon: "/oauth/assets/icon.svg",
        stylesheet: "/oauth/assets/style.css",
        script: "/oauth/assets/script.js",
        logo: "/oauth/assets/logo.svg", csrfToken: "token", locales: "en", user: Account(name: "Ada"),
        notice: "notice.token", problems: [.sample],
        hasProblems: true)
}
