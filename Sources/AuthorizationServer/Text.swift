extension StringProtocol {
    /// Without the white space at both ends.
    func trimming() -> SubSequence {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

extension String {
    /// At most so many characters from the start, as MariaDB counts them: by code point, where Swift counts what is seen as one letter.
    func truncated(to count: Int) -> String {
        String(unicodeScalars.prefix(count))
    }
}
