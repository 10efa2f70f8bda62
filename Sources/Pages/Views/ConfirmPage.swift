/// The page that asks for confirmation of an action that cannot be undone.
package struct ConfirmPage: View {
    /// The key of the heading.
    let heading: String
    /// The key of the text about the consequences of the action.
    let text: String
    /// The key of the button's text.
    let submit: String
    /// The name of the object of the action.
    ///
    /// The name is empty if the object has no name.
    let name: String
    let action: String
    let isDeletion: Bool

    /// Creates the page from its values.
    package init(
        heading: String, text: String, submit: String, name: String, action: String, isDeletion: Bool
    ) {
        self.heading = heading
        self.text = text
        self.submit = submit
        self.name = name
        self.action = action
        self.isDeletion = isDeletion
    }

    package static let template = "confirm"
    package static let sample = ConfirmPage(
        heading: "confirmHeading.client", text: "confirmText.client", submit: "confirmSubmit.client", name: "Shop",
        action: "/oauth/clients/1",
        isDeletion: true)
}
