import MariaDB
import OAuth
import Storage

extension Prompt {
    /// Returns whether the user of a session must sign in again for a request.
    ///
    /// `request` is `nil` for a request with an error.
    func demandsSignIn(of session: Session, for request: AuthorizationRequest?, _ call: Call) throws -> Bool {
        guard ageAtDecision != nil else { return false }
        let age = call.now.millisecondsSince1970 - session.authenticatedAt.millisecondsSince1970
        let signedInFor = try session.signedInFor.flatMap { id throws(DatabaseError) in
            try PendingAuthorizationRepository(call.database).find(id, session: session.id, now: call.now)?.request
        }
        return demandsSignIn(
            age: Int((age + 999) / 1000), isForThisRequest: request != nil && request == signedInFor)
    }
}
