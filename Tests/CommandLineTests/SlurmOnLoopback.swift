import Foundation

/// A Slurm cluster of two nodes on this machine: its own munged, slurmctld and two slurmd on free ports of the loopback device, with
/// everything in a scratch folder. Another Slurm on the machine is not touched.
final class SlurmOnLoopback {
    /// Why there is none; a reason to leave a test out, not to fail it.
    struct Unavailable: Error {
        var reason: String
    }

    let folder: URL
    /// Process numbers by name.
    private var daemons: [String: pid_t] = [:]

    /// Environment of Slurm's commands.
    var environment: [String: String] { ["SLURM_CONF": folder.appendingPathComponent("slurm.conf").path] }

    /// Starts the daemons and waits until both nodes are idle.
    ///
    /// - Throws: `Unavailable`.
    init() throws {
        guard geteuid() == 0 else { throw Unavailable(reason: "Slurm's daemons are started by root only") }
        let missing = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "sinfo", "scancel"]
            .filter { Self.find($0) == nil }
        guard missing.isEmpty else {
            throw Unavailable(
                reason: "\(missing.joined(separator: ", ")) not installed; scripts/setup installs them")
        }
        // Short: the name of a socket has at most 107 characters.
        folder = URL(fileURLWithPath: "/tmp/kasane-slurm-\(UUID().uuidString.prefix(8))")
        do {
            try makeFolder()
            try start(
                "munged",
                [
                    "--foreground", "--key-file=\(path("key/key"))", "--socket=\(path("run/socket"))",
                    "--pid-file=\(path("run/pid"))", "--log-file=\(path("log/munged.log"))",
                    "--seed-file=\(path("key/seed"))", "--num-threads=2",
                ])
            try wait(for: "munged") { FileManager.default.fileExists(atPath: path("run/socket")) }
            try start("slurmctld", ["-D", "-c", "-f", path("slurm.conf")])
            for node in ["n1", "n2"] {
                try start(node, program: "slurmd", ["-D", "-N", node, "-f", path("slurm.conf")])
            }
            try wait(for: "slurmctld") { try command("sinfo", "-h", "-o", "%T %D") == "idle 2" }
        } catch {
            let logs = ["munged", "slurmctld", "n1", "n2"].map { name in
                let text = (try? String(contentsOfFile: path("log/\(name).out"), encoding: .utf8)) ?? ""
                return "\(name): \(text.split(separator: "\n").suffix(3).joined(separator: " | "))"
            }
            stop()
            throw Unavailable(
                reason: "Slurm does not start here (\(error)); \(logs.joined(separator: "; "))")
        }
    }

    /// Runs one of Slurm's commands.
    func command(_ name: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.find(name) ?? name)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A task in the queue.
    struct Task {
        var job: String
        var shard: Int
        var state: String
        var reason: String
        var node: String
        /// As scontrol and scancel name it.
        var name: String { "\(job)_\(shard)" }
    }

    func queue() throws -> [Task] {
        try command("squeue", "--noheader", "--array", "--format=%F|%K|%T|%r|%N").split(separator: "\n")
            .compactMap { line in
                let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 5, let shard = Int(parts[1]) else { return nil }
                return Task(job: parts[0], shard: shard, state: parts[2], reason: parts[3], node: parts[4])
            }
    }

    /// A node dies as by a power cut of its network: its daemon is gone, and what it ran goes on unseen.
    func kill(node: String) throws {
        end(node, signal: SIGKILL)
        _ = try command("scontrol", "update", "nodename=\(node)", "state=down", "reason=test")
    }

    /// Lets requeued tasks start at once; Slurm holds them back for two minutes.
    func hurry() throws {
        for task in try queue() where task.reason == "BeginTime" {
            _ = try command("scontrol", "update", "jobid=\(task.name)", "StartTime=now")
        }
    }

    /// Ends all daemons and removes the folder.
    func stop() {
        if daemons["slurmctld"] != nil { _ = try? command("scancel", "--user=root") }
        for name in ["n1", "n2", "slurmctld", "munged"] { end(name, signal: SIGTERM) }
        _ = try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Starts a daemon. `Process` cannot: it takes a child that closes its descriptors for one that has ended, and blocks on it.
    private func start(_ name: String, program: String? = nil, _ arguments: [String]) throws {
        let program = Self.find(program ?? name) ?? name
        let log = path("log/\(name).out")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of the test run block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (words, settings) = (
            ([program] + arguments).map { strdup($0) }, variables.map { strdup("\($0)=\($1)") }
        )
        defer { for word in words + settings { free(word) } }
        var number: pid_t = 0
        let failure = posix_spawn(&number, program, &actions, &attributes, words + [nil], settings + [nil])
        guard failure == 0 else {
            throw Unavailable(reason: "\(program): \(String(cString: strerror(failure)))")
        }
        daemons[name] = number
    }

    private func end(_ name: String, signal: Int32) {
        guard let number = daemons.removeValue(forKey: name) else { return }
        Foundation.kill(number, signal)
        var status: Int32 = 0
        for _ in 0..<100 {
            if waitpid(number, &status, WNOHANG) != 0 { return }
            usleep(50_000)
        }
        // One that does not want to end must not hold up the tests.
        Foundation.kill(number, SIGKILL)
        waitpid(number, &status, 0)
    }

    private func wait(for what: String, _ condition: () throws -> Bool) throws {
        for _ in 0..<300 {
            if try condition() { return }
            usleep(100_000)
        }
        throw Unavailable(reason: "\(what) is not ready after 30 s")
    }

    private func makeFolder() throws {
        let files = FileManager.default
        for (name, mode) in [("", 0o755), ("run", 0o755), ("log", 0o755), ("state", 0o755), ("key", 0o700)] {
            let place = name.isEmpty ? folder.path : path(name)
            try files.createDirectory(
                atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: place)
        }
        let key = (0..<128).map { _ in UInt8.random(in: .min ... .max) }
        try Data(key).write(to: URL(fileURLWithPath: path("key/key")))
        try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path("key/key"))
        let host =
            ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
        let ports = try Self.freePorts(3)
        let configuration = """
            ClusterName=kasane
            SlurmctldHost=\(host)(127.0.0.1)
            SlurmctldPort=\(ports[0])
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket=\(path("run/socket"))
            StateSaveLocation=\(path("state"))
            SlurmdSpoolDir=\(path("spool"))%n
            SlurmctldPidFile=\(path("run/slurmctld.pid"))
            SlurmdPidFile=\(path("run/slurmd"))%n.pid
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerType=sched/backfill
            SchedulerParameters=sched_interval=1,bf_interval=1
            MpiDefault=none
            ReturnToService=0
            AccountingStorageType=accounting_storage/none
            JobAcctGatherType=jobacct_gather/none
            NodeName=n1 NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(ports[1]) CPUs=1 RealMemory=100
            NodeName=n2 NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(ports[2]) CPUs=1 RealMemory=100
            PartitionName=test Nodes=n1,n2 Default=YES MaxTime=60 State=UP OverSubscribe=NO

            """
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: path("slurm.conf")))
    }

    /// Ports that nobody listens on; all are held open until the last is found.
    private static func freePorts(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return try (0..<count).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let failed = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, size) != 0 || getsockname(descriptor, $0, &size) != 0
                }
            }
            guard !failed else { throw Unavailable(reason: "no free port on 127.0.0.1") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    private static func find(_ command: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        // A user's PATH may lack the folders of the daemons.
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        return folders.map { $0 + "/" + command }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
