import HTTP
import HTTPTypes

/// The API reference for people.
struct DocumentationPage: View {
    let name: String
    let issuer: String
    let groups: [Group]

    struct Group: Sendable {
        let name: String
        let anchor: String
        let sections: [Section]
    }

    /// A route.
    struct Section: Sendable {
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
    }

    /// A parameter.
    struct Line: Sendable {
        let name: String
        let type: String
        let place: String
        let isRequired: Bool
        let meaning: [Prose]
        let limits: String
        let hasLimits: Bool
        let example: String
        let hasExample: Bool
    }

    struct Example: Sendable {
        let heading: String
        let bash: String
        let javascript: String
    }

    struct Answer: Sendable {
        let status: String
        let meaning: [Prose]
        let body: String
        let hasBody: Bool
    }

    static let template = "documentation"
    static let sample = DocumentationPage(
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

extension DocumentationPage {
    init(_ settings: Settings) {
        name = settings.appName
        issuer = settings.issuer
        groups = Reference.groups.map { name, routes in
            Group(
                name: name, anchor: name.lowercased().replacing(" ", with: "-"),
                sections: routes.map { Section($0, settings) })
        }
    }
}

extension DocumentationPage.Section {
    init(_ route: Route, _ settings: Settings) {
        anchor = route.name.replacing(".", with: "-")
        title = route.title
        method = route.method.rawValue
        path = route.path.description
        text = Prose.runs(route.endpoint.text)
        callers = Prose.runs(route.callers)
        parameters = route.endpoint.parameters.map { .init($0, settings) }
        hasParameters = !parameters.isEmpty
        examples = route.examples(settings).map { .init(route, $0, settings) }
        answers = Reference.answers(of: route).map { .init($0, settings) }
    }
}

extension DocumentationPage.Line {
    init(_ parameter: Parameter, _ settings: Settings) {
        name = parameter.name
        type = parameter.type
        place = parameter.place.rawValue
        isRequired = parameter.isRequired
        meaning = Prose.runs(parameter.meaning)
        limits = parameter.limits(settings)
        hasLimits = !limits.isEmpty
        example = parameter.sample?.json.plain ?? ""
        hasExample = !example.isEmpty
    }
}

extension DocumentationPage.Example {
    init(_ route: Route, _ variant: Endpoint.Variant?, _ settings: Settings) {
        let request = ExampleRequest(route, variant, issuer: settings.issuer)
        heading = "Example request" + (variant.map { ": \($0.title)" } ?? "")
        bash = request.bash
        javascript = request.javascript
    }
}

extension DocumentationPage.Answer {
    init(_ answer: Endpoint.Answer, _ settings: Settings) {
        status = "\(answer.status.code) \(answer.status.reasonPhrase)"
        meaning = Prose.runs(answer.meaning)
        // An error is shown on one line, as the server sends it.
        body = answer.body(settings).map { answer.status.code < 400 ? $0.indented() : $0.compact } ?? ""
        hasBody = !body.isEmpty
    }
}

extension JSON {
    /// Returns the document on several lines, for people.
    fileprivate func indented(_ depth: Int = 0) -> String {
        let (inner, outer) = (String(repeating: "  ", count: depth + 1), String(repeating: "  ", count: depth))
        switch self {
        case .array(let values) where !values.isEmpty:
            return "[\n" + values.map { inner + $0.indented(depth + 1) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members) where !members.isEmpty:
            return "{\n"
                + members.map { "\(inner)\(JSON.string($0.name).compact): \($0.value.indented(depth + 1))" }.joined(
                    separator: ",\n")
                + "\n\(outer)}"
        default: return compact
        }
    }
}
