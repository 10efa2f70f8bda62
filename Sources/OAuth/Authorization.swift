package import HTTP

/// The data that a client requested and a user agreed to, beyond plain OAuth.
///
/// One value goes from the authorization request to the consent page, the code, the family and
/// every token. Scopes are not part of it, because they have a column of their own. A new parameter
/// is a line in the first initializer, and a property.
package struct Authorization: Sendable, Equatable {
    /// The maximum bytes of the stored text.
    package static let longest = 4096

    private let members: JSON

    /// The maximum age of the sign-in in seconds when the user decides, or `nil` for any age.
    package var maxAge: Int? { members["max_age"]?.double.map { Int($0) } }

    /// Reads the parameters of an authorization request, or returns `nil` for plain OAuth.
    ///
    /// Throws `invalid_request` if the parameters need more than 4,096 bytes.
    package init?(_ parameters: Parameters, _ prompt: Prompt) throws(OAuthError) {
        var members: JSON = [:]
        if let age = prompt.ageAtDecision { members.append("max_age", .integer(Int64(age))) }
        try self.init(members)
    }

    /// Creates a value from its members, or returns `nil` without members.
    package init?(_ members: JSON) throws(OAuthError) {
        guard members != [:] else { return nil }
        self.members = members
        guard stored.utf8.count <= Self.longest else {
            throw OAuthError(.invalidRequest, "The parameters of the request are too long to be stored.")
        }
    }

    /// Reads the stored text.
    ///
    /// Returns `nil` if the text is not a JSON object.
    package init?(stored text: String) {
        guard let members = JSON(parsing: Array(text.utf8)), case .object = members else { return nil }
        self.members = members
    }

    /// The text that is stored: a JSON object.
    package var stored: String { members.compact }
}
