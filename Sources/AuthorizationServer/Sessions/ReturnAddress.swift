import HTTP
import HTTPTypes
import MariaDB

/// Where somebody was going when they had to sign in: an address of ours, never another's.
struct ReturnAddress {
    let text: String

    /// Reads `return_to`; `nil` unless it is the path of a page or list of ours.
    init?(_ parameters: Parameters) {
        guard let text = parameters["return_to"]?.text, !parameters.isRepeated("return_to"), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            case .found(let route, _) = Routes.match(.get, Self.halves(of: text).path), route.name != "login", route.name != "register"
        else { return nil }
        self.text = text
    }

    private static func halves(of text: String) -> (path: String, query: String) {
        guard let mark = text.firstIndex(of: "?") else { return (text, "") }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    /// The address that the way leads on to after signing in, where a client need not be asked about: a form's chain of redirects must be allowed to end there.
    func redirectURI(_ call: Call) throws -> RedirectURI? {
        let (path, query) = Self.halves(of: text)
        guard path == "/oauth/authorize", let parameters = try? Parameters(query: query) else { return nil }
        do {
            return try AuthorizationTarget.find(parameters, call).target.redirectURI
        } catch is OAuthError {
            return nil
        }
    }
}
