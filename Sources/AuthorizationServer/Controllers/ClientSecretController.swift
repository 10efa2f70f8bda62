import HTTP
import HTTPTypes
import MariaDB
import Pages
import Storage

/// The secret of a client that a user owns.
enum ClientSecretController {
    /// `POST /oauth/clients/{client_id}/secret`: replaces the secret and shows the new secret only
    /// this once.
    ///
    /// The old secret stops working immediately.
    static func store(_ call: Call) throws -> Response {
        let client = try ClientController.find(call)
        guard client.isConfidential else { throw HTTPError.forbidden }
        let secret = try ClientController.newSecret(call)
        try call.change(.secretReplaced, user: client.userID, client: client.id) { change in
            try call.holdCredential()
            try call.clients.update(client.id, secret: secret.stored, in: change)
        }
        guard call.prefersPage else {
            return .json(client.json(withSecret: secret.plain), fields: [.cacheControl: "no-store"])
        }
        return Page.render(
            ClientSecretPage(
                heading: "clientSecret.rotated", name: client.name, id: client.id.rawValue, secret: secret.plain), call)
    }
}
