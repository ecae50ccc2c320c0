/// A material by mass fractions and density.
public struct Material: Hashable, Sendable {
    /// One element's share of the mass.
    public struct Component: Hashable, Sendable {
        public let element: Element
        public let massFraction: Double
    }

    /// What people call it.
    public let name: String
    /// Density, g/cm³.
    public let densityGPerCM3: Double
    /// Elements, ordered by atomic number; mass fractions add up to 1.
    public let components: [Component]
    /// A measured or tabulated mean excitation energy, eV; nil for that of Bragg additivity.
    public let statedExcitationEnergyEV: Double?

    /// A material from mass fractions by atomic number.
    ///
    /// Fractions that add up to 1 within 0.005 (published compositions are rounded) are normalised.
    ///
    /// - Throws: `unknownElement`, `invalidMaterial`, `massFractionsDoNotAddUp`.
    public init(
        name: String, densityGPerCM3: Double, massFractions: [Int: Double]
    ) throws(IonPhysicsError) {
        guard densityGPerCM3.isFinite, densityGPerCM3 > 0 else {
            throw .invalidMaterial(name, value: densityGPerCM3)
        }
        var components: [Component] = []
        var sum = 0.0
        for z in massFractions.keys.sorted() {
            let fraction = massFractions[z, default: 0]
            guard fraction.isFinite, fraction >= 0 else {
                throw .invalidMaterial(name, value: fraction)
            }
            if fraction == 0 { continue }
            components.append(
                Component(element: try Element.with(atomicNumber: z), massFraction: fraction))
            sum += fraction
        }
        guard abs(sum - 1) <= 0.005 else {
            throw .massFractionsDoNotAddUp(material: name, sum: sum)
        }
        self.init(
            name: name, densityGPerCM3: densityGPerCM3,
            components: components.map {
                Component(element: $0.element, massFraction: $0.massFraction / sum)
            })
    }

    private init(
        name: String, densityGPerCM3: Double, components: [Component], statedExcitationEnergyEV: Double? = nil
    ) {
        self.name = name
        self.densityGPerCM3 = densityGPerCM3
        self.components = components
        self.statedExcitationEnergyEV = statedExcitationEnergyEV
    }

    /// The same material with a mean excitation energy of its own in place of that of Bragg additivity.
    ///
    /// Its stopping power is then taken relative to water of `StoppingPower.waterMeanExcitationEnergyEV`, not to the additive
    /// value of water: a stated energy is an absolute one.
    ///
    /// - Throws: `invalidMaterial` for an energy that is not positive and finite.
    public func withMeanExcitationEnergy(eV: Double) throws(IonPhysicsError) -> Material {
        guard eV.isFinite, eV > 0 else { throw .invalidMaterial(name, value: eV) }
        return Material(
            name: name, densityGPerCM3: densityGPerCM3, components: components, statedExcitationEnergyEV: eV)
    }

    /// The same composition at another density.
    public func withDensity(gPerCM3 density: Double) throws(IonPhysicsError) -> Material {
        guard density.isFinite, density > 0 else { throw .invalidMaterial(name, value: density) }
        return Material(
            name: name, densityGPerCM3: density, components: components,
            statedExcitationEnergyEV: statedExcitationEnergyEV)
    }

    private static func fixed(
        _ name: String, _ density: Double, _ fractions: [(symbol: String, fraction: Double)]
    ) -> Material {
        let sum = fractions.reduce(0) { $0 + $1.fraction }
        return Material(
            name: name, densityGPerCM3: density,
            components: fractions.compactMap { part in
                Element.with(symbol: part.symbol).map {
                    Component(element: $0, massFraction: part.fraction / sum)
                }
            })
    }

