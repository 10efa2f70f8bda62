import HTTP
import HTTPTypes

/// The example request of a route, to be written in one language or another.
struct ExampleRequest {
    let method: String
    /// Scheme, host and path, with variables in their place.
    let url: [Piece]
    let query: [(name: String, sample: Parameter.Sample)]
    let credential: Endpoint.Credential
    /// The prefix of the client's variables.
    let client: String
    /// The CSRF token goes with the cookie.
    let provesItself: Bool
    let bodyType: Endpoint.BodyType
    let body: [(name: String, sample: Parameter.Sample)]

    /// A piece of an address: as it is, or a variable.
    enum Piece {
        case text(String)
        case variable(String)
    }

    init(_ route: Route, _ variant: Endpoint.Variant? = nil, issuer: String) {
        let parameters = route.endpoint.parameters
        method = route.method.rawValue
        credential = route.credential
        client = variant?.client ?? ""
        provesItself = route.isUnsafe && [.session, .guest].contains(credential)
        bodyType = route.endpoint.bodyType
        url = [.text(issuer)] + route.path.description.split(separator: "/").flatMap { Self.pieces(of: $0, parameters) }
        query = Self.samples(parameters, in: .query)
        body = variant?.body ?? Self.samples(parameters, in: .body)
    }

    /// A segment of the path; one that may be absent and has no sample is.
    private static func pieces(of segment: Substring, _ parameters: [Parameter]) -> [Piece] {
        guard segment.first == "{" else { return [.text("/" + segment)] }
        let name = segment.filter { !"{}?".contains($0) }
        switch parameters.first(where: { $0.name == name && $0.place == .path })?.sample {
        case .value(let value)?: return [.text("/" + PercentEncoding.encode(value.plain))]
        case .variable(let name, _)?: return [.text("/"), .variable(name)]
        case nil: return []
        }
    }

    private static func samples(_ parameters: [Parameter], in place: Parameter.Place) -> [(
        name: String, sample: Parameter.Sample
    )] {
        parameters.filter { $0.place == place }.compactMap { parameter in parameter.sample.map { (parameter.name, $0) }
        }
    }

    /// The address, with its variables as a language writes them.
    func address(variable: (String) -> String) -> String {
        url.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name): variable(name)
            }
        }.joined()
    }

    /// Whether the address has any.
    var hasVariables: Bool { url.contains { if case .variable = $0 { true } else { false } } }

    /// The body as JSON; an example that has a variable in its body is a form.
    var jsonBody: JSON {
        .object(
            body.compactMap { name, sample in
                if case .value(let value) = sample { JSON.Member(name: name, value: value) } else { nil }
            })
    }
}

extension JSON {
    /// A string as it is, anything else as JSON: how a form sends it.
    var plain: String { text ?? compact }
}
