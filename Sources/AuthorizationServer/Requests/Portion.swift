import HTTP
import HTTPTypes

/// The part of a long list that a request asks for: a thousand entries of a document, 25 of a page.
struct Portion {
    static let ofDocument = 1000
    static let ofPage = 25
    static let numbers = 1...10_000

    /// From 1.
    let number: Int
    let size: Int

    /// Reads the number from the query; absent is the first.
    ///
    /// Throws 422 for anything but one of `numbers`.
    init(_ name: String = Parameter.page.name, of size: Int, _ call: Call) throws(HTTPError) {
        self.size = size
        var validation = Validation(try call.query)
        number = validation.number(name, in: Self.numbers, default: 1)
        try validation.finish()
    }

    /// How many rows to read: one more than are shown says whether there is another portion.
    var limit: Int { size + 1 }
    var offset: Int { (number - 1) * size }

    /// The entries of the portion, and the number of the next one if there is one.
    func cut<Entry>(_ entries: [Entry]) -> (entries: [Entry], next: Int?) {
        (Array(entries.prefix(size)), entries.count > size ? number + 1 : nil)
    }

    /// A JSON list, with the address of the next portion in `Link` (RFC 8288).
    func response<Entry>(_ entries: [Entry], _ call: Call, json: (Entry) throws -> JSON) rethrows -> Response {
        let (entries, next) = cut(entries)
        var response = Response.json(try JSON.array(count: entries.count) { try json(entries[$0]) })
        if let next {
            response.fields[.link] = "<\(call.settings.issuer)\(call.request.path)?page=\(next)>; rel=\"next\""
        }
        return response
    }
}
