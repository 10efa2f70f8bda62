import HTTP
import MariaDB
import OAuth
import Storage

/// The parts of a request, each read once when an action first asks for it.
final class Incoming {
    private let request: Request
    private let worker: Worker
    private var readQuery: Result<Parameters, HTTPError>?
    private var readBody: Result<Parameters, HTTPError>?
    /// Whether a route was found.
    ///
    /// Before that, the query and the body are not read, not even to choose a language.
    var isRouted = false
    /// Whether the caller wants a page.
    private(set) lazy var prefersPage = request.prefersPage
    /// The language that the caller reads best, or `nil` before it is chosen.
    var language: String?
    /// The result of the search for the session, with its cookie, or `nil` before the search.
    var visit: (cookie: SessionCookie, session: Session)??

    init(_ request: Request, _ worker: Worker) {
        self.request = request
        self.worker = worker
    }

    /// Returns the parameters of the query.
    func query() throws(HTTPError) -> Parameters {
        if let readQuery { return try readQuery.get() }
        let read = Result { () throws(HTTPError) in
            do throws(ParametersError) { return try Parameters(query: request.query) } catch { throw HTTPError(error) }
        }
        if !request.query.isEmpty { worker.readings += 1 }
        readQuery = read
        return try read.get()
    }

    /// Returns the parameters of the body.
    func body() throws(HTTPError) -> Parameters {
        if let readBody { return try readBody.get() }
        let read = Result { () throws(HTTPError) in
            do throws(ParametersError) { return try Parameters(bodyOf: request) } catch { throw HTTPError(error) }
        }
        if !request.body.isEmpty { worker.readings += 1 }
        readBody = read
        return try read.get()
    }
}
