import HTTP
import HTTPTypes

/// The example request of a route, independent of the language in which it is written.
struct ExampleRequest {
    let method: String
    /// The scheme, the host and the path, with variables in their places.
    let url: [Piece]
    let query: [(name: String, sample: Input.Sample)]
    let credential: Endpoint.Credential
    /// The prefix of the variables of the client.
    let client: String
    /// Whether the CSRF token is sent with the cookie.
    let provesItself: Bool
    let bodyType: Endpoint.BodyType
    let body: [(name: String, sample: Input.Sample)]

    /// A piece of an address: a literal text or a variable.
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

    /// Returns the pieces of a segment of the path.
    ///
    /// Returns no pieces for an optional segment without a sample.
    private static func pieces(of segment: Substring, _ parameters: [Input]) -> [Piece] {
        guard segment.first == "{" else { return [.text("/" + segment)] }
        let name = segment.filter { !"{}?".contains($0) }
        switch parameters.first(where: { $0.name == name && $0.place == .path })?.sample {
        case .value(let value)?: return [.text("/" + PercentEncoding.encode(value.plain))]
        case .variable(let name, _)?: return [.text("/"), .variable(name)]
        case nil: return []
        }
    }

    private static func samples(_ parameters: [Input], in place: Input.Place) -> [(
        name: String, sample: Input.Sample
    )] {
        parameters.filter { $0.place == place }.compactMap { parameter in parameter.sample.map { (parameter.name, $0) }
        }
    }

    /// Returns the address, with its variables in the notation of a language.
    func address(variable: (String) -> String) -> String {
        url.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name): variable(name)
            }
        }.joined()
    }

    /// Whether the address has variables.
    var hasVariables: Bool { url.contains { if case .variable = $0 { true } else { false } } }

    /// The body as JSON.
    ///
    /// An example with a variable in its body is sent as a form instead.
    var jsonBody: JSON {
        .object(
            body.compactMap { name, sample in
                if case .value(let value) = sample { JSON.Member(name: name, value: value) } else { nil }
            })
    }
}

extension JSON {
    /// The value as a form sends it: a string without quotation marks, or any other value as JSON.
    var plain: String { text ?? compact }
}
