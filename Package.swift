// swift-tools-version: 6.1
import PackageDescription

/// Debian packages that the system libraries come from are listed once, in `packages.txt`.
let systemLibraries: [Target] = [
  .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
  .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(name: "CLibCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
  .systemLibrary(name: "CLibPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
  .systemLibrary(name: "CLinux"),
]

/// Run-time checks of exclusive access cost a twentieth of the time; the debug builds that tests run on keep them.
let withoutExclusivityChecks = SwiftSetting.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")

/// The house from bottom to top. Tests/House checks that the import lines agree.
let house: [Target] = [
  .target(name: "Model", dependencies: [collections, "BigInt"]),
  .target(name: "YAML", dependencies: ["Model", "CLibYAML", collections]),
  .target(
    name: "Templating",
    dependencies: ["Model", "YAML", "Vault", "CLibPCRE2", "CLibCrypto", "CLibCrypt", collections, "BigInt"],
    swiftSettings: [withoutExclusivityChecks]),
  .target(name: "Vault", dependencies: ["CLibCrypto"]),
  .target(name: "Parsing", dependencies: ["Model", "YAML", "Templating", collections]),
  .target(name: "Planning", dependencies: ["Model", "YAML", "Templating", "Parsing", collections]),
  .target(
    name: "Transport", dependencies: ["Model", "CLibSSH2", "CLibCrypto", "CLinux", collections],
    swiftSettings: [withoutExclusivityChecks]),
  .target(name: "ModuleLibrary", dependencies: ["Model", "YAML", "Parsing", "Transport", collections]),
  .target(name: "ModuleTesting", dependencies: ["Model", "YAML", "Parsing", "Transport", "ModuleLibrary"]),
  .target(
    name: "Actions",
    dependencies: [
      "Model", "YAML", "Vault", "Templating", "Parsing", "Planning", "Transport", "ModuleLibrary", collections,
    ]),
  .target(
    name: "Execution",
    dependencies: ["Model", "Templating", "Parsing", "Planning", "Transport", "ModuleLibrary", "Actions", collections]),
  .target(name: "Store", dependencies: ["Model", .product(name: "GRDB", package: "GRDB.swift"), collections]),
  .target(name: "Reporting", dependencies: ["Model", collections]),
  .executableTarget(
    name: "martlet",
    dependencies: [
      "Model", "YAML", "Templating", "Parsing", "Planning", "Transport", "ModuleLibrary", "ModuleTesting", "Actions",
      "Execution", "Store", "Reporting", "Vault", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .executableTarget(
    name: "template-bench", dependencies: ["Model", "Templating", "CLibCrypto"], path: "Tests/Bench/templates",
    exclude: ["run", "peer.py", "workloads.py"]),
]

let tests: [Target] = [
  .target(name: "Support", dependencies: ["Model", collections], path: "Tests/Support"),
  .target(name: "Simulation", dependencies: ["Model", "Parsing", "Planning", "Execution"], path: "Tests/Simulation"),
  .executableTarget(name: "simulate", dependencies: ["Simulation", "Execution"], path: "Tests/Bench/simulate"),
  .executableTarget(name: "tcpproxy", dependencies: ["Support"], path: "Tests/Bench/tcpproxy"),
  .testTarget(name: "ModelTests", dependencies: ["Model", "Support"]),
  .testTarget(name: "YAMLTests", dependencies: ["YAML", "Support", "BigInt"]),
  .testTarget(name: "VaultTests", dependencies: ["Vault"]),
  .testTarget(name: "TemplatingTests", dependencies: ["Templating", "Support"]),
  .testTarget(name: "ParsingTests", dependencies: ["Parsing", "Templating", "Support", collections]),
  .testTarget(name: "PlanningTests", dependencies: ["Planning", "Support"]),
  .executableTarget(
    name: "TransportBench", dependencies: ["Model", "Transport", "Support"], path: "Tests/TransportBench"),
  .testTarget(name: "TransportTests", dependencies: ["Transport", "Support"]),
  .testTarget(name: "ModuleLibraryTests", dependencies: ["ModuleLibrary", "ModuleTesting", "Support"]),
  .testTarget(name: "ActionsTests", dependencies: ["Actions", "Support"]),
  .testTarget(name: "ExecutionTests", dependencies: ["Execution", "ModuleTesting", "Simulation", "Support"]),
  .testTarget(name: "StoreTests", dependencies: ["Store", "Support"]),
  .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Support"], exclude: ["Golden"]),
  .testTarget(name: "EndToEndTests", dependencies: ["Support", "Store"]),
  .testTarget(name: "HouseTests", dependencies: ["Support"]),
]

let package = Package(
  name: "martlet",
  products: [.executable(name: "martlet", targets: ["martlet"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: systemLibraries + house + tests,
  swiftLanguageModes: [.v6]
)
