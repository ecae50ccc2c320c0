import PlanModel
import Testing

@Suite struct DoseVolumeMetricTextTests {
    @Test(arguments: [
        ("D95", DoseVolumeMetric.doseAtVolume(0.95), "D95%"),
        ("D95%", .doseAtVolume(0.95), "D95%"),
        ("d0.1cc", .doseAtAbsoluteVolume(cm3: 0.1), "D0.1cc"),
        ("V20Gy", .volumeAtDose(20), "V20Gy"),
        ("V57.76Gy", .volumeAtDose(57.76), "V57.76Gy"),
        ("Dmean", .meanDose, "Dmean"), ("Dmax", .maximumDose, "Dmax"),
        ("Dmin", .minimumDose, "Dmin"), ("HI", .homogeneityIndex, "HI"),
        ("CI", .conformityIndex, "CI"), ("LETd", .meanLETd, "LETd"),
    ])
    func metricsReadAndPrint(text: String, metric: DoseVolumeMetric, printed: String) {
        #expect(DoseVolumeMetric(parsing: text) == metric)
        #expect(metric.description == printed)
        #expect(DoseVolumeMetric(parsing: printed) == metric)
    }

    @Test(arguments: ["", "D", "D0", "D101", "D-5", "V20", "VGy", "D5kg", "D1e3cc", "mean", "D0cc"])
    func otherTextIsRefused(text: String) {
        #expect(DoseVolumeMetric(parsing: text) == nil)
    }
}
