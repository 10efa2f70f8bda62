import HTTP
import HTTPTypes

/// What the pages are made to look like.
enum AssetController {
    /// `GET /oauth/assets/{file}`: the stylesheet, the script or the logo, which never change under their name.
    static func show(_ call: Call) throws -> Response {
        guard let asset = call.application.views.assets.find(call.path["file"] ?? "") else { throw HTTPError.notFound }
        return Response(
            status: .ok,
            fields: [
                .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable",
                // A logo may be SVG, which must not run anything when it is opened by itself.
                .contentSecurityPolicy: "default-src 'none'; sandbox",
            ], body: asset.bytes)
    }
}
