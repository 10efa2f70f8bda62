/// The name of a user, an application or a token, as people see it.
package enum DisplayName {
    /// Returns whether a name has a visible character.
    package static func isVisible(_ name: String) -> Bool {
        name.unicodeScalars.contains { scalar in
            // For Unicode, the blank Braille pattern is a symbol, and Hangul fillers are letters.
            guard !scalar.properties.isDefaultIgnorableCodePoint, scalar.value != 0x2800 else { return false }
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
                .paragraphSeparator, .nonspacingMark,
                .enclosingMark, .spacingMark:
                return false
            default: return true
            }
        }
    }

    /// Returns whether a name has a forbidden format character, which hides in the text or reverses
    /// the direction of the text.
    ///
    /// U+200C and U+200D are allowed between two letters or emoji, because Persian and Indic names
    /// and emoji need them.
    package static func hasHiddenCharacter(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        return scalars.indices.contains { index in
            guard scalars[index].properties.generalCategory == .format else { return false }
            guard scalars[index].value == 0x200c || scalars[index].value == 0x200d else { return true }
            let before = scalars[..<index].last { !isMark($0) }
            let after = scalars[(index + 1)...].first { !isMark($0) }
            return !isLetterOrEmoji(before) || !isLetterOrEmoji(after)
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    private static func isLetterOrEmoji(_ scalar: Unicode.Scalar?) -> Bool {
        guard let properties = scalar?.properties else { return false }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return properties.isEmoji && scalar.map { $0.value > 0x7f } == true
        }
    }
}
