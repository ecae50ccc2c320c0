extension TransportFile {
    /// A file to start from; the same as `Examples/transport/water-tank.yaml`.
    ///
    /// ## Checked by
    /// `TransportFileTests`.
    public static let example = """
        # Carbon ions of 290 MeV/u in a water tank: depth dose with LET and the alpha of the modified MKM, profiles,
        # fragment yields and their spectra.   kasane transport run water-tank.yaml --to result
        format: kasane-transport
        version: 1
        label: 12C 290 MeV/u in water

        beam:
          ion: 12C                      # p, d, t, 3He, 4He, 7Li, 12C, 16O, 20Ne ...
          energy: 290                   # MeV/u
          spread: 0.1 %                 # standard deviation over the mean; default 0
          shape: {gaussian: {sigma: 3, divergence: 2}}      # mm, mrad, at the position
          position: [0, 0, -100]        # mm
          direction: [0, 0, 1]

        phantom:
          world: {from: [-150, -150, 0], to: [150, 150, 250], material: water}

        scores:                         # depths along the beam from where it enters the phantom, mm
          - depth-dose:
              to: 250
              step: 0.5
              core-radius: 5
              averages:
                - let-d: all
                - let-t: all
                - let-d: primaries
                - let-d: no-target-fragments
                - alpha: {model: mkm-hsg, rule: all}
          - lateral: {depths: [10, 80, 150], thickness: 4, half-width: 60, bin: 1}
          - radial: {depths: [10, 80, 150], thickness: 4, radius: 100, ring: 1}
          - planes: {depths: {from: 25, to: 225, step: 25}, angles: [1, 2, 5, 10, 20, 90], energy-step: 4, energy-to: 600}

        run:
          histories: 20000
          seed: 1

        """
}
