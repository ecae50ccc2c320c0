import AcceleratorModel
import BeamOptics
import FacilityModel
import Foundation

extension MachineDescription {
    /// Optics of the lattice that the machine's ring names, from its lattice file; nil if it names none.
    ///
    /// - Parameter store: The data folder with the lattices.
    /// - Throws: `InvalidFile` if the file is not there, is broken, is no ring, or has no transition; errors of the optics.
    public func ringOptics(store: DataStore) throws -> RingOptics? {
        guard let name = synchrotron.ring?.lattice else { return nil }
        let path = store.latticePath(name)
        guard FileManager.default.fileExists(atPath: path) else {
            throw InvalidFile(
                file: path,
                "there is no such lattice, which the machine \(machine.name) names; correct synchrotron.lattice or add it"
            )
        }
        let file = try LatticeFile.read(path: path)
        guard file.shape == .ring else {
            throw InvalidFile(file: path, "a machine's lattice is a ring, this is a line; name another")
        }
        let optics = try LinearOptics.ring(BeamLineMap(file.lattice))
        guard let transition = optics.transitionGamma else {
            throw InvalidFile(
                file: path, "the momentum compaction is not positive, so there is no transition; correct it")
        }
        return RingOptics(
            lattice: name, lengthM: file.lattice.lengthM, tunes: optics.tunes, transitionGamma: transition)
    }
}
