import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// Where somebody was going when they had to sign in: an address of ours, never another's.
struct ReturnAddress {
    let text: String

    /// Reads `return_to`; `nil` unless it is the path of a page or list of ours.
    init?(_ parameters: Parameters) {
        guard let text = parameters["return_to"]?.text, text.utf8.count <= Self.longest,
            !parameters.isRepeated("return_to")
        else { return nil }
        self.init(text)
    }

    private init?(_ text: String) {
        // A browser takes `\` for `/`, and takes dots out, however they are written.
        guard
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") }),
            let (route, parameters) = Routes.find(.get, Self.halves(of: text).path), !Self.nowhere.contains(route.name),
            !route.endpoint.isInternal,
            parameters.values.allSatisfy({ ![".", ".."].contains($0) })
        else { return nil }
        let (path, query) = Self.halves(of: text)
        // Without the slash at its end, as the request for it will be read.
        self.text =
            path.utf8.count > 1 && path.hasSuffix("/") ? path.dropLast() + (query.isEmpty ? "" : "?" + query) : text
    }

    private static let nowhere = ["login", "register", "logout.show", "assets.show"]

    /// Where a request leads to when it is made anew: the page itself, or the one whose form was sent.
    init?(of request: Request) {
        let isForm = !request.method.isSafe
        if isForm, request.path == "/oauth/authorize", request.query.isEmpty { return nil }
        let isPage = !isForm || request.path == "/oauth/authorize"
        self.init(isPage ? request.path + (request.query.isEmpty ? "" : "?" + request.query) : "/account")
    }

    /// The page of a request, signing in and out included, as an address to try again.
    static func page(of call: Call) -> String? {
        guard ["/login", "/register", "/logout"].contains(call.request.path) else {
            return ReturnAddress(of: call.request)?.text
        }
        let returnTo = (try? call.body).flatMap { ReturnAddress($0) } ?? (try? call.query).flatMap { ReturnAddress($0) }
        return returnTo?.address(of: call.request.path) ?? call.request.path
    }

    /// The bytes of an address that nginx surely takes: `large_client_header_buffers` has room for 16,384 with all that stands around it.
    private static let longest = 16_000

    /// The address of a page that leads here afterwards; what is too long to be carried along is left behind.
    func address(of page: String) -> String { carried(by: page) ?? page }

    /// The address of a page that leads here afterwards; `nil` if this is too long to be carried
    /// along.
    func carried(by page: String) -> String? {
        let address = page + "?" + Form(dictionaryLiteral: ("return_to", text)).encoded
        return address.utf8.count <= Self.longest ? address : nil
    }

    private static func halves(of text: String) -> (path: String, query: String) {
        guard let mark = text.firstIndex(of: "?") else { return (text, "") }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    /// What a session remembers of it.
    var digest: String { Digest.hexadecimal(text) }

    /// What the address asks for, if it is an authorization request.
    var authorizationRequest: Parameters? {
        let (path, query) = Self.halves(of: text)
        return path == "/oauth/authorize" ? try? Parameters(query: query) : nil
    }

    /// The application that the way leads on to after signing in.
    func client(_ call: Call) throws -> Client? {
        guard let authorizationRequest else { return nil }
        do {
            return try AuthorizationTarget.find(authorizationRequest, call).client
        } catch is OAuthError {
            return nil
        }
    }
}
