import FacilityModel
import Foundation
import Yams

/// Finds the base of a machine file, reads it, and lays the file over it.
///
/// ## Checked by
/// `MachineBaseTests`.
struct MachineBaseLoader {
    let own: YAMLElement
    let file: String
    let store: DataStore?
    /// Files that are based on this one.
    let above: [String]

    /// What describes the file itself and is never taken from a base.
    private static let ownKeys: Set<String> = [
        "format", "version", "name", "facility", "summary", "notice", "facts", "base", "without",
    ]

    struct Laid {
        var root: YAMLElement
        var base: MachineBase?
        var inheritance: MachineInheritance?
    }

    /// The file laid over its base; the file itself if it has none.
    func load() throws(InvalidFile) -> Laid {
        guard let element = own.member("base") else {
            if let without = own.member("without") {
                without.report("only a file with a base can leave something of it out; delete the key")
            }
            return Laid(root: own, base: nil, inheritance: nil)
        }
        guard let (name, assumption) = readBase(element), let path = path(of: name, at: element) else {
            try own.findings.finish(file: file)
            throw InvalidFile(file: file, "the base cannot be read")
        }
        guard path != file, !above.contains(path), above.count < 8 else {
            element.report(
                "the file is based on itself (\((above + [file, path]).joined(separator: " → "))); name another base"
            )
            try own.findings.finish(file: file)
            throw InvalidFile(file: file, "the base cannot be read")
        }
        let content = try MachineFile.read(
            text: TextFile.read(path), file: path, store: store, above: above + [file])
        return lay(over: content, assumption: assumption)
    }

    /// Name and, if all its figures count as assumed, why.
    private func readBase(_ element: YAMLElement) -> (name: String, assumption: String?)? {
        guard case .mapping = element.node else {
            return element.readText().map { ($0, nil) }
        }
        let keys = ["machine", "confidence", "note"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let name = map["machine"]?.readText()
        let note = map["note"]?.readText()
        guard let word = map["confidence"]?.readText() else { return nil }
        guard word == FigureConfidence.assumed.rawValue else {
            map["confidence"]?.report(
                "‘\(word)’ cannot be given to all figures of a base (only ‘assumed’ can, for a machine that is modelled "
                    + "on another); write assumed, or base: and the name alone")
            return nil
        }
        guard let name, let note else { return nil }
        return (name, note)
    }

    private func path(of name: String, at element: YAMLElement) -> String? {
        do {
            let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
            let isPath = name.contains("/") || name.hasSuffix(".yaml")
            // A path needs no data folder; a store that is not used is as good as any.
            let store = try self.store ?? (isPath ? DataStore(path: "") : DataStore.find())
            return try store.machinePath(name, relativeTo: folder)
        } catch {
            element.report("\(error)")
            return nil
        }
    }

    private func lay(over content: MachineFile.Content, assumption: String?) -> Laid {
        let description = content.description
        if let version = content.root.member("version")?.scalarText, version != "\(MachineFile.version)" {
            own.member("base")?.report(
                "the base is a file of version \(version) (a base must be of version \(MachineFile.version)); bring it "
                    + "up to date")
        }
        var below = MachineMerge.withoutPlaces(content.root.node)
        for path in readWithout() {
            if let rest = MachineMerge.removing(path.text.split(separator: ".")[...], from: below) {
                below = rest
            } else {
                path.element.report(
                    "the base ‘\(description.machine.name)’ has nothing at ‘\(path.text)’; write a path of its keys and "
                        + "ids such as ports.gantry")
            }
        }
        if case .mapping(let mapping) = below {
            let pairs = mapping.filter { !Self.ownKeys.contains($0.key.scalar?.string ?? "") }
            below = .mapping(.init(pairs.map { ($0.key, $0.value) }, mapping.tag, mapping.style))
        }
        if let assumption {
            below = MachineMerge.assuming(below, why: "as \(description.machine.name): \(assumption)")
        }
        let sources = checkSources(of: below)
        var merge = MachineMerge()
        let root = YAMLElement(node: merge.merge(below, own.node), path: "", findings: own.findings)
        return Laid(
            root: root,
            base: MachineBase(name: description.machine.name, files: content.files, assumption: assumption),
            inheritance: MachineInheritance(sources: sources, overridden: merge.overridden))
    }

    private func readWithout() -> [(element: YAMLElement, text: String)] {
        guard let items = own.member("without")?.readList(count: 1...100) else { return [] }
        return items.compactMap { item in item.readText().map { (item, $0) } }
    }

    /// Keys of the base's sources; a key of both that means something else is a finding.
    private func checkSources(of below: Node) -> Set<String> {
        guard case .mapping(let sources)? = MachineMerge.member(below, "sources") else { return [] }
        for (key, value) in sources {
            guard let name = key.scalar?.string, let own = own.member("sources")?.member(name),
                own.scalarText != value.scalar?.string
            else { continue }
            own.report(
                "the base has a source of this name (‘\(value.scalar?.string ?? "")’) and its figures would change "
                    + "theirs; take another name")
        }
        return Set(sources.compactMap { $0.key.scalar?.string })
    }
}
