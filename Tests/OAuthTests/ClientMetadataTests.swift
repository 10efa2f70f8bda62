import HTTP
import OAuth
import Testing

/// The description of a client (RFC 7591 §2).
@Suite struct `Metadata of a client` {
    private static let shop = ClientMetadata(
        clientName: "Shop", redirectURIs: "https://shop.example/callback", grants: [.authorizationCode])

    @Test func `a client without further members needs no JSON`() {
        #expect(Self.shop.storedText == nil)
        #expect(Self.shop.tokenEndpointAuthMethod == nil)
    }

    @Test func `a further member is stored under its name of RFC 7591, and survives storage`() {
        var shop = Self.shop
        shop.tokenEndpointAuthMethod = "client_secret_basic"
        #expect(shop.storedText == #"{"token_endpoint_auth_method":"client_secret_basic"}"#)
        let read = ClientMetadata(
            clientName: "Shop", redirectURIs: "https://shop.example/callback", grantTypes: ["authorization_code"],
            stored: shop.storedText)
        #expect(read == shop)
        shop.tokenEndpointAuthMethod = nil
        #expect(shop == Self.shop)
    }

    @Test func `a member that this version does not know stays`() {
        var shop = ClientMetadata(
            clientName: "Shop", redirectURIs: "", grantTypes: nil, stored: #"{"contacts":["a@shop.example"]}"#)
        shop.tokenEndpointAuthMethod = "client_secret_post"
        shop.tokenEndpointAuthMethod = nil
        #expect(shop.storedText == #"{"contacts":["a@shop.example"]}"#)
    }

    @Test(arguments: ["", "7", "[", "[]", "null"]) func `a text that is no JSON object counts as no member`(
        text: String
    ) {
        var shop = ClientMetadata(clientName: "Shop", redirectURIs: "", grantTypes: nil, stored: text)
        #expect(shop.storedText == nil)
        shop.tokenEndpointAuthMethod = "client_secret_post"
        #expect(shop.tokenEndpointAuthMethod == "client_secret_post")
    }

    @Test func `each member is written only by its writers`() {
        var wanted = ClientMetadata(
            clientName: "Other", redirectURIs: "https://other.example/", grants: [.password], isFirstParty: true)
        wanted.tokenEndpointAuthMethod = "client_secret_post"
        var ofUser = Self.shop
        (ofUser.clientName, ofUser.redirectURIs) = (wanted.clientName, wanted.redirectURIs)
        #expect(Self.shop.changed(to: wanted, by: .user) == ofUser)
        #expect(Self.shop.changed(to: wanted, by: .operator) == wanted)
        #expect(Set(ClientMetadata.members.map(\.name)).count == ClientMetadata.members.count)
    }
}