    /// Water of unit density: the reference of all ratios.
    public static let water = fixed("water", 1.0, [("H", 0.111894), ("O", 0.888106)])
    /// Dry air near sea level (20 °C, 101.325 kPa).
    public static let air = fixed(
        "air", 1.20479e-3, [("C", 0.000124), ("N", 0.755267), ("O", 0.231781), ("Ar", 0.012827)])
    /// Polymethyl methacrylate: PMMA, Lucite, Perspex.
    public static let pmma = fixed("pmma", 1.19, [("H", 0.080538), ("C", 0.599848), ("O", 0.319614)])
    /// Polyethylene.
    public static let polyethylene = fixed("polyethylene", 0.94, [("H", 0.143711), ("C", 0.856289)])
    /// ABS plastic, C15H17N.
    public static let absPlastic = fixed("abs", 1.04, [("H", 0.081), ("C", 0.8528), ("N", 0.0662)])
    /// Kapton polyimide film.
    public static let kapton = fixed(
        "kapton", 1.42, [("H", 0.026362), ("C", 0.691133), ("N", 0.073270), ("O", 0.209235)])
    /// Mylar film.
    public static let mylar = fixed("mylar", 1.40, [("H", 0.041959), ("C", 0.625017), ("O", 0.333025)])
    /// Compact bone (ICRU).
    public static let compactBone = fixed(
        "bone-compact", 1.85,
        [
            ("H", 0.063984), ("C", 0.278), ("N", 0.027), ("O", 0.410016), ("Mg", 0.002), ("P", 0.07),
            ("S", 0.002), ("Ca", 0.147),
        ])
    /// Cortical bone (ICRP).
    public static let corticalBone = fixed(
        "bone-cortical", 1.85,
        [
            ("H", 0.047234), ("C", 0.14433), ("N", 0.04199), ("O", 0.446096), ("Mg", 0.0022),
            ("P", 0.10497), ("S", 0.00315), ("Ca", 0.20993), ("Zn", 0.0001),
        ])
    /// Skeletal muscle (ICRP).
    public static let muscle = fixed(
        "muscle", 1.04,
        [
            ("H", 0.100637), ("C", 0.10783), ("N", 0.02768), ("O", 0.754773), ("Na", 0.00075),
            ("Mg", 0.00019), ("P", 0.0018), ("S", 0.00241), ("Cl", 0.00079), ("K", 0.00302),
            ("Ca", 0.00003), ("Fe", 0.00004), ("Zn", 0.00005),
        ])
    /// Adipose tissue (ICRP).
    public static let adipose = fixed(
        "adipose", 0.92,
        [
            ("H", 0.119477), ("C", 0.63724), ("N", 0.00797), ("O", 0.232333), ("Na", 0.0005),
            ("Mg", 0.00002), ("P", 0.00016), ("S", 0.00073), ("Cl", 0.00119), ("K", 0.00032),
            ("Ca", 0.00002), ("Fe", 0.00002), ("Zn", 0.00002),
        ])
    /// Lung, inflated (ICRU Report 44).
    public static let lung = fixed(
        "lung", 0.26,
        [
            ("H", 0.103), ("C", 0.105), ("N", 0.031), ("O", 0.749), ("Na", 0.002), ("P", 0.002),
            ("S", 0.003), ("Cl", 0.003), ("K", 0.002),
        ])
    /// Graphite at reactor density.
    public static let graphite = fixed("graphite", 1.70, [("C", 1)])
    /// Beryllium.
    public static let beryllium = fixed("beryllium", 1.848, [("Be", 1)])
    /// Aluminium.
    public static let aluminium = fixed("aluminium", 2.699, [("Al", 1)])
    /// Titanium.
    public static let titanium = fixed("titanium", 4.54, [("Ti", 1)])
    /// Iron.
    public static let iron = fixed("iron", 7.874, [("Fe", 1)])
    /// Copper.
    public static let copper = fixed("copper", 8.96, [("Cu", 1)])
    /// Tantalum.
    public static let tantalum = fixed("tantalum", 16.65, [("Ta", 1)])
    /// Tungsten.
    public static let tungsten = fixed("tungsten", 19.3, [("W", 1)])
    /// Lead.
    public static let lead = fixed("lead", 11.35, [("Pb", 1)])

