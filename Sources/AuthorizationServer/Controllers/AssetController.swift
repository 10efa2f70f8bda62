import HTTP
import HTTPTypes
import Pages

/// The files that determine the look of the pages.
enum AssetController {
    /// `GET /oauth/assets/{file}`: returns the stylesheet, the script, the icon or the logo.
    ///
    /// The content behind a name never changes.
    static func show(_ call: Call) throws -> Response {
        guard let asset = call.application.views.assets.find(call.path["file"] ?? "") else { throw HTTPError.notFound }
        return Response(
            status: .ok,
            fields: [
                .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable",
                // A logo may be an SVG file. It must not run anything when a browser opens it
                // directly.
                .contentSecurityPolicy: "default-src 'none'; sandbox",
            ], body: asset.bytes)
    }
}
