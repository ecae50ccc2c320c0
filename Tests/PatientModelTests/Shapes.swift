import Frames
import PatientModel
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Shapes with known volumes, drawn as contours.
enum Shapes {
    static func grid(
        _ dimensions: SIMD3<Int>, spacing: SIMD3<Double>, origin: SIMD3<Double> = .zero
    ) -> VolumeGeometry {
        VolumeGeometry(
            dimensions: dimensions, origin: Point3(origin), spacingMM: spacing,
            frameOfReferenceUID: "1.2.3")
    }

    static func structure(_ name: String, _ contours: [Contour], number: Int = 1) -> Structure {
        Structure(
            number: number, name: name, interpretedType: "", colour: SIMD3(255, 0, 0),
            contours: contours)
    }

    static func circle(
        centre: SIMD2<Double>, radius: Double, zMM: Double, corners: Int = 200
    ) -> Contour {
        Contour(
            zMM: zMM,
            points: (0..<corners).map { i in
                let angle = 2 * Double.pi * Double(i) / Double(corners)
                return centre + radius * SIMD2(cos(angle), sin(angle))
            })
    }

    static func rectangle(
        _ lower: SIMD2<Double>, _ upper: SIMD2<Double>, zMM: Double
    ) -> Contour {
        Contour(
            zMM: zMM,
            points: [
                lower, SIMD2(upper.x, lower.y), upper, SIMD2(lower.x, upper.y),
            ])
    }

    /// A sphere cut by planes at `phase + k · spacing`.
    static func sphere(
        centre: SIMD3<Double>, radius: Double, planeSpacing: Double, phase: Double,
        corners: Int = 200
    ) -> Structure {
        var contours: [Contour] = []
        var z = centre.z - radius - planeSpacing + phase
        while z < centre.z + radius {
            let rest = radius * radius - (z - centre.z) * (z - centre.z)
            if rest > 0 {
                contours.append(
                    circle(
                        centre: SIMD2(centre.x, centre.y), radius: rest.squareRoot(), zMM: z,
                        corners: corners))
            }
            z += planeSpacing
        }
        return structure("Sphere", contours)
    }
}
