/// The API reference for people.
package struct DocumentationPage: View {
    let name: String
    let issuer: String
    let groups: [Group]

    /// Creates the page from its values.
    package init(
        name: String, issuer: String, groups: [Group]
    ) {
        self.name = name
        self.issuer = issuer
        self.groups = groups
    }

    package struct Group: Sendable {
        let name: String
        let anchor: String
        let sections: [Section]

        /// Creates the page from its values.
        package init(
            name: String, anchor: String, sections: [Section]
        ) {
            self.name = name
            self.anchor = anchor
            self.sections = sections
        }
    }

    /// A route.
    package struct Section: Sendable {
        let anchor: String
        let title: String
        let method: String
        let path: String
        let text: [Prose]
        /// A sentence that says who may call the route.
        let callers: [Prose]
        let parameters: [Line]
        let hasParameters: Bool
        let examples: [Example]
        let answers: [Answer]

        /// Creates the page from its values.
        package init(
            anchor: String, title: String, method: String, path: String, text: [Prose], callers: [Prose],
            parameters: [Line], hasParameters: Bool, examples: [Example], answers: [Answer]
        ) {
            self.anchor = anchor
            self.title = title
            self.method = method
            self.path = path
            self.text = text
            self.callers = callers
            self.parameters = parameters
            self.hasParameters = hasParameters
            self.examples = examples
            self.answers = answers
        }
    }

    /// A parameter.
    package struct Line: Sendable {
        let name: String
        let type: String
        let place: String
        let isRequired: Bool
        let meaning: [Prose]
        let limits: String
        let hasLimits: Bool
        let example: String
        let hasExample: Bool

        /// Creates the page from its values.
        package init(
            name: String, type: String, place: String, isRequired: Bool, meaning: [Prose], limits: String,
            hasLimits: Bool, example: String, hasExample: Bool
        ) {
            self.name = name
            self.type = type
            self.place = place
            self.isRequired = isRequired
            self.meaning = meaning
            self.limits = limits
            self.hasLimits = hasLimits
            self.example = example
            self.hasExample = hasExample
        }
    }

    package struct Example: Sendable {
        let heading: String
        let bash: String
        let javascript: String

        /// Creates the page from its values.
        package init(
            heading: String, bash: String, javascript: String
        ) {
            self.heading = heading
            self.bash = bash
            self.javascript = javascript
        }
    }

    package struct Answer: Sendable {
        let status: String
        let meaning: [Prose]
        let body: String
        let hasBody: Bool

        /// Creates the page from its values.
        package init(
            status: String, meaning: [Prose], body: String, hasBody: Bool
        ) {
            self.status = status
            self.meaning = meaning
            self.body = body
            self.hasBody = hasBody
        }
    }

    package static let template = "documentation"
    package static let sample = DocumentationPage(
        name: "Consulate", issuer: "https://id.example",
        groups: [
            Group(
                name: "user Api", anchor: "user-api",
                sections: [
                    Section(
                        anchor: "users-show", title: "Get detail user", method: "GET", path: "/api/users",
                        text: Prose.runs("Shows a user."),
                        callers: Prose.runs("Any bearer."),
                        parameters: [
                            Line(
                                name: "name", type: "string", place: "query", isRequired: true,
                                meaning: Prose.runs("The name."),
                                limits: "at most 255 characters", hasLimits: true, example: "Ada", hasExample: true)
                        ], hasParameters: true,
                        examples: [Example(heading: "Example request", bash: "curl", javascript: "fetch")],
                        answers: [Answer(status: "200 OK", meaning: Prose.runs("The user."), body: "{}", hasBody: true)]
                    )
                ])
        ])
}
