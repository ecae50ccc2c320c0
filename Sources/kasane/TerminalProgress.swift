import Foundation

/// Progress of long work on standard error: a bar with remaining time on a terminal; when the output is piped, plain
/// lines without a bar (at most one in ten seconds, and one at the end of each stage).
final class TerminalProgress: @unchecked Sendable {
    private let lock = NSLock()
    private let isTerminal: Bool
    private let width: Int
    private var title = ""
    private var started = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private var stageOpen = false

    init() {
        isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
        var size = winsize()
        let known = ioctl(FileHandle.standardError.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0
        width = known && size.ws_col > 20 ? Int(size.ws_col) : 100
    }

    /// Begins a stage; its time counts from now.
    func begin(_ title: String) {
        lock.withLock {
            self.title = title
            started = .now
            lastDrawn = nil
            stageOpen = true
        }
        update(fraction: 0, detail: "")
    }

    /// Shows how far the stage is, 0...1, with words of its own such as a rate; `fraction` nil if not known.
    func update(fraction: Double?, detail: String) {
        lock.withLock {
            guard stageOpen else { return }
            let now = ContinuousClock.now
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
            if let last = lastDrawn, now - last < pause { return }
            if !isTerminal && lastDrawn == nil {
                lastDrawn = now
                return
            }
            lastDrawn = now
            draw(line(fraction: fraction, detail: detail, elapsed: now - started))
        }
    }

    /// Ends the stage with a last line.
    func end(_ detail: String = "") {
        lock.withLock {
            guard stageOpen else { return }
            stageOpen = false
            let elapsed = Self.seconds(ContinuousClock.now - started)
            let words = detail.isEmpty ? "" : "  \(detail)"
            if isTerminal { write("\r\u{1B}[K") }
            write("\(Self.pad(title, 24))\(Self.time(elapsed))\(words)\n")
        }
    }

    private func line(fraction: Double?, detail: String, elapsed: Duration) -> String {
        let seconds = Self.seconds(elapsed)
        var words: [String] = []
        var bar = ""
        if let fraction {
            let share = min(max(fraction, 0), 1)
            let filled = Int(share * 20)
            bar = "[" + String(repeating: "=", count: filled)
            bar += String(repeating: " ", count: 20 - filled) + "] "
            words.append("\(Int(share * 100)) %")
            if share > 0.02 { words.append("about \(Self.time(seconds * (1 - share) / share)) to go") }
        } else {
            words.append(Self.time(seconds))
        }
        if !detail.isEmpty { words.append(detail) }
        return Self.pad(title, 24) + (isTerminal ? bar : "... ") + words.joined(separator: ", ")
    }

    private func draw(_ text: String) {
        write(isTerminal ? "\r\u{1B}[K" + text.prefix(width - 1) : text + "\n")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func pad(_ text: String, _ count: Int) -> String {
        text.count >= count ? text + " " : text + String(repeating: " ", count: count - text.count)
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 60
            ? String(format: "%.1f s", seconds)
            : String(format: "%d min %02d s", Int(seconds) / 60, Int(seconds) % 60)
    }
}
