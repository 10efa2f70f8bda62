import HTTP
import OAuth
import Storage

/// A grant of the token endpoint.
struct Grant: Sendable {
    let type: GrantType
    /// Whether the settings enable the grant.
    let isOffered: @Sendable (Settings) -> Bool
    /// The exchange of the grant for tokens.
    let exchange: @Sendable (Call, Client, Parameters) throws -> IssuedTokens
    /// The end of a sentence that begins with the name of the grant: “ takes `scope`”.
    let takes: String
    let inputs: [Input]
    /// An example of its own in the reference, or `nil` for the grant of the first example.
    let example: Endpoint.Variant?

    init(
        _ type: GrantType, isOffered: @escaping @Sendable (Settings) -> Bool = { _ in true }, takes: String,
        _ inputs: [Input], example: Endpoint.Variant?,
        exchange: @escaping @Sendable (Call, Client, Parameters) throws -> IssuedTokens
    ) {
        self.type = type
        self.isOffered = isOffered
        self.exchange = exchange
        self.takes = takes
        self.inputs = inputs
        self.example = example
    }

    /// The example, which is offered whenever the grant is.
    var offeredExample: Endpoint.Variant? {
        guard var example else { return nil }
        example.isOffered = isOffered
        return example
    }
}

/// The table of the grants that the token endpoint exchanges.
///
/// The metadata and the reference are made from it.
enum Grants {
    static let all = [
        AuthorizationCodeGrant.grant, RefreshTokenGrant.grant, ClientCredentialsGrant.grant, PasswordGrant.grant,
    ]

    /// Returns the grants that are switched on.
    static func offered(by settings: Settings) -> [Grant] { all.filter { $0.isOffered(settings) } }

    /// The parameters of all grants, each once.
    static let inputs = all.flatMap(\.inputs).reduce(into: [Input]()) { inputs, input in
        if !inputs.contains(where: { $0.name == input.name }) { inputs.append(input) }
    }
}
