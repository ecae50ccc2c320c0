/// A small machine file of version 1.
enum OldMachineText {
    static let text = """
        format: kasane-machine
        version: 1
        name: small
        facility: A small centre
        summary: One port.
        ion: 12C
        sources:
          own: Commissioning
        synchrotron:
          circumference: {value: 63, unit: m, source: own, confidence: high}
          cycle-period: {value: 2.0, unit: s, source: own, confidence: high}
          ions-per-fill: {value: 1.0e10, unit: ions, source: own, confidence: high}
          extraction-rate: {value: [1.0e7, 1.0e9], unit: ions/s, source: own, confidence: high}
          energy-change-time: {value: 0.25, unit: s, source: own, confidence: high}
          beam-off-time: {value: 0.0005, unit: s, source: own, confidence: high}
        energies:
          list: {value: [400, 300.5, 200], unit: MeV/u, source: own, confidence: high}
        nozzles:
          n:
            virtual-source-distance: {value: [8500, 8000], unit: mm, source: own, confidence: high}
            spot-size:
              columns: [energy MeV/u, sigma-x mm, sigma-y mm, divergence-x mrad, divergence-y mrad, correlation-x, correlation-y]
              rows:
                - [200, 3.3, 3.3, 1.6, 1.6, 0, 0]
                - [400, 2.2, 2.2, 0.9, 0.9, 0, 0]
              source: own
              confidence: high
            energy-spread: {value: 0.001, source: own, confidence: high}
            ridge-filter-sigma: {value: 1.0, unit: mm, source: own, confidence: high}
            water-equivalent-thickness: {value: 2.5, unit: mm, source: own, confidence: high}
            field-half-width: {value: [100, 100], unit: mm, source: own, confidence: high}
            scan-speed: {value: [100000, 50000], unit: mm/s, source: own, confidence: high}
            particles-per-spot: {value: [3.0e3, 1.0e9], unit: ions, source: own, confidence: high}
        ports:
          - id: fixed
            room: "1"
            nozzle: n
            gantry-angle: {value: 90, unit: deg, source: own, confidence: high}
            couch-angle: {value: [-180, 180], unit: deg, source: own, confidence: high}
        """
}
