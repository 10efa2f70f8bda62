extension Form {
    /// Reads the text fields of a `multipart/form-data` body (RFC 7578).
    ///
    /// Returns `nil` if the body is malformed or has more parts than `limit`. A part with a file
    /// name is a file. No route reads files, so the value of the part counts as unreadable.
    package init?(multipart body: [UInt8], contentType: String) {
        guard let boundary = Self.boundary(of: contentType) else { return nil }
        self = [:]
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may be at the very beginning, without a line break before it.
        let bytes = Array("\r\n".utf8) + body
        var starts: [Int] = []
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\r") && bytes[index...].starts(with: delimiter) {
            starts.append(index)
            guard starts.count <= Self.limit + 1 else { return nil }
        }
        guard let last = starts.last, bytes[(last + delimiter.count)...].starts(with: "--".utf8) else { return nil }
        for (start, end) in zip(starts, starts.dropFirst()) {
            guard let (name, value) = Self.field(bytes[(start + delimiter.count)..<end]) else { return nil }
            add(name, value)
        }
    }

    /// Returns the parameter `boundary`, which has 1 to 70 characters (RFC 2046 §5.1.1).
    private static func boundary(of contentType: String) -> String? {
        let boundary = parameter("boundary", of: contentType[...])
        return boundary.flatMap { (1...70).contains($0.utf8.count) ? $0 : nil }
    }

    /// The maximum size of the header fields of a part, in bytes.
    private static let longestHead = 1024

    /// Returns the name and the value of a part.
    private static func field(_ part: ArraySlice<UInt8>) -> (name: String, value: String?)? {
        guard
            let end = part.prefix(longestHead).indices.first(where: {
                part[$0] == UInt8(ascii: "\r") && part[$0...].starts(with: "\r\n\r\n".utf8)
            })
        else { return nil }
        let lines = String(decoding: part[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let disposition = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
            let name = parameter("name", of: disposition)
        else { return nil }
        guard parameter("filename", of: disposition) == nil, parameter("filename*", of: disposition) == nil else {
            return (name, nil)
        }
        return (name, String(validating: part[(end + 4)...], as: UTF8.self))
    }

    /// Returns a parameter of a header field, with or without quotation marks.
    ///
    /// Browsers write `%22` for a quotation mark within the parameter.
    private static func parameter(_ name: String, of field: Substring) -> String? {
        for part in field.utf8.split(separator: UInt8(ascii: ";")).dropFirst() {
            let text = Substring(part).drop { $0 == " " || $0 == "\t" }
            guard let equals = text.firstIndex(of: "="), text[..<equals].lowercased() == name else { continue }
            let value = text[text.index(after: equals)...]
            guard value.first == "\"", value.count > 1, value.last == "\"" else { return String(value) }
            return String(value.dropFirst().dropLast()).replacing("%22", with: "\"").replacing("%0D", with: "\r")
                .replacing("%0A", with: "\n")
        }
        return nil
    }
}
