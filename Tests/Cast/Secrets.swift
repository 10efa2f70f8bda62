import DevelopmentStack
import Foundation
import HTTP

/// Every secret that a test received, and which no log may contain.
enum Secrets {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var known: Set<String> = []

    /// Remembers the tokens, codes, client secrets and cookies of an answer.
    static func note(_ answer: Answer) {
        var values = answer.fields.filter { $0.name.lowercased() == "set-cookie" }.map {
            String($0.value.prefix { $0 != ";" })
        }
        values += [answer.located("code"), answer.located("access_token")].compactMap { $0 }
        for name in ["access_token", "refresh_token", "accessToken", "secret", "auth_token", "redirect_to"] {
            if let value = answer.json?[name]?.text { values.append(value) }
        }
        let words = values.compactMap { word(of: Array($0.utf8)) }
        lock.withLock { known.formUnion(words) }
    }

    /// Returns the secrets that the logs of a folder contain.
    ///
    /// Each result consists of the file name and the first letters of the secret.
    static func found(inLogsOf folder: URL) throws -> Set<String> {
        let words = try ChildProcess.output("grep", ["--include=*.log", "-raoE", "[A-Za-z0-9_-]{40,}", folder.path()])
            .output
        return lock.withLock {
            Set(
                words.split(separator: "\n").compactMap { line in
                    let halves = line.split(separator: ":", maxSplits: 1)
                    return halves.count == 2 && known.contains(String(halves[1]))
                        ? "\(halves[0]): \(halves[1].prefix(6))…" : nil
                })
        }
    }

    /// Returns the last sequence of letters that is long enough to be a secret.
    ///
    /// In a token, this is the signature. In a cookie, it is the value.
    private static func word(of text: [UInt8]) -> String? {
        text.split(whereSeparator: { !isLetter($0) }).last { $0.count >= 40 }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
