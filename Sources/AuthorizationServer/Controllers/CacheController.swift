import HTTP
import Storage

/// The route of the debug bar, which the original application contained.
enum CacheController {
    /// Throws 404 if the route is off, as if it did not exist.
    static func checkSwitch(_ call: Call) throws(HTTPError) {
        guard call.settings.isDebugBarEnabled else { throw .notFound }
    }

    /// `DELETE /_debugbar/cache/{key}/{tags?}`: deletes a cache key that was written with exactly
    /// these tags.
    ///
    /// The debug bar encodes the key twice, but the router decodes it only once. A key that still
    /// contains `%XX` is therefore also looked up in its decoded form.
    static func delete(_ call: Call) throws -> Response {
        let key = call.path["key"] ?? ""
        let tags = try call.path["tags"].map(canonical) ?? ""
        let cache = call.cache
        var wasForgotten = try cache.forget(key, tags: tags, now: call.now)
        if let decoded = PercentEncoding.decode(key.utf8), decoded != key {
            wasForgotten = try cache.forget(decoded, tags: tags, now: call.now) || wasForgotten
        }
        return .json(["success": .bool(wasForgotten)])
    }

    private static func canonical(_ tags: String) throws(HTTPError) -> String {
        guard case .array(let values)? = JSON(parsing: Array(tags.utf8)), values.allSatisfy({ $0.text != nil }) else {
            throw .unprocessable([("tags", [.tags])])
        }
        return values.isEmpty ? "" : JSON(values.compactMap(\.text)).compact
    }
}
