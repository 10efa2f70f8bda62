// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .strictMemorySafety(),  // SE-0458
    .treatAllWarnings(as: .error),  // SE-0443
    // Optimizes across the modules. Otherwise each small function of HTTP, OAuth and Storage is a
    // call, which took 10 % of the time of a token check.
    .unsafeFlags(["-package-cmo", "-Xfrontend", "-allow-non-resilient-access"], .when(configuration: .release)),
]

let lenient: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]

let package = Package(
    name: "consulate",
    products: [.executable(name: "consulate", targets: ["Console"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.0"),
    ],
    targets: [
        // MARK: C libraries, each behind a module map
        .systemLibrary(name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CUnistring", providers: [.apt(["libunistring-dev"])]),

        // MARK: Swift modules around the C libraries
        .target(
            name: "HTTP", dependencies: [.product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: strict),
        .target(
            name: "FastCGI",
            dependencies: ["CFastCGI", "HTTP", .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: strict),
        .target(name: "MariaDB", dependencies: ["CMariaDB"], swiftSettings: strict),
        .target(
            name: "Cryptography",
            dependencies: [
                "CCrypt", "CArgon2", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ], swiftSettings: strict),

        .target(name: "Internationalization", dependencies: ["CIDN2", "CUnistring"], swiftSettings: strict),

        // MARK: the server
        .target(
            name: "OAuth",
            dependencies: ["HTTP", "Cryptography", .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: strict),
        .target(
            name: "Storage", dependencies: ["HTTP", "OAuth", "MariaDB", "Cryptography", "Internationalization"],
            swiftSettings: strict, plugins: ["EmbedFilesPlugin"]),
        .target(
            name: "Pages",
            dependencies: ["HTTP", "Cryptography", .product(name: "Mustache", package: "swift-mustache")],
            exclude: ["Templates", "Texts", "Assets"], swiftSettings: strict, plugins: ["EmbedFilesPlugin"]),
        .target(
            name: "AuthorizationServer",
            dependencies: [
                "HTTP", "OAuth", "MariaDB", "Storage", "Pages", "Cryptography",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ], exclude: ["Settings/README.md", "SignIn/Passwords"], swiftSettings: strict,
            plugins: ["EmbedFilesPlugin"]
        ),
        .target(name: "DevelopmentStack", swiftSettings: strict, plugins: ["EmbedFilesPlugin"]),
        .executableTarget(
            name: "Console",
            dependencies: [
                "HTTP", "FastCGI", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages", "AuthorizationServer",
                "DevelopmentStack", .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),

        // MARK: `make bench`: the limit, and the program that compares the server with it
        .executableTarget(
            name: "Floor", dependencies: ["CFastCGI", "CMariaDB"]),
        .executableTarget(
            name: "Benchmark",
            dependencies: [
                "Cryptography", "HTTP", "DevelopmentStack",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ], swiftSettings: strict),

        // MARK: files that are compiled into the binary: sql/, nginx/ and the parts of pages
        .executableTarget(name: "EmbedFiles", swiftSettings: strict),
        .plugin(
            name: "EmbedFilesPlugin", capability: .buildTool(), dependencies: ["EmbedFiles"],
            path: "Sources/EmbedFilesPlugin"),

        // MARK: tests; Cast contains the people, the clients and the served stack that they share
        .target(
            name: "Cast",
            dependencies: [
                "HTTP", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages", "AuthorizationServer",
                "DevelopmentStack", "Console",
            ],
            path: "Tests/Cast", swiftSettings: lenient),
        .testTarget(
            name: "HTTPTests", dependencies: ["HTTP", .product(name: "HTTPTypes", package: "swift-http-types")],
            swiftSettings: lenient),
        .testTarget(
            name: "MariaDBTests", dependencies: ["MariaDB", "Cast", "DevelopmentStack"], swiftSettings: lenient),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: lenient),
        .testTarget(name: "OAuthTests", dependencies: ["OAuth", "HTTP", "Cryptography"], swiftSettings: lenient),
        .testTarget(
            name: "AuthorizationServerTests",
            dependencies: [
                "AuthorizationServer", "HTTP", "OAuth", "Storage", "Pages", "MariaDB", "Cryptography",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: lenient),
        .testTarget(
            name: "ServedTests",
            dependencies: [
                "Cast", "HTTP", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages", "AuthorizationServer",
                "DevelopmentStack",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            exclude: ["api-reference.md"], swiftSettings: lenient),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "Cast", "HTTP", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages", "AuthorizationServer",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            exclude: ["requirements.md"], swiftSettings: lenient),
        .testTarget(
            name: "SoakTests",
            dependencies: ["Cast", "HTTP", "MariaDB", "Cryptography", "Storage", "DevelopmentStack"],
            swiftSettings: lenient),
        .testTarget(
            name: "AdoptionTests",
            dependencies: [
                "Cast", "HTTP", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages", "AuthorizationServer",
                "DevelopmentStack",
            ],
            exclude: ["passport-12"], swiftSettings: lenient),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Cast", "Console", "HTTP", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages",
                "AuthorizationServer", "DevelopmentStack",
            ],
            swiftSettings: lenient),
    ],
    swiftLanguageModes: [.v6]
)

// The tests on a cluster of three nodes. Only `make test-galera` builds them.
if Context.environment["GALERA"] != nil {
    package.targets.append(
        .testTarget(
            name: "GaleraTests",
            dependencies: ["Cast", "HTTP", "MariaDB", "Cryptography", "Storage", "DevelopmentStack"],
            swiftSettings: lenient))
}

// The code that the fuzzer runs is also a test target, so that `make test` runs it on the seeds.
// libFuzzer has its own `main`, so the fuzzer is built only for `make fuzz`.
let fuzzed: [Target.Dependency] = [
    "HTTP", "MariaDB", "Cryptography", "OAuth", "Storage", "Pages", "AuthorizationServer",
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"),
]
if Context.environment["FUZZING"] == nil {
    package.targets.append(
        .testTarget(name: "FuzzingTests", dependencies: fuzzed, exclude: ["corpora"], swiftSettings: lenient))
} else {
    package.targets += [
        .target(
            name: "Fuzzing", dependencies: fuzzed, path: "Tests/FuzzingTests",
            exclude: ["corpora", "FuzzingTests.swift"], swiftSettings: lenient),
        .executableTarget(
            name: "Fuzzer", dependencies: ["Fuzzing"], path: "Tests/Fuzzer", exclude: ["run"], swiftSettings: lenient,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
    ]
}
