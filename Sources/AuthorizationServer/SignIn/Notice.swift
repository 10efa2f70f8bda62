import HTTP

/// A message about the last action, which the next page shows once.
///
/// A cookie carries the message to that page.
enum Notice: String {
    case application
    case token
    case tokens
    case client
    case deleted
    case session
    case expired

    private static func cookieName(_ settings: Settings) -> String { settings.cookieName("notice") }

    /// Reads the notice from the cookie of a request.
    init?(_ call: Call) {
        guard let name = call.request.cookie(Self.cookieName(call.settings)), let notice = Notice(rawValue: name) else {
            return nil
        }
        self = notice
    }

    /// The key of the notice's text.
    var key: String { "notice.\(rawValue)" }

    /// Sets the cookie, so that the next page shows the notice.
    func set(on response: inout Response, _ settings: Settings) {
        response.set(Cookie(Self.cookieName(settings), rawValue, maxAge: 60, isSecure: settings.isSecure))
    }

    /// Deletes the cookie, because the notice was shown.
    static func clear(on response: inout Response, _ settings: Settings) {
        response.set(Cookie(cookieName(settings), "", maxAge: 0, isSecure: settings.isSecure))
    }
}