    /// Silicon.
    public static let silicon = fixed("silicon", 2.33, [("Si", 1)])
    /// Nickel.
    public static let nickel = fixed("nickel", 8.902, [("Ni", 1)])
    /// Gold.
    public static let gold = fixed("gold", 19.32, [("Au", 1)])
    /// Brass: 62 Cu, 35 Zn and 3 Pb atoms in 100.
    public static let brass = fixed("brass", 8.52, [("Cu", 0.5752), ("Zn", 0.3341), ("Pb", 0.0907)])
    /// Stainless steel 18/8: 74 Fe, 18 Cr and 8 Ni atoms in 100.
    public static let stainlessSteel = fixed(
        "stainless-steel", 8.0, [("Cr", 0.169), ("Fe", 0.7462), ("Ni", 0.0848)])
    /// Titanium alloy of implants, Ti-6Al-4V.
    public static let titaniumAlloy = fixed("ti-6al-4v", 4.43, [("Al", 0.06), ("Ti", 0.90), ("V", 0.04)])
    /// Helium at 20 °C, 101.325 kPa.
    public static let helium = fixed("helium", 1.66322e-4, [("He", 1)])
    /// Nitrogen at 20 °C, 101.325 kPa.
    public static let nitrogen = fixed("nitrogen", 1.1652e-3, [("N", 1)])
    /// Argon at 20 °C, 101.325 kPa.
    public static let argon = fixed("argon", 1.66201e-3, [("Ar", 1)])
    /// Carbon dioxide at 20 °C, 101.325 kPa.
    public static let carbonDioxide = fixed(
        "carbon-dioxide", 1.84212e-3, [("C", 0.272916), ("O", 0.727084)])
    /// Polystyrene.
    public static let polystyrene = fixed("polystyrene", 1.06, [("H", 0.077418), ("C", 0.922582)])
    /// Polycarbonate: Makrolon, Lexan.
    public static let polycarbonate = fixed(
        "polycarbonate", 1.20, [("H", 0.055491), ("C", 0.755751), ("O", 0.188758)])
    /// Polyoxymethylene: POM, Delrin.
    public static let polyoxymethylene = fixed(
        "polyoxymethylene", 1.425, [("H", 0.067135), ("C", 0.400017), ("O", 0.532848)])
    /// Polytetrafluoroethylene: PTFE, Teflon.
    public static let teflon = fixed("teflon", 2.20, [("C", 0.240183), ("F", 0.759817)])
    /// Ordinary concrete.
    public static let concrete = fixed(
        "concrete", 2.30,
        [
            ("H", 0.01), ("C", 0.001), ("O", 0.529107), ("Na", 0.016), ("Mg", 0.002), ("Al", 0.033872),
            ("Si", 0.337021), ("K", 0.013), ("Ca", 0.044), ("Fe", 0.014),
        ])

    /// Materials that can be asked for by name.
    ///
    /// ## Source
    /// Compositions and densities: ICRU Report 37 and the NIST material table (PSTAR); brass and stainless steel as in
    /// Geant4's material table; Ti-6Al-4V: ASTM F136.
    public static let named: [Material] = [
        water, air, pmma, polyethylene, absPlastic, kapton, mylar, polystyrene, polycarbonate,
        polyoxymethylene, teflon, muscle, adipose, lung, compactBone, corticalBone, concrete, graphite,
        beryllium, aluminium, silicon, titanium, titaniumAlloy, iron, stainlessSteel, nickel, copper, brass,
        tantalum, tungsten, gold, lead, helium, nitrogen, argon, carbonDioxide,
    ]

    /// Other names of `named`, in lower case.
    private static let aliases = [
        "lucite": "pmma", "perspex": "pmma", "acrylic": "pmma", "plexiglass": "pmma", "aluminum": "aluminium",
        "steel": "stainless-steel", "lexan": "polycarbonate", "makrolon": "polycarbonate",
        "delrin": "polyoxymethylene", "pom": "polyoxymethylene", "ptfe": "teflon", "polyimide": "kapton",
    ]

    /// The material of this name or alias (case is ignored): `lucite`, `perspex`, `acrylic` and `plexiglass` are PMMA.
    public static func named(_ name: String) throws(IonPhysicsError) -> Material {
        let lower = name.lowercased()
        let asked = aliases[lower] ?? lower
        guard let material = named.first(where: { $0.name == asked }) else {
            throw .unknownMaterial(name)
        }
        return material
    }
}
