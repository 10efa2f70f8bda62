import HTTP
import HTTPTypes
import Testing

@Suite struct `Percent-encoding` {
    @Test func `decodes encoded text and refuses broken encodings`() {
        #expect(PercentEncoding.decode("a%20b%2Fc".utf8) == "a b/c")
        #expect(PercentEncoding.decode("a+b".utf8) == "a+b")
        #expect(PercentEncoding.decode("a+b".utf8, plusIsSpace: true) == "a b")
        #expect(PercentEncoding.decode("%C3%A4".utf8) == "ä")
        for broken in ["%", "%a", "%zz", "%ff", "%C3", "a%2"] { #expect(PercentEncoding.decode(broken.utf8) == nil) }
    }

    @Test func `encodes every character except the unreserved characters`() {
        #expect(PercentEncoding.encode("aZ0-._~ &=ä\n") == "aZ0-._~%20%26%3D%C3%A4%0A")
    }
}

@Suite struct `Forms` {
    @Test func `keep the order of pairs, also of pairs without a value or with the same name`() throws {
        let form = try #require(Form("a=1&b&a=2&=x&c=%3D".utf8))
        #expect(form.pairs.map(\.name) == ["a", "b", "a", "", "c"])
        #expect(form.pairs.map(\.value) == ["1", "", "2", "x", "="])
        let broken = try #require(Form("a=%&%=b&c=d".utf8))
        #expect(broken.pairs.map(\.name) == ["c"] && broken.unreadable == ["a"])
        #expect(try #require(Form("".utf8)).pairs.isEmpty)
    }
}

@Suite struct `Paths` {
    @Test func `match segment by segment, and an encoded slash does not end a segment`() {
        let path: Path = "/_debugbar/cache/{key}/{tags?}"
        #expect(path.match("/_debugbar/cache/a%2Fb") == ["key": "a/b"])
        #expect(path.match("/_debugbar/cache/a/b") == ["key": "a", "tags": "b"])
        for other in [
            "/_debugbar/cache", "/_debugbar/cache/", "/_debugbar/cache/a/", "/_debugbar/cache/a/b/c",
            "/_debugbar/cache/%zz", "", "x",
        ] {
            #expect(path.match(other) == nil)
        }
        #expect(("/up" as Path).isLiteral && !path.isLiteral)
    }
}

@Suite struct `JSON documents` {
    @Test func `are written compactly, in order, with every control character escaped`() {
        let value: JSON = ["b": [1, true, .null], "a": "\"\\\n\u{1}\u{1f}ä/"]
        #expect(value.compact == #"{"b":[1,true,null],"a":"\"\\\n\u0001\u001fä/"}"#)
    }

    @Test func `are read strictly`() {
        #expect(
            JSON(parsing: Array(#"{"a":[1,1.5,"x",null,false]}"#.utf8)) == ["a": [1, .number(1.5), "x", .null, false]])
        #expect(JSON(parsing: Array("\u{feff}{}".utf8)) == .object([]), "a byte order mark is skipped")
        #expect(JSON(parsing: Array(#" "\u00e4\ud83d\ude00\n\/" "#.utf8)) == "ä😀\n/")
        #expect(
            JSON(parsing: Array("[-0,0.5e-2,9223372036854775807,9223372036854775808]".utf8)) == [
                0, .number(0.005), 9_223_372_036_854_775_807, .number(9_223_372_036_854_775_808),
            ])
        let broken = [
            "", " ", "{", "{\"a\":}", "{\"a\" 1}", "{,}", "{\"a\":1,}", "{a:1}", "[1,]", "[,]", "[1 2]", "'a'", "nul",
            "nulll", "1 2",
            "01", "-", "1.", ".5", "1e", "+1",
            "1e999", "NaN", #""\x""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\u00g0""#, "\"a\nb\"", "\"a",
            "[", "]",
        ]
        for text in broken { #expect(JSON(parsing: Array(text.utf8)) == nil, "\(text)") }
    }

    @Test func `keep a repeated member, so that it can be refused`() {
        #expect(
            JSON(parsing: Array(#"{"a":1,"a":2}"#.utf8))
                == .object([.init(name: "a", value: 1), .init(name: "a", value: 2)]))
        #expect(
            JSON(parsing: Array(String(repeating: "[", count: 64).utf8) + Array(String(repeating: "]", count: 64).utf8))
                != nil)
        #expect(
            JSON(parsing: Array(String(repeating: "[", count: 65).utf8) + Array(String(repeating: "]", count: 65).utf8))
                == nil)
        #expect(JSON(parsing: [0x22, 0xff, 0x22]) == nil)
        #expect(JSON(parsing: Array(String(repeating: "[", count: 100_000).utf8)) == nil)
    }
}

@Suite struct `Cookies` {
    @Test func `are found by their whole name, and the first of several is read`() {
        let request = Request(path: "/", fields: [.cookie: "ab=1; a=2;b=3=4; a=5"])
        #expect(request.cookie("a") == "2")
        #expect(request.cookie("b") == "3=4")
        #expect(request.cookie("c") == nil)
    }

    @Test func `end at a semicolon, even if an accent follows it`() {
        let request = Request(path: "/", fields: [.cookie: "a=1;\u{301}b=2; c=3;\u{6e7}d=4; \u{301}e=5; f=6"])
        #expect(request.cookie("a") == "1")
        #expect(request.cookie("c") == "3")
        #expect(request.cookie("e") == nil)
        #expect(request.cookie("f") == "6")
    }

    @Test func `are written only for this site`() {
        #expect(
            Cookie("n", "v", maxAge: 60, isSecure: true).description
                == "n=v; Path=/; SameSite=Lax; Max-Age=60; Secure; HttpOnly")
    }
}
