extension StringProtocol {
    /// Returns the text without the white space at both ends.
    package func trimming() -> SubSequence {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

extension String {
    /// Returns at most `count` characters from the start, counted as MariaDB counts them.
    ///
    /// MariaDB counts code points. Swift counts each group of code points that people see as one
    /// letter.
    package func truncated(to count: Int) -> String {
        String(unicodeScalars.prefix(count))
    }
}
