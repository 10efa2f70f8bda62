import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// A right password of an account with a second factor, which cannot be asked for here.
struct SecondFactorRequired: Error {
    static let error = HTTPError(
        status: .forbidden, message: "This account has a second factor, which cannot be asked for here.")
}

/// Checks an email and a password.
enum SignIn {
    /// The user, or `nil` for a wrong pair, after the same time and in the same way whether the user exists; throws 429 and 503.
    static func authenticate(_ call: Call, email: String, password: String) throws -> User? {
        let throttle = SignInThrottle(call, email: email)
        let found = try call.users.find(email: email)
        try throttle.admit(found)
        let isRight: Bool
        do {
            isRight = try verify(password, against: found?.password, call)
        } catch {
            // The password was not looked at, so nobody has guessed.
            throttle.giveBack()
            throw error
        }
        guard isRight, var user = found else {
            try throttle.fail(found)
            return nil
        }
        try throttle.forget()
        if call.application.hashing.needsRehash(user.password),
            User.normalForm(ofPassword: password).utf8.count <= User.longestPassword
        {
            let hash = try call.application.hashing.hash(User.normalForm(ofPassword: password))
            if try call.users.update(user, password: hash, now: call.now) {
                user.password = hash
            } else {
                // Somebody was faster: another sign-in, which made the hash anew too, or the user with another password.
                guard let current = try call.users.find(user.id), try verify(password, against: current.password, call)
                else {
                    return nil
                }
                user = current
            }
        }
        return user
    }

    /// Whether a password is the stored one in its normal form, or else as it was typed: Laravel
    /// hashes what it is sent.
    private static func verify(_ password: String, against hash: PasswordHash?, _ call: Call) throws -> Bool {
        let composed = User.normalForm(ofPassword: password)
        if try call.application.hashing.verify(composed, against: hash) { return true }
        guard !composed.utf8.elementsEqual(password.utf8) else { return false }
        return try call.application.hashing.verify(password, against: hash)
    }

    /// Stores what signing in leads to; `nil` if the password was changed since it was checked, so that the change ends this sign-in too.
    ///
    /// Throws `SecondFactorRequired` for an account that Laravel would ask for more than a password.
    /// A lock holds on one node of a cluster: where another has changed the password before this was committed, what was stored is undone.
    static func begin<Result>(_ user: User, _ call: Call, _ store: () throws -> Result, undo: (Result) throws -> Void)
        throws -> Result?
    {
        if try SecondFactorRepository(call.database).exists(for: user.id) {
            try call.transaction { try call.record(.signInFailed, user: user.id, detail: "second factor") }
            throw SecondFactorRequired()
        }
        let begun: Result? = try call.transaction {
            guard try call.users.lock(user.id)?.password == user.password else { return nil }
            let result = try store()
            try call.record(.signedIn, user: user.id)
            try KnownNetworkRepository(call.database).store(call.request.network, of: user.id, now: call.now)
            return result
        }
        guard let begun, try call.users.find(user.id)?.password != user.password else { return begun }
        try undo(begun)
        return nil
    }
}
