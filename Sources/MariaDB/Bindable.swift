/// A type of value that can stand for a `?` of a statement.
package protocol Bindable {
    /// The value in the form in which it is sent.
    var bound: BoundValue { get }
}

/// A value in the form in which the connection transfers it.
package enum BoundValue: Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case time(Timestamp)
}

extension Int: Bindable {
    package var bound: BoundValue { .integer(Int64(self)) }
}

extension Bool: Bindable {
    package var bound: BoundValue { .integer(self ? 1 : 0) }
}

extension String: Bindable {
    package var bound: BoundValue { .text(self) }
}

extension [UInt8]: Bindable {
    package var bound: BoundValue { .bytes(self) }
}

extension Timestamp: Bindable {
    package var bound: BoundValue { .time(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
    package var bound: BoundValue { self?.bound ?? .null }
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
    package var bound: BoundValue { rawValue.bound }
}
