import HTTP

/// The description of a client, with the member names of RFC 7591 §2.
///
/// The name, the redirect URIs and the grants have columns that Laravel reads. Every other member
/// is in one JSON column. A new member is a property and a row of `members`.
package struct ClientMetadata: Sendable, Equatable {
    package var clientName: String
    /// The redirect URIs with commas between them, as Passport stores them.
    package var redirectURIs: String
    /// The grants that the client may use, or `nil` if Passport's rule applies.
    package var grantTypes: [String]?
    /// Whether users are not asked for consent.
    package var isFirstParty: Bool
    /// The members of the JSON column.
    private var stored: JSON

    /// The only method by which the client may authenticate, or `nil` for any method.
    package var tokenEndpointAuthMethod: String? {
        get { stored["token_endpoint_auth_method"]?.text }
        set { set("token_endpoint_auth_method", newValue.map(JSON.string)) }
    }

    /// Who may write a member.
    package enum Writer: Sendable {
        /// The user who owns the client.
        case user
        /// A person at the console.
        case `operator`
    }

    /// One member: its name and its writers.
    package struct Member: Sendable {
        package let name: String
        package let writers: [Writer]
        fileprivate let copy: @Sendable (_ source: ClientMetadata, _ target: inout ClientMetadata) -> Void

        init<Value>(
            _ name: String, _ property: any WritableKeyPath<ClientMetadata, Value> & Sendable, by writers: [Writer]
        ) {
            self.name = name
            self.writers = writers
            copy = { $1[keyPath: property] = $0[keyPath: property] }
        }
    }

    /// All members.
    package static let members = [
        Member("client_name", \.clientName, by: [.user, .operator]),
        Member("redirect_uris", \.redirectURIs, by: [.user, .operator]),
        Member("grant_types", \.grantTypes, by: [.operator]),
        Member("first_party", \.isFirstParty, by: [.operator]),
        Member("token_endpoint_auth_method", \.tokenEndpointAuthMethod, by: [.operator]),
    ]

    /// Creates a description.
    ///
    /// `stored` is the text of the JSON column.
    package init(
        clientName: String, redirectURIs: String, grantTypes: [String]?, isFirstParty: Bool = false,
        stored: String? = nil
    ) {
        self.clientName = clientName
        self.redirectURIs = redirectURIs
        self.grantTypes = grantTypes
        self.isFirstParty = isFirstParty
        let members = stored.flatMap { JSON(parsing: Array($0.utf8)) }
        if case .object? = members { self.stored = members ?? [:] } else { self.stored = [:] }
    }

    /// Creates the description of a new client.
    package init(clientName: String, redirectURIs: String, grants: [GrantType], isFirstParty: Bool = false) {
        self.init(
            clientName: clientName, redirectURIs: redirectURIs, grantTypes: grants.map(\.rawValue),
            isFirstParty: isFirstParty)
    }

    /// The text of the JSON column, or `nil` without members.
    package var storedText: String? { stored == [:] ? nil : stored.compact }

    private mutating func set(_ name: String, _ value: JSON?) {
        guard case .object(var members) = stored else { return }
        members.removeAll { $0.name == name }
        if let value { members.append(.init(name: name, value: value)) }
        stored = .object(members)
    }

    /// Returns this description with the members of another that this writer may write.
    package func changed(to other: ClientMetadata, by writer: Writer) -> ClientMetadata {
        var changed = self
        for member in Self.members where member.writers.contains(writer) { member.copy(other, &changed) }
        return changed
    }
}
