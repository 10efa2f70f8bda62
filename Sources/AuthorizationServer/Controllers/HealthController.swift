import HTTP
import HTTPTypes

/// Whether the server can work.
enum HealthController {
    /// `GET /up`: 200 when the database answers, 503 when not.
    static func show(_ call: Call) throws -> Response {
        try call.users.ping()
        return .json(["status": "ok"], fields: [.cacheControl: "no-store"])
    }
}
