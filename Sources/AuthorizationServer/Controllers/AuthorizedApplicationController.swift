import HTTP
import Storage

/// The applications that a user has authorized.
enum AuthorizedApplicationController {
    /// `DELETE /account/applications/{client_id}`: revokes everything that the user gave to the
    /// application, on every device.
    static func destroy(_ call: Call) throws -> Response {
        let id = Client.ID(call.path["client_id"] ?? "")
        guard let client = try call.clients.find(id), client.internal == nil else { throw HTTPError.notFound }
        let user = try call.user()
        try call.change(.withdrawn, user: user.id, client: client.id) { change in
            guard try AuthorizedApplicationRepository(call.database).revoke(client.id, of: user.id, in: change) else {
                throw HTTPError.notFound
            }
        }
        return Page.done(.application, call)
    }
}
