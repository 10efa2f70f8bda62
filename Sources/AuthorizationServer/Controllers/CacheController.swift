import HTTP

/// The debug bar's route, which the original application contained.
enum CacheController {
    /// `DELETE /_debugbar/cache/{key}/{tags?}`: forgets a key of the cache, as written under exactly these tags.
    ///
    /// The debug bar encodes the key twice and the router decodes it once, so a key that still holds `%XX` is looked up decoded again as well.
    static func delete(_ call: Call) throws -> Response {
        guard call.settings.isDebugBarEnabled else { throw HTTPError.notFound }
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
