import HTTP
import MariaDB

/// What a request says, each part of it read once, when an action first asks for it.
final class Incoming {
    private let request: Request
    private let worker: Worker
    private var readQuery: Result<Parameters, HTTPError>?
    private var readBody: Result<Parameters, HTTPError>?
    /// A route was found; before that neither query nor body is looked at, not even for a language.
    var isRouted = false
    /// Whether the caller wants a page.
    private(set) lazy var prefersPage = request.prefersPage
    /// The language that the caller reads best, once it was chosen.
    var language: String?
    /// The session, once it was looked for, with its cookie.
    var visit: (cookie: SessionCookie, session: Session)??

    init(_ request: Request, _ worker: Worker) {
        self.request = request
        self.worker = worker
    }

    /// What the query says.
    func query() throws(HTTPError) -> Parameters {
        if let readQuery { return try readQuery.get() }
        let read = Result { () throws(HTTPError) in try Parameters(query: request.query) }
        if !request.query.isEmpty { worker.readings += 1 }
        readQuery = read
        return try read.get()
    }

    /// What the body says.
    func body() throws(HTTPError) -> Parameters {
        if let readBody { return try readBody.get() }
        let read = Result { () throws(HTTPError) in try Parameters(bodyOf: request) }
        if !request.body.isEmpty { worker.readings += 1 }
        readBody = read
        return try read.get()
    }
}
