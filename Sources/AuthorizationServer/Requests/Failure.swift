/// A reason why a field is invalid.
///
/// Error documents use Laravel's sentences. Pages use a key into the texts.
enum Failure: Sendable, Equatable {
    case required
    case notText
    case repeated
    case tooShort(Int)
    case tooLong(Int)
    case tooManyBytes(Int)
    case tooMany(Int)
    /// The user already has the maximum number of entries.
    case full(Int)
    case controlCharacters
    case nul
    case invisible
    case hidden
    case email
    case confirmation
    case notFlag
    case notList
    case notNumber(ClosedRange<Int>)
    case unknown
    case redirect
    case comma
    case scheme
    case taken
    case common
    case wrong
    case tags
    /// The account has a second factor, and this server cannot ask for it.
    case secondFactor
    /// The application's own table cannot store the value.
    case unfit

    /// Returns the sentence for an error document.
    func message(_ field: String) -> String {
        switch self {
        case .required: "The \(field) field is required."
        case .notText: "The \(field) field must be a string."
        case .repeated: "The \(field) field must not be given twice."
        case .tooShort(let limit): "The \(field) field must be at least \(limit) characters."
        case .tooLong(let limit): "The \(field) field must not be greater than \(limit) characters."
        case .tooManyBytes(let limit): "The \(field) field must not be greater than \(limit) bytes."
        case .tooMany(let limit): "The \(field) field must not have more than \(limit) entries."
        case .controlCharacters: "The \(field) field must not contain control characters."
        case .nul: "The \(field) field must not contain NUL."
        case .full(let limit): "You have \(limit) already, which is the most: delete one first."
        case .invisible: "The \(field) field must have a visible character."
        case .hidden: "The \(field) field must not contain characters that nobody sees."
        case .email: "The \(field) field must be a valid email address."
        case .confirmation: "The \(field) field confirmation does not match."
        case .notFlag: "The \(field) field must be true or false."
        case .notList: "The \(field) field must be an array."
        case .notNumber(let range):
            "The \(field) field must be a whole number between \(range.lowerBound) and \(range.upperBound)."
        case .unknown: "The selected \(field) is invalid."
        case .redirect: "One or more redirects have an invalid URI format."
        case .comma: "A comma separates redirects: write %2C for a comma within one."
        case .scheme: "A redirect's own scheme must have a dot, like com.example.app:/callback."
        case .taken: "The \(field) has already been taken."
        case .common: "The \(field) is one of the most common ones."
        case .wrong: "The \(field) is incorrect."
        case .tags: "The tags field must be a JSON array of strings."
        case .secondFactor: SecondFactorRequired.error.message
        case .unfit: "The \(field) field is too long, or has characters that cannot be stored here."
        }
    }

    /// The key of the text for a page, for example `error.required`.
    var key: String {
        let name = "\(self)".prefix { $0 != "(" }
        return "error.\(name)"
    }

    /// The number that appears in the text.
    var limit: Int? {
        switch self {
        case .tooShort(let limit), .tooLong(let limit), .tooManyBytes(let limit), .tooMany(let limit), .full(let limit):
            limit
        case .notNumber(let range): range.upperBound
        default: nil
        }
    }
}

/// The failures of a request, grouped by field.
typealias Failures = [(field: String, failures: [Failure])]
