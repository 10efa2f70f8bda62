import HTTP

/// A word about what was just done, which the next page says once; a cookie carries it there.
enum Notice: String {
    case application
    case token
    case tokens
    case client
    case deleted
    case session
    case expired

    private static func cookieName(_ settings: Settings) -> String { settings.cookieName("notice") }

    /// The notice that a request brings along.
    init?(_ call: Call) {
        guard let name = call.request.cookie(Self.cookieName(call.settings)), let notice = Notice(rawValue: name) else {
            return nil
        }
        self = notice
    }

    /// The key of its text.
    var key: String { "notice.\(rawValue)" }

    /// Has the next page say it.
    func set(on response: inout Response, _ settings: Settings) {
        response.set(Cookie(Self.cookieName(settings), rawValue, maxAge: 60, isSecure: settings.isSecure))
    }

    /// It was said.
    static func clear(on response: inout Response, _ settings: Settings) {
        response.set(Cookie(cookieName(settings), "", maxAge: 0, isSecure: settings.isSecure))
    }
}
