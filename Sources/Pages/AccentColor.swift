/// The colour of buttons and links, made readable on every background (WCAG 2.2 §1.4.3).
package struct AccentColor: Sendable {
    private let red: Double
    private let green: Double
    private let blue: Double

    /// Reads a colour such as `#1f6feb`.
    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: #/#([0-9A-Fa-f]{6})/#), let number = Int(match.1, radix: 16) else {
            return nil
        }
        self.init(red: Double(number >> 16), green: Double(number >> 8 & 255), blue: Double(number & 255))
    }

    private init(red: Double, green: Double, blue: Double) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// The CSS custom properties that the stylesheet uses, for light mode and for dark mode.
    package var stylesheet: String {
        let light = readable(on: Self.lightBackground, towards: Self.black)
        let dark = readable(on: Self.darkBackground, towards: Self.white)
        return """
            :root { --accent: \(light.text); --on-accent: \(light.contrasting.text); }
            @media (prefers-color-scheme: dark) { :root { --accent: \(dark.text); --on-accent: \(dark.contrasting.text); } }

            """
    }

    private static let white = AccentColor(red: 255, green: 255, blue: 255)
    package static let black = AccentColor(red: 0, green: 0, blue: 0)
    // The backgrounds of style.css with the lowest contrast.
    private static let lightBackground = AccentColor(red: 0xf1, green: 0xf3, blue: 0xf5)
    private static let darkBackground = AccentColor(red: 0x22, green: 0x27, blue: 0x2e)

    private func readable(on background: AccentColor, towards end: AccentColor) -> AccentColor {
        for step in 0...20 {
            let share = Double(step) / 20
            let mixed = AccentColor(
                red: red + (end.red - red) * share, green: green + (end.green - green) * share,
                blue: blue + (end.blue - blue) * share)
            if mixed.contrast(with: background) >= 4.7 { return mixed }
        }
        return end
    }

    private var contrasting: AccentColor {
        contrast(with: Self.white) >= contrast(with: Self.black) ? Self.white : Self.black
    }

    private func contrast(with other: AccentColor) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// The relative luminance, from 0 to 1.
    ///
    /// A cubic polynomial approximates the curve of sRGB. Its error is less than 0.003 everywhere.
    private var luminance: Double {
        func linear(_ channel: Double) -> Double {
            let share = channel / 255
            return share * (share * (share * 0.305306011 + 0.682171111) + 0.012522878)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    private var text: String {
        "#"
            + [red, green, blue].map { channel in
                let digits = String(Int(channel.rounded()), radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }
}
