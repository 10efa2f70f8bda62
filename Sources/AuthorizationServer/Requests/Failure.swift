/// What can be wrong with a field, in Laravel's words for documents and with a key into the texts for pages.
enum Failure: Sendable, Equatable {
    case required
    case notText
    case repeated
    case tooShort(Int)
    case tooLong(Int)
    case tooManyBytes(Int)
    case tooMany(Int)
    /// There are as many as one user may have.
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
    /// The account has one, which cannot be asked for here.
    case secondFactor
    /// The application's own table cannot hold it.
    case unfit

    /// The sentence of an error document.
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

    /// The key of the text for a page: `error.required`.
    var key: String {
        let name = "\(self)".prefix { $0 != "(" }
        return "error.\(name)"
    }

    /// The number that the text mentions.
    var limit: Int? {
        switch self {
        case .tooShort(let limit), .tooLong(let limit), .tooManyBytes(let limit), .tooMany(let limit), .full(let limit):
            limit
        case .notNumber(let range): range.upperBound
        default: nil
        }
    }
}

/// What is wrong with the fields of a request, field by field.
typealias Failures = [(field: String, failures: [Failure])]
