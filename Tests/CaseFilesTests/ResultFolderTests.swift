import CaseFiles
import Foundation
import Testing

@Suite struct ResultFolderTests {
    private static let kind = ResultFolder(
        kind: "a sample", markFile: "sample.yaml", mark: "format: sample\n")

    private static func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private static func put(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Folders above the place are made; the older result goes with all its files; an empty folder may be taken.
    @Test func anOlderResultIsReplacedWhole() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/above/result"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.kind.write(["sample.yaml": Data("format: sample\n".utf8), "old.csv": Data()], to: path)
        #expect(try Self.names(path) == ["old.csv", "sample.yaml"] && Self.kind.isAt(path))
        try Self.kind.write(["sample.yaml": Data("format: sample\n".utf8), "new.csv": Data()], to: path)
        #expect(try Self.names(path) == ["new.csv", "sample.yaml"])
        #expect(try Self.names(scratch.path + "/above") == ["result"])
    }

    /// A file, a folder with other files, a folder of another kind with the same file name.
    @Test(arguments: ["file", "folder", "namesake"])
    func anythingElseIsRefusedAndKept(what: String) throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/place"
        switch what {
        case "file": try Self.put("text", path)
        default:
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Self.put("format: photos\n", path + (what == "namesake" ? "/sample.yaml" : "/a.yaml"))
        }
        for attempt in [Self.kind.checkPlace, { (path: String) in try Self.kind.write([:], to: path) }] {
            let error = #expect(throws: InvalidFile.self) { try attempt(path) }
            #expect(error?.file == path && error?.description.contains("is not a sample") == true)
        }
        #expect(try Self.names(scratch.path) == ["place"])
        if what != "file" { #expect(try Self.names(path).count == 1) }
    }

    /// Half a result is none: what was there before stays, and no hidden folder is left.
    @Test func aFailureLeavesTheOlderResult() throws {
        struct Failure: Error {}
        let scratch = try ScratchFolder()
        let path = scratch.path + "/result"
        try Self.kind.write(["sample.yaml": Data("format: sample\n".utf8)], to: path)
        #expect(throws: Failure.self) {
            try Self.kind.write(to: path) { folder in
                try Data().write(to: folder.appendingPathComponent("half.csv"))
                throw Failure()
            }
        }
        #expect(try Self.names(path) == ["sample.yaml"] && Self.names(scratch.path) == ["result"])
    }

    @Test func aPlaceBelowAFileIsNamed() throws {
        let scratch = try ScratchFolder()
        try Self.put("text", scratch.path + "/file")
        let path = scratch.path + "/file/result"
        let error = #expect(throws: InvalidFile.self) { try Self.kind.write(["a.csv": Data()], to: path) }
        #expect(error?.description.contains("a sample cannot be written here") == true)
    }
}
