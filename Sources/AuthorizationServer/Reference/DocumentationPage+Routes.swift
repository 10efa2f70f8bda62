import HTTP
import HTTPTypes
import Pages

extension DocumentationPage {
    init(_ settings: Settings) {
        let groups = Reference.groups.map { name, routes in
            Group(
                name: name, anchor: name.lowercased().replacing(" ", with: "-"),
                sections: routes.map { Section($0, settings) })
        }
        self.init(name: settings.appName, issuer: settings.issuer, groups: groups)
    }
}

extension DocumentationPage.Section {
    init(_ route: Route, _ settings: Settings) {
        let inputs = route.endpoint.parameters
        self.init(
            anchor: route.name.replacing(".", with: "-"), title: route.title, method: route.method.rawValue,
            path: route.path.description, text: Prose.runs(route.endpoint.text), callers: Prose.runs(route.callers),
            parameters: inputs.map { .init($0, settings) }, hasParameters: !inputs.isEmpty,
            examples: route.examples(settings).map { .init(route, $0, settings) },
            answers: Reference.answers(of: route).map { .init($0, settings) })
    }
}

extension DocumentationPage.Line {
    init(_ input: Input, _ settings: Settings) {
        let (limits, example) = (input.limits(settings), input.sample?.json.plain ?? "")
        self.init(
            name: input.name, type: input.type, place: input.place.rawValue, isRequired: input.isRequired,
            meaning: Prose.runs(input.meaning), limits: limits, hasLimits: !limits.isEmpty, example: example,
            hasExample: !example.isEmpty)
    }
}

extension DocumentationPage.Example {
    init(_ route: Route, _ variant: Endpoint.Variant?, _ settings: Settings) {
        let request = ExampleRequest(route, variant, issuer: settings.issuer)
        self.init(
            heading: "Example request" + (variant.map { ": \($0.title)" } ?? ""), bash: request.bash,
            javascript: request.javascript)
    }
}

extension DocumentationPage.Answer {
    init(_ answer: Endpoint.Answer, _ settings: Settings) {
        // An error is shown on one line, as the server sends it.
        let body = answer.body(settings).map { answer.status.code < 400 ? $0.indented() : $0.compact } ?? ""
        self.init(
            status: "\(answer.status.code) \(answer.status.reasonPhrase)", meaning: Prose.runs(answer.meaning),
            body: body, hasBody: !body.isEmpty)
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
