import BeamOptics
import Quantities
import Reporting
import SlowExtraction
import Testing

@Suite struct FillPicturesTests {
    @Test func aFillShowsRateRequestAndEnergy() throws {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 300)
        let frequency = reference.revolutionFrequencyHz(circumferenceM: 63)
        let layers = [400.0, 380].enumerated().map { index, energy in
            let start = 0.3 * Double(index)
            let spill = Spill(
                binS: 1e-4, ions: .init(repeating: 1e5, count: 100),
                requested: .init(repeating: 1e5, count: 100),
                amplitudeRad: .init(repeating: 1e-6, count: 100), particles: [], ionsPerParticle: 1e4,
                remaining: 0, revolutionFrequencyHz: frequency)
            return FilledLayer(
                request: LayerRequest(energy: EnergyPerNucleon(energy), ions: 1e7, rateIonsPerS: 1e9),
                stepStartS: max(0, start - 0.2), startS: start, endS: start + 0.01, ringIons: 1e9,
                leakedIons: 0, capturedLossIons: 0, spill: spill, beamOffS: 0.01, newFill: nil)
        }
        let figures = try #require(layers[0].statistics)
        #expect(abs(figures.meanOverRequest - 1) < 1e-9 && (figures.worstWindow ?? 1) < 1e-9)
        let text = FillPictures.rateAndEnergy(layers, name: "fill").fileContents
        for word in ["Energy (MeV/u)", "requested", "Time on the flat top (s)"] {
            #expect(text.contains(word), "\(word)")
        }
    }
}
