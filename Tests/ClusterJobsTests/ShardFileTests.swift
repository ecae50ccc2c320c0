import CaseFiles
import ClusterJobs
import Testing

@Suite struct ShardFileTests {
    @Test func whatIsWrittenIsRead() throws {
        let job = try SampleJob.job()
        for number in job.run.shards.indices {
            let shard = SampleJob.shard(number, of: job)
            #expect(try Shard(bytes: shard.encoded()) == shard)
        }
    }

    @Test func emptyVoxelsCostAlmostNothing() throws {
        let job = try SampleJob.job(shards: 1)
        // Two sections of 40 voxels of 56 bytes would be 4480 bytes.
        #expect(SampleJob.shard(0, of: job).encoded().count < 900)
    }

    @Test func everyFlippedBitIsFound() throws {
        let job = try SampleJob.job()
        let bytes = SampleJob.shard(1, of: job).encoded()
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1 << UInt8(index % 8)
            #expect(throws: ShardDamage.self, "byte \(index)") { try Shard(bytes: damaged) }
        }
    }

    @Test func everyTruncationIsFound() throws {
        let job = try SampleJob.job()
        let bytes = SampleJob.shard(1, of: job).encoded()
        for length in 0..<bytes.count {
            #expect(throws: ShardDamage.self, "\(length) bytes") { try Shard(bytes: Array(bytes[..<length])) }
        }
        #expect(throws: ShardDamage.length(found: bytes.count + 1, wanted: UInt64(bytes.count))) {
            try Shard(bytes: bytes + [0])
        }
    }

    /// A content that contradicts itself behind a checksum that fits.
    @Test func everyWrongNumberBehindARightChecksumIsRefusedOrReadWithoutACrash() throws {
        let job = try SampleJob.job()
        let bytes = SampleJob.shard(1, of: job).encoded()
        var refused = 0
        for index in 20..<bytes.count - 64 {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var body = Array(bytes[..<(bytes.count - 64)])
                body[index] = value
                do {
                    _ = try Shard(bytes: body + Array(SHA256.digest(body).utf8))
                } catch { refused += 1 }
            }
        }
        #expect(refused > 20)
    }

    @Test func errorsNameTheReason() throws {
        #expect(throws: ShardDamage.notAShard) { try Shard(bytes: Array("something else entirely".utf8)) }
        let job = try SampleJob.job()
        var bytes = SampleJob.shard(0, of: job).encoded()
        bytes[8] = 9
        #expect(throws: ShardDamage.version(9)) { try Shard(bytes: bytes) }
        bytes[8] = 1
        bytes[100] ^= 4
        #expect(throws: ShardDamage.checksum) { try Shard(bytes: bytes) }
    }
}
