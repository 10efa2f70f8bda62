import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Storage

/// The address where the user continues after a sign-in.
///
/// It is always an address of this server.
struct ReturnAddress {
    let text: String
    /// The seal of an authorization request.
    private let seal: Seal?

    /// Reads `return_to`, or returns `nil` if it is not the path of a page or a list of this
    /// server.
    init?(_ parameters: Parameters) {
        guard let text = parameters["return_to"]?.text, text.utf8.count <= Self.longest,
            !parameters.isRepeated("return_to")
        else { return nil }
        // The seal is the last parameter of the address.
        if let mark = text.lastIndex(of: "&"), text[mark...].hasPrefix(Self.sealMark),
            let seal = Seal(text[mark...].dropFirst(Self.sealMark.count))
        {
            self.init(String(text[..<mark]), seal)
        } else {
            self.init(text, nil)
        }
    }

    private init?(_ text: String, _ seal: Seal?) {
        // Browsers treat `\` as `/`. They also remove the segments `.` and `..` in any spelling.
        guard
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") }),
            let (route, parameters) = Routes.find(.get, Self.halves(of: text).path), route.isDestination,
            !route.endpoint.isInternal,
            parameters.values.allSatisfy({ ![".", ".."].contains($0) })
        else { return nil }
        let (path, query) = Self.halves(of: text)
        // Removes a slash at the end, because the server reads the request without this slash.
        self.seal = seal
        self.text =
            path.utf8.count > 1 && path.hasSuffix("/") ? path.dropLast() + (query.isEmpty ? "" : "?" + query) : text
    }

    /// Creates the address to repeat a request: the page itself, or the page with the form that was
    /// sent.
    ///
    /// Seals an authorization request.
    init?(of call: Call) {
        let request = call.request
        let isForm = !request.method.isSafe
        if isForm, request.path == "/oauth/authorize", request.query.isEmpty { return nil }
        let isPage = !isForm || request.path == "/oauth/authorize"
        let address = isPage ? request.path + (request.query.isEmpty ? "" : "?" + request.query) : "/account"
        self.init(address, request.path == "/oauth/authorize" ? Seal(address, call) : nil)
    }

    /// Returns the address of the page where the user can try a request again.
    ///
    /// The pages to sign in and to sign out are included.
    static func page(of call: Call) -> String? {
        guard ["/login", "/register", "/logout"].contains(call.request.path) else {
            return ReturnAddress(of: call)?.text
        }
        let returnTo = (try? call.body).flatMap { ReturnAddress($0) } ?? (try? call.query).flatMap { ReturnAddress($0) }
        return returnTo?.address(of: call.request.path) ?? call.request.path
    }

    /// The maximum bytes of an address that nginx certainly accepts.
    ///
    /// `large_client_header_buffers` has room for 16,384 bytes: the address and the text around it.
    private static let longest = 16_000
    private static let sealMark = "&seal="

    /// The address with its seal, for a page that leads here.
    var sealed: String { text + (seal.map { Self.sealMark + $0.text } ?? "") }

    /// Returns the address of a page that leads here afterwards.
    ///
    /// Omits the return address if the result would be too long.
    func address(of page: String) -> String { carried(by: page) ?? page }

    /// Returns the address of a page that leads here afterwards, or `nil` if the result is too
    /// long.
    func carried(by page: String) -> String? {
        let address = page + "?" + Form(dictionaryLiteral: ("return_to", sealed)).encoded
        return address.utf8.count <= Self.longest ? address : nil
    }

    private static func halves(of text: String) -> (path: String, query: String) {
        guard let mark = text.firstIndex(of: "?") else { return (text, "") }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    /// The parameters of the address if it is an authorization request, otherwise `nil`.
    var authorizationRequest: Parameters? {
        let (path, query) = Self.halves(of: text)
        return path == "/oauth/authorize" ? try? Parameters(query: query) : nil
    }

    /// Returns the authorization request that the user signs in for.
    ///
    /// Returns `nil` without a valid seal, and for a request with an error.
    func sealedRequest(_ call: Call) throws -> AuthorizationRequest? {
        guard let authorizationRequest, seal?.isValid(for: text, call) == true else { return nil }
        return try AuthorizationRequest.find(authorizationRequest, call)
    }

    /// Whether the address is an authorization request with `prompt=login`.
    ///
    /// Such a request leads to the sign-in page only if the user must sign in, or wants to sign in
    /// as another user.
    var isPromptForLogin: Bool {
        authorizationRequest.flatMap { try? Prompt($0) }?.isLogin ?? false
    }

    /// Returns whether the user of a session must sign in again to continue to an address.
    static func demandsSignIn(_ address: ReturnAddress?, of session: Session, _ call: Call) throws -> Bool {
        guard let parameters = address?.authorizationRequest, let prompt = try? Prompt(parameters),
            prompt.ageAtDecision != nil
        else { return false }
        return try prompt.demandsSignIn(of: session, for: AuthorizationRequest.find(parameters, call), call)
    }

    /// Returns the client that the user continues to after the sign-in.
    func client(_ call: Call) throws -> Client? {
        guard let authorizationRequest else { return nil }
        do {
            return try AuthorizationTarget.find(authorizationRequest, call).client
        } catch is OAuthError {
            return nil
        }
    }
}
