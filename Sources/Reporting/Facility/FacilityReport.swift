import FacilityModel

/// Everything a page about a facility shows: the machine file, and what models make of it.
public struct FacilityReport: Sendable {
    /// A table of words and numbers.
    public struct Grid: Sendable {
        public var title: String
        /// Names with their units; empty units for words.
        public var columns: [(name: String, unit: String)]
        public var rows: [[String]]
        /// Columns of words, set flush left.
        public var textColumns: Set<Int>

        /// - Parameters:
        ///   - title: Caption.
        ///   - columns: Names with their units.
        ///   - rows: As many cells as columns.
        ///   - textColumns: Columns of words.
        public init(
            title: String, columns: [(name: String, unit: String)], rows: [[String]],
            textColumns: Set<Int> = [0]
        ) {
            self.title = title
            self.columns = columns
            self.rows = rows
            self.textColumns = textColumns
        }
    }

    /// A part of the page: what one model tells.
    public struct Section: Sendable {
        public var title: String
        /// Paragraphs below the title.
        public var text: [String]
        /// Pictures with their captions.
        public var pictures: [(picture: Picture, caption: String)]
        public var grids: [Grid]

        /// - Parameters:
        ///   - title: Heading.
        ///   - text: Paragraphs.
        ///   - pictures: Pictures with their captions.
        ///   - grids: Tables.
        public init(
            title: String, text: [String] = [], pictures: [(picture: Picture, caption: String)] = [],
            grids: [Grid] = []
        ) {
            self.title = title
            self.text = text
            self.pictures = pictures
            self.grids = grids
        }
    }

    public var machine: MachineDescription
    public var rooms: RoomPlan
    /// What follows from the figures of the file.
    public var derived: Grid
    /// Simulations, in the order of the beam.
    public var sections: [Section]
    /// Name and version of the program.
    public var program: String
    /// As it is to be printed.
    public var date: String
    public var paper: ReportAppearance.Paper

    /// - Parameters:
    ///   - machine: The machine file.
    ///   - rooms: Its plan view.
    ///   - derived: What follows from its figures.
    ///   - sections: Simulations.
    ///   - program: Name and version of the program.
    ///   - date: As it is to be printed.
    ///   - paper: Of the PDF.
    public init(
        machine: MachineDescription, rooms: RoomPlan, derived: Grid, sections: [Section],
        program: String, date: String, paper: ReportAppearance.Paper = .a4
    ) {
        self.machine = machine
        self.rooms = rooms
        self.derived = derived
        self.sections = sections
        self.program = program
        self.date = date
        self.paper = paper
    }

    /// All pictures, in the order of the page.
    public var pictures: [Picture] { [rooms.picture()] + sections.flatMap { $0.pictures.map(\.picture) } }
}
