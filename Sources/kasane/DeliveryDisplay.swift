import Foundation
import TreatmentDelivery

/// Shows a delivery on the terminal: the field's bar with layer, beam and gate.
final class DeliveryDisplay {
    private let terminal = TerminalProgress()
    private var field: Int?

    func show(_ progress: FractionDelivery.Progress) {
        if field != progress.field {
            end()
            field = progress.field
            terminal.begin("field \(progress.field)  \(progress.name)")
        }
        let filled = Int(progress.layerShare * 10)
        let map = String(repeating: "■", count: filled) + String(repeating: "□", count: 10 - filled)
        var words = [
            String(
                format: "layer %d/%d %.1f MeV/u %@", progress.layer, progress.layers,
                progress.energyMeVPerNucleon, map),
            progress.isBeamOn ? String(format: "beam %.0e/s", progress.rateIonsPerS) : "beam off",
        ]
        if let open = progress.isGateOpen { words.append(open ? "gate open" : "gate closed") }
        words.append(String(format: "%.1f s %@", progress.timeS, progress.state))
        terminal.update(fraction: progress.share, detail: words.joined(separator: ", "))
    }

    func end() { if field != nil { terminal.end() } }
}
