/// Asks whether to do something that cannot be undone.
struct ConfirmPage: View {
    /// The key of the heading.
    let heading: String
    /// The key of the text about what follows.
    let text: String
    /// The key of the button's text.
    let submit: String
    /// What it is done to; empty if there is no name.
    let name: String
    let action: String
    let isDeletion: Bool

    static let template = "confirm"
    static let sample = ConfirmPage(
        heading: "confirmHeading.client", text: "confirmText.client", submit: "confirmSubmit.client", name: "Shop",
        action: "/oauth/clients/1",
        isDeletion: true)
}
