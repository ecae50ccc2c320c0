/// All values, or nil if one is missing.
func all<Value>(_ values: [Value?]) -> [Value]? {
    let found = values.compactMap { $0 }
    return found.count == values.count ? found : nil
}
