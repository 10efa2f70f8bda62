import MariaDB
import OAuth
import Storage

extension Prompt {
    /// Returns whether the user of a session must sign in again for an address.
    func demandsSignIn(of session: Session, for address: ReturnAddress?, now: Timestamp) -> Bool {
        let age = now.millisecondsSince1970 - session.createdAt.millisecondsSince1970
        return demandsSignIn(
            age: Int((age + 999) / 1000), isForThisRequest: address.map { session.signedInFor == $0.digest } ?? false)
    }
}
