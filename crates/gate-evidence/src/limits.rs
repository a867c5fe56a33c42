/// How much of a hostile or broken report is read before it is refused.
///
/// The defaults let a report of a gigabyte through and keep time and memory bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Whole input, in bytes.
    pub bytes: u64,
    /// One line of a line-based report, or one tag, comment or text of an XML report, in bytes.
    pub line_bytes: usize,
    /// Records read (lines, branches, functions, statements), and source lines that block records spread over.
    pub records: u64,
    /// Names that are joined from parts (package and file, class and method), in bytes altogether:
    /// without it a long part repeated by many short elements would fill the memory.
    pub name_bytes: u64,
    /// Nested XML elements.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 4 << 30,
            line_bytes: 1 << 20,
            records: 50_000_000,
            name_bytes: 1 << 30,
            depth: 128,
        }
    }
}
