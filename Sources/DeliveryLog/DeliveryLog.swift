import DeliveryControl

/// A log that was read.
public struct DeliveryLog: Sendable {
    public var path: String
    public var header: DeliveryLogHeader
    /// Entries of whole frames, in order.
    public var records: [TimedRecord]
    /// Whether the last frame says that the session was ended in order.
    public var isClosed: Bool
    /// Bytes after the last whole frame: what a crash left of a commit that was never acknowledged.
    public var tornBytes: Int

    /// Reads a log.
    ///
    /// What a crash leaves at the end is told in `tornBytes`; it holds nothing that was acknowledged.
    ///
    /// - Parameters:
    ///   - path: Of the log.
    ///   - acknowledged: Bytes that the counters say were acknowledged; fewer whole ones are damage. 0 if that is not known: then a damaged
    ///     last frame of an open log cannot be told from a torn one.
    /// - Returns: The log; nil if the session died before its header was on disk, hence before anything.
    /// - Throws: `DeliveryLogError.damaged` with the place of the damage, `notALog`, `unknownVersion`, `refused`.
    public static func read(_ path: String, acknowledged: Int = 0) throws(DeliveryLogError) -> DeliveryLog? {
        try parse(try SystemLogFile.contents(of: path), path: path, acknowledged: acknowledged)
    }

    /// The same of bytes in memory.
    package static func parse(
        _ bytes: [UInt8], path: String, acknowledged: Int = 0
    ) throws(DeliveryLogError) -> DeliveryLog? {
        let opening = DeliveryLogFormat.opening
        if !bytes.starts(with: opening) {
            // A crash before the header leaves a part of the opening, and zeros where space was set aside.
            let written = bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)]
            if opening.starts(with: written) {
                try checkTail(bytes, from: 0, path: path, acknowledged: acknowledged, isClosed: false)
                return nil
            }
            guard bytes.starts(with: DeliveryLogFormat.magic), bytes.count >= opening.count else {
                throw .notALog(path: path)
            }
            throw .unknownVersion(
                path: path, version: (0..<4).reduce(0) { $0 | UInt32(bytes[8 + $1]) << UInt32(8 * $1) })
        }
        var log: DeliveryLog?
        var (offset, number, previous) = (DeliveryLogFormat.prefix, UInt32(0), UInt32(0))
        while let frame = DeliveryLogFormat.frame(in: bytes, at: offset) {
            guard frame.number == number, frame.previous == previous else {
                throw .damaged(
                    path: path, offset: offset,
                    what: "frame \(frame.number) stands where frame \(number) belongs")
            }
            guard log?.isClosed != true else {
                throw .damaged(path: path, offset: offset, what: "there are frames after the end")
            }
            do {
                try take(frame, path: path, into: &log)
            } catch {
                throw .damaged(
                    path: path, offset: offset, what: "frame \(number) cannot be understood, \(error.what)")
            }
            (offset, number, previous) = (frame.end, number + 1, frame.checksum)
        }
        try checkTail(
            bytes, from: offset, path: path, acknowledged: acknowledged, isClosed: log?.isClosed == true)
        log?.tornBytes = bytes[offset...].lastIndex { $0 != 0 }.map { $0 + 1 - offset } ?? 0
        return log
    }

    private static func take(
        _ frame: DeliveryLogFormat.Frame, path: String, into log: inout DeliveryLog?
    ) throws(PayloadError) {
        var cursor = LogCursor(frame.content)
        switch DeliveryLogFormat.Kind(rawValue: frame.kind) {
        case .header where log == nil:
            let header = try DeliveryLogHeader(&cursor)
            guard cursor.isAtEnd else { throw PayloadError(what: "the header is too long") }
            log = DeliveryLog(path: path, header: header, records: [], isClosed: false, tornBytes: 0)
        case .entries where log != nil:
            var decoder = EntryDecoder(cursor)
            let records = try decoder.records()
            try log?.header.check(records)
            log?.records.append(contentsOf: records)
        case .end where log != nil: log?.isClosed = true
        default: throw PayloadError(what: "frames of kind \(frame.kind) do not belong here")
        }
    }

    /// After the last whole frame there may be the rest of one commit, and nothing that was acknowledged.
    private static func checkTail(
        _ bytes: [UInt8], from offset: Int, path: String, acknowledged: Int, isClosed: Bool
    ) throws(DeliveryLogError) {
        if offset < acknowledged {
            throw .damaged(
                path: path, offset: offset,
                what: "\(acknowledged) bytes were acknowledged, whole frames end here")
        }
        // Zeros are space that was set aside.
        guard bytes[offset...].contains(where: { $0 != 0 }) else { return }
        if isClosed { throw .damaged(path: path, offset: offset, what: "there are bytes after the end") }
        var next = offset + 1
        while next < bytes.count {
            if bytes[next] == DeliveryLogFormat.marker[0],
                DeliveryLogFormat.frame(in: bytes, at: next) != nil
            {
                throw .damaged(
                    path: path, offset: offset,
                    what: "the frame does not give its checksum, but a whole one follows at byte \(next)")
            }
            next += 1
        }
    }
}

extension DeliveryLogHeader {
    /// Entries must lie inside the field, so that nobody who adds them up can fail.
    fileprivate func check(_ records: [TimedRecord]) throws(PayloadError) {
        let layers = field.layers
        for record in records {
            let (layer, visit): (Int, Int)
            switch record.entry {
            case .layerStarted(let index, _, _), .layerEnded(let index, _): (layer, visit) = (index, 0)
            case .visit(let index, let stay, _): (layer, visit) = (index, stay)
            case .loaded(let number, let from):
                guard number == field.fieldNumber, from == start else {
                    throw PayloadError(what: "another field was loaded than the header says")
                }
                continue
            default: continue
            }
            guard layers.indices.contains(layer), layers[layer].visits.indices.contains(visit) else {
                throw PayloadError(what: "layer \(layer), visit \(visit) is not in the field")
            }
        }
    }
}
