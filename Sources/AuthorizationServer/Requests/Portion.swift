import HTTP
import HTTPTypes

/// The part of a long list that a request asks for.
///
/// A document has 1,000 entries. A page has 25.
struct Portion {
    static let ofDocument = 1000
    static let ofPage = 25
    static let numbers = 1...10_000

    /// The number of the portion, counted from 1.
    let number: Int
    let size: Int

    /// Reads the number from the query, or uses 1 if it is absent.
    ///
    /// Throws 422 for a value that is not in `numbers`.
    init(_ name: String = Input.page.name, of size: Int, _ call: Call) throws(HTTPError) {
        self.size = size
        var validation = Validation(try call.query)
        number = validation.number(name, in: Self.numbers, default: 1)
        try validation.finish()
    }

    /// The number of rows to read.
    ///
    /// It is one more than the portion shows. The additional row tells whether another portion
    /// exists.
    var limit: Int { size + 1 }
    var offset: Int { (number - 1) * size }

    /// Returns the entries of the portion, and the number of the next portion if it exists.
    func cut<Entry>(_ entries: [Entry]) -> (entries: [Entry], next: Int?) {
        (Array(entries.prefix(size)), entries.count > size ? number + 1 : nil)
    }

    /// Returns a JSON list, with the address of the next portion in `Link` (RFC 8288).
    func response<Entry>(_ entries: [Entry], _ call: Call, json: (Entry) throws -> JSON) rethrows -> Response {
        let (entries, next) = cut(entries)
        var response = Response.json(try JSON.array(count: entries.count) { try json(entries[$0]) })
        if let next {
            response.fields[.link] = "<\(call.settings.issuer)\(call.request.path)?page=\(next)>; rel=\"next\""
        }
        return response
    }
}
